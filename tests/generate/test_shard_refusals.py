"""Shards that are damaged, or belong elsewhere: named, refused or left out, and nothing is lost."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generate.shards.parts import is_whole
from tests.fixtures.studies import add_references
from workbench.cli import run
from workbench.store import Store

QUICK = ("--steps", "2", "--device", "cpu", "--batch-size", "2", "--images-per-prompt", "2")


@pytest.fixture(scope="module")
def ready(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study of four prompts and its two shards."""
    folder = Path(tmp_path_factory.mktemp("shards"))
    add_references(Store.create(folder / "study.duckdb"), count=4)
    for number in (1, 2):
        made = ["generate", "--model", str(tiny), *QUICK, "--db", str(folder / "study.duckdb")]
        assert run([*made, "--shard", f"{number}/2", "--into", str(folder / f"shard{number}")]) == 0
    return folder


@pytest.fixture
def here(ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, to be damaged."""
    folder = tmp_path / "copy"
    shutil.copytree(ready, folder)
    monkeypatch.chdir(folder)
    return folder


def count(folder: Path) -> int:
    return Store(folder / "study.duckdb").sql("SELECT count(*) FROM images").item()


def merge(wb, *folders: str, code: int) -> str:
    done = wb("merge", *folders, "--db", "study.duckdb", "--format", "json")
    assert done.code == code, done.err
    assert "Traceback" not in done.err
    return done.err


def test_a_part_that_is_not_whole_is_left_out_by_name_and_made_again(wb, here: Path, tiny: Path):
    part = next((here / "shard1").rglob("*.images.parquet"))
    part.write_bytes(part.read_bytes()[:-40])
    (part.parent / ".part-xyz").write_bytes(b"PAR1, and killed")
    said = merge(wb, "shard1", "shard2", code=4)
    assert f"left out, because it is not whole: shard1/rows/{part.parent.name}/{part.name}" in said
    assert "still missing: 4 images, of shards 1/2" in said
    assert count(here) == 4
    arguments = ("--db", "study.duckdb", "--shard", "1/2", "--into", "shard1")
    again = wb("generate", "--model", tiny, *QUICK, *arguments)
    assert again.code == 0, again.err
    assert "removed, because it is damaged" in again.err
    assert "made 4 images" in again.err
    assert "the plan is complete" in merge(wb, "shard1", "shard2", code=0)


def test_bits_that_turned_are_seen_though_parquet_can_be_read(wb, here: Path):
    part = next((here / "shard1").rglob("*.images.parquet"))
    content = bytearray(part.read_bytes())
    content[len(content) // 3] ^= 1
    part.write_bytes(content)
    assert part.name in merge(wb, "shard1", code=4)
    assert count(here) == 0


def test_pictures_that_are_gone_or_damaged_are_left_out_with_their_rows_and_made_again(wb, here: Path, tiny: Path):
    gone, cut, *_ = sorted((here / "shard1" / "images").rglob("*.png"))
    gone.unlink()
    cut.write_bytes(bytes(cut.stat().st_size))
    said = merge(wb, "shard1", code=4)
    assert f"{gone.relative_to(here)}: No such file" in said
    assert f"{cut.relative_to(here)} is not whole" in said
    assert count(here) == 2
    assert not list((here / "study.images").rglob(cut.name))
    runs = Store(here / "study.duckdb").sql("SELECT outcome, done, failed FROM runs WHERE command = 'merge'")
    assert runs.rows() == [("some failed", 2, 2)]
    again = wb("generate", "--model", tiny, *QUICK, "--db", "study.duckdb", "--shard", "1/2", "--into", "shard1")
    assert "made 2 images" in again.err
    assert "the plan is complete" in merge(wb, "shard1", "shard2", code=0)


def test_every_byte_is_looked_at_once_and_only_before_a_shard_is_called_complete(
    wb, here: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
):
    looked_at: list[Path] = []

    def looking(file: Path) -> bool:
        looked_at.append(file)
        return is_whole(file)

    monkeypatch.setattr("generate.shards.folder.is_whole", looking)
    made = ("generate", "--model", tiny, *QUICK, "--db", "study.duckdb", "--shard", "1/2", "--into", "shard1")
    gone, turned, *_ = sorted((here / "shard1" / "images").rglob("*.png"))
    gone.unlink()
    content = bytearray(turned.read_bytes())
    content[len(content) // 2] ^= 1
    turned.write_bytes(content)
    assert "made 1 images" in wb(*made).err
    assert not [file for file in looked_at if file.suffix == ".png"]
    assert "made 1 images" in wb(*made).err
    looked_at.clear()
    assert "nothing to generate" in wb(*made).err
    assert len([file for file in looked_at if file.suffix == ".png"]) == 4
    assert "the plan is complete" in merge(wb, "shard1", "shard2", code=0)


def test_a_shard_of_another_study_is_refused(wb, here: Path):
    add_references(Store.create(here / "other.duckdb"), count=2)
    done = wb("merge", "shard1", "shard2", "--db", "other.duckdb")
    assert done.code == 2
    assert "is of another study: this one lacks" in done.err
    assert Store(here / "other.duckdb").sql("SELECT count(*) FROM runs").item() == 0


def test_a_shard_of_other_settings_is_refused(wb, here: Path, tiny: Path):
    made = ("generate", "--model", tiny, *QUICK, "--db", "study.duckdb", "--guidance", 3, "--shard", "2/2")
    assert "shard2 holds images of other settings: guidance 7.5 there, 3.0 here" in wb(*made, "--into", "shard2").err
    assert wb(*made, "--into", "shard3").code == 0
    said = merge(wb, "shard1", "shard3", code=2)
    assert "shard3 is of other settings: guidance 7.5 in shard1, 3.0 there" in said
    assert count(here) == 0


def test_a_manifest_that_does_not_belong_to_the_rows(wb, here: Path):
    manifest = here / "shard1" / "shard.json"
    fields = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**fields, "settings": {**fields["settings"], "steps": 99}}))
    assert "holds images of other settings than it says" in merge(wb, "shard1", code=2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is no shard's"),
        ("[1]", "says no format"),
        ('{"format": 99}', "a newer workbench"),
        ('{"format": 1}', "lacks"),
    ],
)
def test_a_manifest_that_cannot_be_read(wb, here: Path, content: str, said: str):
    (here / "shard1" / "shard.json").write_text(content)
    assert said in merge(wb, "shard1", "shard2", code=2)
    assert count(here) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("merge", "nowhere"), "nowhere is no folder"),
        (("merge", "study.images"), "study.images holds no shard"),
        (("merge",), "Missing argument"),
        (("generate", "--shard", "3/2"), "'3/2' is no shard"),
        (("generate", "--into", "shard1"), "--into is the folder of a shard"),
        (("generate", "--shard", "1/2", "--into", "shard2"), "shard2 holds shard 2/2, not 1/2"),
        (("generate", "--shard", "1/2", "--into", "study.duckdb"), "is a file"),
    ],
)
def test_bad_input_is_one_line_and_a_hint(wb, here: Path, tiny: Path, arguments: tuple[str, ...], said: str):
    more = ("--model", tiny, *QUICK) if arguments[0] == "generate" else ()
    done = wb(*arguments, *more, "--db", "study.duckdb")
    assert (done.code, done.out) == (2, "")
    assert said in done.err


HOLD = "import fasteners, sys; a = fasteners.InterProcessLock(sys.argv[1]); a.acquire(); print(flush=True); input()"


def test_a_shard_is_made_by_one_process_at_a_time(wb, here: Path, tiny: Path):
    made = ("generate", "--model", tiny, *QUICK, "--db", "study.duckdb", "--shard", "1/2", "--into", "shard1")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, "shard1/lock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline()
        held = wb(*made)
        holder.communicate(b"\n")
    assert held.code == 2
    assert "another process is making shard1" in held.err
    assert "nothing to generate" in wb(*made).err
