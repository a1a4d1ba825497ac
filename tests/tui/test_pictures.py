"""Pictures keep their proportions, fit their room, and say why they are not there."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from textual.geometry import Size

from workbench.records import ImageScore
from workbench.store import Store
from workbench.tui.imagemode import find_image_mode
from workbench.tui.pictures import PIXELS
from workbench.tui.reader import StudyReader
from workbench.tui.widgets.gallery import MOST, page_for, seed_caption
from workbench.tui.widgets.picture import fit

from .conftest import ROWS, Run

SIDE = st.integers(1, 4000)
CELLS = st.integers(1, 250)


@given(SIDE, SIDE, CELLS, CELLS, st.floats(1.5, 2.5))
def test_a_picture_fits_its_room(width: int, height: int, columns: int, rows: int, ratio: float) -> None:
    size = fit(width, height, Size(columns, rows), ratio)
    assert 1 <= size.width <= columns and 1 <= size.height <= rows
    assert size.width == columns or size.height == rows or min(width, height) * 250 < max(width, height)


def test_proportions_are_kept() -> None:
    assert fit(640, 320, Size(40, 40), 2.0) == Size(40, 10)
    assert fit(320, 640, Size(40, 10), 2.0) == Size(10, 10)
    assert fit(512, 512, Size(40, 10), 2.0) == Size(20, 10)


@given(CELLS, CELLS, st.integers(1, 500))
def test_a_page_has_room_for_its_pictures(width: int, height: int, images: int) -> None:
    page = page_for(width, height, images)
    assert 1 <= page.size <= MOST
    assert (page.rows - 1) * page.columns < images


def image(recognised: bool | None, s: float | None, vr: float | None) -> ImageScore:
    return ImageScore(
        image_id="i",
        model_id="m",
        settings_id="x",
        perturbation="title",
        prompt="p",
        variant=1,
        seed=12,
        status="ok",
        error=None,
        path="p.png",
        s=s,
        recognised=recognised,
        vr=vr,
        best_sha256=None,
        p=None,
        patch_sha256=None,
        best_patch=None,
        entropy=None,
    )


def test_captions_say_it_without_colour() -> None:
    assert seed_caption(image(True, 0.8123, 0.25), 20) == "#12 ✓ s .81 VR .25"
    assert seed_caption(image(False, 0.4, 0.0), 20) == "#12 ✗ s .40 VR .00"
    assert seed_caption(image(True, 1.0, 1.0), 20) == "#12 ✓ s 1.00 VR 1.00"
    assert seed_caption(image(True, 0.8123, None), 40) == "seed 12  ✓ s 0.812  VR –"
    assert seed_caption(image(None, None, None), 20) == "#12 · s – VR –"


def test_loading(store: Store) -> None:
    reader = StudyReader(store.path)
    folder = store.images.folder
    folder.mkdir()
    Image.new("RGBA", (2000, 1000), (255, 0, 0, 128)).save(folder / "large.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno picture")
    (folder / "empty.png").touch()
    large = reader.picture("large.png").image
    assert large is not None and large.mode == "RGB" and large.size == (PIXELS, PIXELS // 2)
    for name in ("broken.png", "empty.png"):
        drawn = reader.picture(name)
        assert drawn.image is None and drawn.problem.startswith("cannot be read")
    assert reader.picture("missing.png").problem == "the file is not there"


@pytest.mark.parametrize(("mode", "draws"), [("halfcell", True), ("none", False)])
async def test_pictures_are_drawn_or_named(tui: Run, study: Store, mode: str, draws: bool) -> None:
    async with tui(image_mode=mode) as t:
        await t.rows(ROWS)
        await t.until(lambda: ("▀" * 10 in t.text()) if draws else (".png" in t.text()))
        assert ("▀" in t.text()) == draws


def test_without_a_terminal_auto_draws_half_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_image_mode("auto").name == "halfcell"
    monkeypatch.setenv("TMUX", "/tmp/tmux")
    assert find_image_mode("auto").name == "halfcell"
    assert find_image_mode("none").widget is None
    assert Path(find_image_mode("sixel").widget.__module__).name.endswith("sixel")  # type: ignore[union-attr]
