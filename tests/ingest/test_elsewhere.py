"""Pictures that other programs made, in the three layouts that they come in."""

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from tests.ingest.drawing import drawing, encoded, save
from workbench.records import Prompt, Reference
from workbench.store import Store, Write

TITLES = {"Q1": "The Starry Night", "Q2": "Café Terrace at Night", "Q3": "The Scream", "Q4": "The Scream"}


@pytest.fixture
def study(store: Store) -> Store:
    """Four references, two of one title, with titles, and two synonyms of the first."""
    rows = [Reference(qid=q, label=label, kind="static", source="test", run_id="r") for q, label in TITLES.items()]
    prompts = [Prompt(qid=q, perturbation="title", method="label", text=t, run_id="r") for q, t in TITLES.items()]
    prompts += [
        Prompt(qid="Q1", perturbation="synonym", variant=k, method="csv", text=text, run_id="r")
        for k, text in enumerate(["The Astral Night", "The Stellar Night"], 1)
    ]
    store.write(
        Write(query="upsert_refs", table="refs", records=rows),
        Write(query="insert_prompts", table="prompts", records=prompts),
    )
    return store


def images(store: Store) -> pl.DataFrame:
    return store.sql(
        "SELECT p.qid, p.perturbation, p.variant, i.* EXCLUDE (prompt_id, created_utc, run_id)"
        " FROM images AS i JOIN prompts AS p USING (prompt_id) ORDER BY qid, perturbation, variant, seed"
    )


def test_folders_named_by_title(wb, study: Store, tmp_path: Path) -> None:
    made = [("the_starry_night", 0), ("the_starry_night", 12), ("cafe-terrace-at-night", 3), ("Q3", 1)]
    files = {
        (title, seed): save(tmp_path / "made", f"{title}/{seed:04}.png", encoded(drawing(n)))
        for n, (title, seed) in enumerate(made)
    }
    done = wb("import", tmp_path / "made", "--layout", "slug", "--model", "sd15")
    assert (done.code, done.out) == (0, "")
    assert "pictures: 4 found, 4 new, 0 unchanged" in done.err
    rows = images(study)
    assert rows.select("qid", "seed").rows() == [("Q1", 0), ("Q1", 12), ("Q2", 3), ("Q3", 1)]
    assert set(rows["status"]) == {"ok"}
    assert set(rows["model_id"]) == {"sd15"}
    assert rows["seconds"].null_count() == 4
    for (_, seed), file in files.items():
        path = rows.filter(pl.col("seed") == seed)["path"][0]
        assert study.images.path(path).read_bytes() == file.read_bytes()
        assert hashlib.sha256(file.read_bytes()).hexdigest() in path


def test_what_is_unknown_is_said(wb, study: Store, tmp_path: Path) -> None:
    save(tmp_path, "made/the_starry_night/0.png", encoded(drawing(1)))
    wb("import", tmp_path / "made", "--layout", "slug", "--model", "sd15", "--settings", "guidance 3")
    (settings,) = study.sql("FROM settings").to_dicts()
    assert json.loads(settings["extra"]) == {"made": "elsewhere", "settings": "guidance 3"}
    unknown = {"revision", "steps", "guidance", "width", "height", "dtype", "scheduler", "negative_prompt"}
    assert {name for name, value in settings.items() if value is None} == unknown
    assert study.sql("FROM models").rows() == [("sd15", None, None, "elsewhere", None, None, False)]
    shown = wb("runs", "show", "last").out
    assert [line.split()[1:] for line in shown.splitlines() if line.startswith(("command", "steps"))] == [
        ["import"],
        ["unknown"],
    ]
    (run_id,) = study.sql("SELECT run_id FROM runs WHERE command = 'import'")["run_id"]
    again = wb("generate", "--like", run_id)
    assert again.code == 2
    assert "was a wb import: how its pictures were made is not known" in again.err


def test_twice_changes_nothing_and_two_settings_stand_side_by_side(wb, study: Store, tmp_path: Path) -> None:
    save(tmp_path, "made/the_starry_night/0.png", encoded(drawing(1)))
    save(tmp_path, "made/the_starry_night/1.jpg", encoded(drawing(2), "JPEG"))
    save(tmp_path, "made/the_starry_night/2.png", encoded(Image.new("RGB", (8, 8))))
    arguments = ("import", tmp_path / "made", "--layout", "slug", "--model", "sd15")
    wb(*arguments)
    before = study.sql("FROM images ORDER BY seed")
    again = wb(*arguments)
    assert again.code == 0
    assert "0 new, 3 unchanged" in again.err
    assert study.sql("FROM images ORDER BY seed").equals(before)
    wb(*arguments, "--settings", "20 steps")
    assert study.sql("FROM images").height == 6
    assert study.sql("FROM models").height == 1


def test_all_black_pictures_are_counted_apart(wb, study: Store, tmp_path: Path) -> None:
    save(tmp_path, "made/the_starry_night/0.png", encoded(Image.new("RGB", (8, 8))))
    done = wb("import", tmp_path / "made", "--layout", "slug", "--model", "sd15")
    assert done.code == 0
    assert "1 black" in done.err
    assert images(study).select("status", "error", "path").rows() == [("black", "all pixels are black", None)]


def test_what_cannot_be_taken_is_named_and_the_rest_goes_on(wb, study: Store, tmp_path: Path) -> None:
    made = tmp_path / "made"
    save(made, "the_starry_night/0.png", encoded(drawing(1)))
    save(made, "the_starry_night/1.png", encoded(drawing(2))[:200])
    save(made, "the_starry_night/2.png", b"<html>")
    save(made, "the_starry_night/cover.png", encoded(drawing(3)))
    save(made, "the_starry_night/00.jpg", encoded(drawing(4), "JPEG"))
    save(made, "the_scream/0.png", encoded(drawing(5)))
    save(made, "an unknown work/0.png", encoded(drawing(6)))
    save(made, "an unknown work/1.png", encoded(drawing(7)))
    save(made, "loose.png", encoded(drawing(8)))
    done = wb("import", made, "--layout", "slug", "--model", "sd15")
    assert done.code == 4
    for said in (
        "1.png: image file is truncated",
        "2.png: HTML, not a picture",
        "cover.png: no number in its name, so no seed",
        "the_scream: not clear of which prompt (title of Q3, title of Q4); pictures: 1",
        "not of this study (pictures): an unknown work (2)",
        "not of this layout: loose.png",
        "5 items could not be taken",
    ):
        assert said in done.err, done.err
    assert "the same prompt and seed 0 as" in done.err
    assert images(study).height == 1


def test_another_picture_in_the_place_of_one_is_refused(wb, study: Store, tmp_path: Path) -> None:
    file = save(tmp_path, "made/the_starry_night/0.png", encoded(drawing(1)))
    arguments = ("import", tmp_path / "made", "--layout", "slug", "--model", "sd15")
    wb(*arguments)
    before = images(study)
    file.write_bytes(encoded(drawing(2)))
    done = wb(*arguments)
    assert done.code == 4
    assert "the study has another picture for this prompt, model and seed" in done.err
    assert images(study).equals(before)


def test_a_condition_of_several_texts(wb, study: Store, tmp_path: Path) -> None:
    save(tmp_path, "made/the_stellar_night/0.png", encoded(drawing(1)))
    save(tmp_path, "made/the_starry_night/0.png", encoded(drawing(2)))
    done = wb("import", tmp_path / "made", "--layout", "slug", "--model", "sd15", "--perturbation", "synonym")
    assert done.code == 4
    assert "not clear of which prompt (synonym of Q1, synonym of Q1 (2)); pictures: 1" in done.err
    assert images(study).select("perturbation", "variant").rows() == [("synonym", 2)]


def test_folders_as_geneval_has_them(wb, study: Store, tmp_path: Path) -> None:
    made = tmp_path / "made"
    for number, prompt in enumerate(["The Starry Night", "The Astral Night", "a photo of a bench"]):
        save(made, f"{number:05}/metadata.jsonl", json.dumps({"tag": "single", "prompt": prompt}).encode())
        save(made, f"{number:05}/grid.png", encoded(drawing(99)))
        for seed in range(2):
            save(made, f"{number:05}/samples/{seed:04}.png", encoded(drawing(10 * number + seed)))
    save(made, "00003/samples/0000.png", encoded(drawing(50)))
    save(made, "00004/metadata.jsonl", b'{"prompt": 3}')
    save(made, "00004/samples/0000.png", encoded(drawing(51)))
    done = wb("import", made, "--layout", "geneval", "--model", "flux")
    assert done.code == 4
    assert "00003/metadata.jsonl: no such file" in done.err
    assert "00004/metadata.jsonl: no prompt in it" in done.err
    assert "“a photo of a bench” (2)" in done.err
    assert images(study).select("perturbation", "seed").rows() == [
        ("synonym", 0),
        ("synonym", 1),
        ("title", 0),
        ("title", 1),
    ]


def test_a_list(wb, study: Store, tmp_path: Path) -> None:
    made = tmp_path / "made"
    for number in range(7):
        save(made, f"pictures/{number}.png", encoded(drawing(number)))
    lines = [
        "path,prompt,qid,perturbation,variant,seed,model",
        "pictures/0.png,The Starry Night,,,,70,a",
        "pictures/1.png,,Q3,,,71,b",
        "pictures/2.png,,Q1,synonym,2,,a",
        "pictures/3.png,,Q1,synonym,,72,a",
        "pictures/4.png,,,,,73,a",
        "pictures/5.png,,Q1,,,74,",
        "pictures/6.png,,Q1,,,-1,a",
        "../../etc/passwd,,Q1,,,75,a",
    ]
    (made / "list.csv").write_text("\n".join(lines))
    done = wb("import", made, "--layout", "csv")
    assert done.code == 4
    for said in (
        "list.csv:6: neither a prompt nor a QID",
        "list.csv:7: no model: fill its cell, or say --model",
        "list.csv:8: seed '-1' is not a number",
        "list.csv:9: ../../etc/passwd lies outside the folder",
        "Q1 synonym: not clear of which prompt",
    ):
        assert said in done.err, done.err
    assert images(study).select("qid", "perturbation", "variant", "model_id", "seed").rows() == [
        ("Q1", "synonym", 2, "a", 2),
        ("Q1", "title", 1, "a", 70),
        ("Q3", "title", 1, "b", 71),
    ]
    assert study.sql("SELECT settings_id FROM runs WHERE command = 'import'").row(0) == (None,)


def test_a_dry_run_only_says_what_is_whose(wb, study: Store, tmp_path: Path) -> None:
    save(tmp_path, "made/the_starry_night/0.png", encoded(drawing(1)))
    save(tmp_path, "made/unknown/0.png", encoded(drawing(1)))
    done = wb("import", tmp_path / "made", "--layout", "slug", "--model", "sd15", "--dry-run")
    assert done.code == 0
    assert "not of this study: unknown (1 picture)" in done.err
    assert "would take 1 picture of 1 prompt, made by sd15" in done.err
    assert images(study).is_empty()
    assert study.sql("FROM runs").is_empty()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("made", "--layout", "slug", "--model", "a", "--perturbation", "synonym"), 4, "not clear of which prompt"),
        (("other", "--layout", "slug", "--model", "a"), 1, "none of these is a prompt of the study: an unknown work"),
        (("made", "--layout", "slug"), 2, "which model made the pictures is not said"),
        (("made", "--layout", "slug", "--model", " "), 2, "the model's name is empty"),
        (("made", "--layout", "geneval", "--model", "a"), 1, "has no pictures in the layout geneval"),
        (("made", "--layout", "csv", "--model", "a"), 1, "should hold one CSV file, and holds none"),
        (("nowhere", "--layout", "slug", "--model", "a"), 1, "does not exist"),
        (("nowhere.csv", "--layout", "csv", "--model", "a"), 1, "no file"),
        (("made", "--layout", "slug", "--model", "a", "--perturbation", "titel"), 2, "did you mean title?"),
        (("made", "--layout", "slug", "--model", "a", "--db", "nowhere.duckdb"), 3, "no database file"),
    ],
)
def test_bad_input_is_one_line_and_a_hint(wb, study: Store, tmp_path: Path, arguments, code: int, said: str) -> None:
    save(tmp_path, "made/the_starry_night/0.png", encoded(drawing(1)))
    save(tmp_path, "other/an unknown work/0.png", encoded(drawing(1)))
    folder, *options = arguments
    done = wb("import", tmp_path / folder, *options)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err
    assert study.sql("FROM images").is_empty()


def test_a_study_without_prompts(wb, store: Store, tmp_path: Path) -> None:
    save(tmp_path, "made/the_starry_night/0.png", encoded(drawing(1)))
    done = wb("import", tmp_path / "made", "--layout", "slug", "--model", "a")
    assert done.code == 2
    assert "the study has no prompts yet" in done.err
