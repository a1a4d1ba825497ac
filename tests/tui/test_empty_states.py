"""What is missing is said, with the command that makes it; what is broken is said once."""

import shlex
import shutil
from pathlib import Path

import pytest
from textual.widgets import ContentSwitcher

from workbench.options import DEFAULT_DB
from workbench.store import Store

from .conftest import ROWS, Run, Tui
from .study import Plan, fill


def says(t: Tui, *parts: str) -> bool:
    """Whether the screen says all of it, however it is wrapped."""
    text = "".join(t.text().split())
    return all("".join(part.split()) in text for part in parts)


async def test_no_file_says_how_to_make_it_and_picks_it_up(tui: Run, db: Path, filled: Path) -> None:
    async with tui() as t:
        await t.until(lambda: says(t, "No study yet"))
        assert says(t, str(db))
        assert says(t, f"wb ingest --from references.csv --images pictures/ --db {shlex.quote(str(db))}")
        shutil.copytree(filled, db.parent, dirs_exist_ok=True)
        await t.rows(ROWS)
        assert t.app.focused is t.table
        assert not says(t, "No study yet")


async def test_the_default_file_needs_no_option(tui: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with tui(path=DEFAULT_DB) as t:
        await t.until(lambda: says(t, "No study yet"))
        assert "--db" not in t.text()


async def test_a_file_without_references(tui: Run, store: Store) -> None:
    async with tui() as t:
        await t.until(lambda: says(t, "No references yet", "wb ingest --from references.csv"))
        fill(store, Plan(generated=False))
        await t.rows(14)


async def test_references_without_reference_images(tui: Run, store: Store) -> None:
    fill(store, Plan(generated=False, ref_images=False))
    async with tui() as t:
        await t.rows(14)
        await t.until(lambda: says(t, "No reference images yet", "wb ingest --images FOLDER --db"))
        await t.until(lambda: says(t, "No reference image yet:", "Nothing generated yet for Q"))
        assert t.shown(0)[1:4] == ["–", "–", "0"]


async def test_references_without_generated_images(tui: Run, store: Store) -> None:
    fill(store, Plan(generated=False))
    async with tui() as t:
        await t.rows(14)
        await t.until(lambda: says(t, "No generated images yet", "wb generate --model NAME"))
        await t.press("3")
        await t.until(lambda: says(t, "Nothing to correlate"))


async def test_a_half_scored_file(tui: Run, store: Store) -> None:
    fill(store, Plan(scored=0.5))
    (ok,) = store.sql("SELECT count(*) FROM images WHERE status = 'ok'").row(0)
    (scored,) = store.sql("SELECT count(*) FROM similarities").row(0)
    async with tui() as t:
        await t.rows(ROWS)
        await t.until(lambda: says(t, f"{ok - scored} of {ok} images are not scored yet", "wb score --db"))
        t.study.view.sort_by("cra")
        assert None in t.column("cra") and t.column("cra")[0] is not None


async def test_images_of_which_none_is_scored(tui: Run, store: Store) -> None:
    fill(store, Plan(scored=0.0))
    (ok,) = store.sql("SELECT count(*) FROM images WHERE status = 'ok'").row(0)
    async with tui() as t:
        await t.rows(ROWS)
        await t.until(lambda: says(t, f"{ok} of {ok} images are not scored yet", "not scored yet", "s: none"))
        assert not t.status.error
        assert set(t.column("cra")) == {None} and t.shown(0)[4] == "–"
        await t.press("3")
        await t.until(lambda: says(t, "not estimable: n = 0, at least 3 needed"))


async def test_pictures_that_are_not_there_say_so(tui: Run, study: Store) -> None:
    shutil.rmtree(study.images.folder)
    async with tui(image_mode="halfcell") as t:
        await t.rows(ROWS)
        await t.until(lambda: says(t, "the file is not there"))
        await t.press("j")
        assert t.table.cursor_row == 1


async def test_a_blocked_image_says_why(tui: Run, study: Store) -> None:
    (qid,) = study.sql("SELECT qid FROM images JOIN prompts USING (prompt_id) WHERE status = 'blocked' LIMIT 1").row(0)
    async with tui(size=(200, 60), image_mode="halfcell") as t:
        await t.rows(ROWS)
        t.study.query_one("#text").value = qid  # type: ignore[attr-defined]
        await t.until(lambda: t.status.shown == 4)
        t.study.view.sort_by("n")
        t.study.view.sort_by("n")
        t.study.set_focus(t.table)
        await t.press("j", "g")
        await t.until(lambda: says(t, "blocked: safety", "1 of 4 blocked, black or failed"))


async def test_a_file_that_breaks_while_it_is_shown(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        study.path.with_suffix(".other").write_bytes(b"this is no database" * 1000)
        study.path.with_suffix(".other").replace(study.path)
        await t.until(lambda: says(t, "is not a readable DuckDB file"))
        assert t.study.query_one("#content", ContentSwitcher).current == "guide"
        assert len(t.app.screen_stack) == 1  # no modal


async def test_a_file_that_is_deleted_while_it_is_shown(tui: Run, study: Store) -> None:
    async with tui() as t:
        await t.rows(ROWS)
        study.path.unlink()
        await t.until(lambda: says(t, "No study yet"))
        await t.press("s", "y", "j", "x", "1", "2")
        assert len(t.app.screen_stack) == 1
