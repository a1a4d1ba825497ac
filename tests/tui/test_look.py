"""Looking at images side by side, by keys alone; what is said of patches is what the file says."""

import re
from pathlib import Path

import pytest
from PIL import Image
from textual.widgets import Static

from workbench.records import ImageScore, Thresholds
from workbench.store import Store, connection
from workbench.tui.looking import CONDITIONS, MODELS, ONE, SEEDS, Look, patch_lines, place, reused
from workbench.tui.pictures import Drawn, cut_patch, outline, patch_box
from workbench.tui.reader import CellKey
from workbench.tui.screens.look import LookScreen
from workbench.tui.widgets.detail_pane import DetailPane

from .conftest import ROWS, Run, Tui

KEY = CellKey(qid="Q1", model_id="a", settings_id="x", perturbation="title")


def image(model: str = "a", condition: str = "title", seed: int = 0, p: tuple[float, ...] | None = None) -> ImageScore:
    return ImageScore(
        image_id=f"{model}{condition}{seed}",
        model_id=model,
        settings_id="x",
        perturbation=condition,
        prompt="p",
        variant=1,
        seed=seed,
        status="ok",
        error=None,
        path="p.png",
        s=0.5,
        recognised=False,
        vr=0.5,
        best_sha256=None,
        p=p,
        patch_sha256=None,
        best_patch=None,
        entropy=None,
    )


ALL = [image(m, c, s) for m in "ab" for c in ("title", "synonym") for s in range(3)]


def test_what_belongs_beside_what() -> None:
    look = Look(images=ALL, key=KEY).step(1)
    assert [i.image_id for i in look.shown] == ["atitle1"]
    assert [i.seed for i in look.turned(SEEDS).shown] == [0, 1, 2]
    assert [i.image_id for i in look.turned(MODELS).shown] == ["atitle1", "btitle1"]
    assert [i.image_id for i in look.turned(CONDITIONS).shown] == ["atitle1", "asynonym1"]
    assert look.turned(SEEDS).turned(SEEDS).mode == ONE
    assert look.step(9).index == 2 and look.step(-9).index == 0
    assert look.at(1, 2).current == ALL[2] and look.at(7, 7) == look
    assert Look(images=[], key=KEY).current is None and Look(images=[], key=KEY).turned(SEEDS).shown == []


def test_patches_as_text() -> None:
    scored = image(p=tuple(k / 16 for k in range(16)))
    assert reused(scored, Thresholds(tau_reuse=0.875)) == [14, 15]
    lines = patch_lines(scored, Thresholds(tau_reuse=0.875), 14)
    assert len(lines) == 4 and lines[3].endswith("▶[.88] [.94]") and "[" not in lines[0]
    assert patch_lines(image(), Thresholds(), 0) == ["no patch scores"]
    assert (place(0), place(14)) == ("row 1, column 1", "row 4, column 3")


def test_patches_lie_where_the_scores_cut_them() -> None:
    from generate.metrics.patches import grid_crops

    picture = Image.effect_noise((67, 50), 60).convert("RGB")
    drawn = Drawn(path=Path("x"), image=picture)
    for k, crop in enumerate(grid_crops(picture)):
        assert cut_patch(drawn, k).image.tobytes() == crop.tobytes()  # type: ignore[union-attr]
    framed = outline(drawn, [5], 0).image
    assert framed is not None and framed.size == (335, 250)
    left, top, right, bottom = patch_box(335, 250, 5)
    middle = ((left + right) // 2, (top + bottom) // 2)
    plain = picture.resize((335, 250), Image.Resampling.BICUBIC)
    assert framed.getpixel(middle) == plain.getpixel(middle)
    assert framed.getpixel((left + 3, middle[1])) == (240, 198, 116)
    both = outline(drawn, [5], 5).image
    assert both is not None
    across = [both.getpixel((x, middle[1])) for x in range(left, middle[0])]
    assert across.index((240, 198, 116)) < across.index((255, 255, 255)), "reused, and under the cursor"


@pytest.fixture
def matched(study: Store) -> Store:
    """The study, with a best match of every patch."""
    with connection.writing(study.path, 5) as con:
        con.execute(
            "UPDATE patches SET best_patch = list_transform(range(16), lambda k: ((k + 5) % 16)::UTINYINT),"
            " best_sha256 = (SELECT list_transform(range(16), lambda k: r.sha256) FROM images AS i"
            " JOIN prompts AS p USING (prompt_id) JOIN ref_images AS r USING (qid) WHERE i.image_id = patches.image_id)"
        )
    return study


async def looking(t: Tui) -> LookScreen:
    await t.rows(ROWS)
    await t.press("enter")
    screen = t.app.screen
    assert isinstance(screen, LookScreen)
    await t.until(lambda: screen.look.current is not None and "seed" in t.text())
    return screen


@pytest.mark.parametrize("condition", ["title", "synonym"])
async def test_the_prompt_is_that_of_the_condition(tui: Run, matched: Store, condition: str) -> None:
    async with tui(size=(160, 42), image_mode="none") as t:
        await t.rows(ROWS)
        pane = t.study.query_one(DetailPane)
        for _ in range(ROWS):
            await t.until(lambda: pane.detail is not None and "“" in t.text())
            if pane.detail.score.perturbation == condition:  # type: ignore[union-attr]
                break
            pane.detail = None
            await t.press("down")
        await t.press("enter")
        await t.until(lambda: isinstance(t.app.screen, LookScreen) and "“" in t.text())
        ((prompt, more),) = re.findall(r"“(.*)”(.*)", str(t.app.screen.query_one("#facts", Static).content))
        assert (condition == "synonym") == ("(synonym)" in prompt)
        assert more == ""


async def test_every_arrangement_by_keys(tui: Run, matched: Store) -> None:
    async with tui(size=(120, 40), image_mode="halfcell") as t:
        screen = await looking(t)
        await t.until(lambda: "▀" * 10 in t.text())
        seed = screen.look.current.seed  # type: ignore[union-attr]
        await t.press("n")
        assert screen.look.current.seed != seed  # type: ignore[union-attr]
        await t.press("g")
        assert "every seed · " in t.text()
        await t.press("m")
        assert "2 models · " in t.text() and "sdxl" in t.text()
        await t.press("c")
        assert "2 conditions · " in t.text()
        captions = [str(c.content) for c in t.app.screen.query("Gallery .caption") if c.content]
        assert [re.sub(r"▶ | [✓✗].*", "", c) for c in captions][:2] == ["title", "synonym"]
        assert "synonym “" in t.text()
        await t.press("c", "p")
        assert screen.look.mode == ONE
        await t.press("escape")
        assert t.app.screen is t.study


async def test_patches_by_keys(tui: Run, matched: Store) -> None:
    async with tui(size=(120, 40), image_mode="halfcell") as t:
        screen = await looking(t)
        await t.press("o")
        found = screen.look.current
        assert found is not None and found.p is not None
        n = sum(p >= 0.6 for p in found.p)
        await t.until(lambda: f"[p] ≥ 0.60: {n} of 16 reused" in t.text())
        assert "match: reference 1, row 2, column 2" in t.text()
        await t.press("right", "down")
        assert screen.patch == 5 and "▶ row 2, column 2" in t.text()
        assert "match: reference 1, row 3, column 3" in t.text()
        await t.press("z")
        assert screen.zoomed
        await t.press("o")
        assert screen.patch is None and "reused" not in t.text()


async def test_without_pictures_everything_is_said(tui: Run, matched: Store) -> None:
    async with tui(size=(80, 24), image_mode="none") as t:
        await looking(t)
        await t.press("o")
        await t.until(lambda: "reused" in t.text())
        assert ".png" in t.text() and "match" in t.text() and "▀" not in t.text()
