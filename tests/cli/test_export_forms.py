"""wb export in the forms that other tools read."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import datasets
import numpy as np
import polars as pl
import pytest
from PIL import Image

from tests.conftest import Outcome
from tests.store.measured import fill, image, reference
from tests.tui.study import Plan
from tests.tui.study import fill as fill_study
from workbench.commands.export import FORMATS as COMMAND
from workbench.exports.formats import FORMATS
from workbench.store import Store, connection

WB = Callable[..., Outcome]
P = [0.9, 0.8] + [0.5] * 14


@pytest.fixture
def study(store: Store) -> Store:
    """14 references, two models, two prompt conditions, two images each, some blocked; one licence is known."""
    fill_study(store, Plan(images=2))
    with connection.writing(store.path, 5) as con:
        con.execute("UPDATE ref_images SET author = 'Ann', licence = 'CC BY 4.0' WHERE qid = 'Q1000'")
    return store


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_datasets_library_reads_the_folder(wb: WB, study: Store, tmp_path: Path) -> None:
    done = wb(
        "export", "--format", "imagefolder", "-o", tmp_path / "set", "--perturbation", "title", "--tau-static", 0.8
    )
    assert done.code == 0, done.err
    read = datasets.load_dataset("imagefolder", data_dir=str(tmp_path / "set"), split="train", cache_dir=tmp_path / "c")
    known = study.frame("exported_images", perturbations=["title"], tau_static=0.8, tau_dynamic=0.75, tau_reuse=0.6)
    good = known.filter(pl.col("status") == "ok")
    assert f"{known.height - good.height} images that were blocked" in done.err
    assert read["image_id"] == good["image_id"].to_list()
    assert read["recognised"] == good["recognised"].to_list()
    assert read["patch_maxima"] == good["patch_maxima"].to_list()
    for row, told in zip(read.select(range(5)), good.head(5).to_dicts(), strict=True):
        stored = Image.open(study.images.path(told["path"])).convert("RGB")
        assert np.array_equal(np.array(row["image"].convert("RGB")), np.array(stored))
        assert (row["prompt"], row["seed"], row["model_id"]) == (told["prompt"], told["seed"], told["model_id"])


def test_references_are_copied_only_when_asked_and_say_whose_they_are(wb: WB, study: Store, tmp_path: Path) -> None:
    done = wb("export", "--format", "imagefolder", "-o", tmp_path / "set")
    assert "not copied" in done.err
    assert not (tmp_path / "set" / "references").exists()
    known = {row["qid"]: row for row in lines(tmp_path / "set" / "metadata.jsonl")}
    assert (known["Q1000"]["reference_author"], known["Q1000"]["reference_licence"]) == ("Ann", "CC BY 4.0")
    assert known["Q1001"]["reference_licence"] is None
    done = wb("export", "--format", "imagefolder", "-o", tmp_path / "both", "--with-references")
    assert "see that you may" in done.err
    read = datasets.load_dataset(
        "imagefolder", data_dir=str(tmp_path / "both"), split="train", cache_dir=tmp_path / "c"
    )
    assert isinstance(read[0]["reference"], Image.Image)


def test_references_that_may_not_stay_do_not(wb: WB, study: Store, tmp_path: Path) -> None:
    command = ("export", "--format", "imagefolder", "-o", tmp_path / "set", "--model", "sd15")
    assert wb(*command, "--with-references").code == 0
    assert list((tmp_path / "set" / "references").iterdir())
    assert wb(*command, "--force").code == 0
    assert not list((tmp_path / "set" / "references").iterdir())


def test_an_interrupted_copy_goes_on_and_a_finished_one_is_kept(wb: WB, study: Store, tmp_path: Path) -> None:
    command = ("export", "--format", "imagefolder", "-o", tmp_path / "set", "--model", "sd15")
    assert wb(*command).code == 0
    pictures = sorted((tmp_path / "set" / "images").iterdir())
    first = pictures[0].stat()
    assert "there already" in wb(*command).err
    pictures[1].write_bytes(b"half")
    (tmp_path / "set" / "metadata.jsonl").unlink()
    (tmp_path / "set" / "README.md").unlink()
    assert wb(*command).code == 0
    assert pictures[0].stat().st_mtime_ns == first.st_mtime_ns
    Image.open(pictures[1]).verify()
    assert wb(*command, "--force", "--perturbation", "synonym").code == 0
    left = {path.name for path in (tmp_path / "set" / "images").iterdir()}
    assert {f"images/{name}" for name in left} == {r["file_name"] for r in lines(tmp_path / "set" / "metadata.jsonl")}
    assert len(left) < len(pictures)


def test_a_picture_that_is_gone_is_left_out_and_said(wb: WB, study: Store, tmp_path: Path) -> None:
    row = study.frame("exported_images").filter(pl.col("status") == "ok").row(0, named=True)
    study.images.path(row["path"]).unlink()
    done = wb("export", "--format", "imagefolder", "-o", tmp_path / "set")
    assert done.code == 4
    assert row["image_id"] not in {line["image_id"] for line in lines(tmp_path / "set" / "metadata.jsonl")}


def test_no_picture_at_all_is_said(wb: WB, study: Store, tmp_path: Path) -> None:
    shutil.rmtree(study.images.folder)
    assert wb("export", "--format", "imagefolder", "-o", tmp_path / "set").code == 4
    assert lines(tmp_path / "set" / "metadata.jsonl") == []


def test_samples_for_fiftyone_name_every_field_that_they_have(wb: WB, study: Store, tmp_path: Path) -> None:
    done = wb("export", "--format", "fiftyone", "-o", tmp_path, "--kind", "dynamic")
    assert done.code == 0, done.err
    read = json.loads((tmp_path / "samples.json").read_text(encoding="utf-8"))
    assert read["media_type"] == "image"
    for sample in read["samples"]:
        assert set(sample) == set(read["sample_fields"])
        assert Path(sample["filepath"]).is_file()
        assert sample["kind"] == "dynamic"
        assert sample["recognised"]["label"] in ("recognised", "not recognised")
    scored = study.frame("exported_images", tau_static=0.7, tau_dynamic=0.75, tau_reuse=0.6)
    good = scored.filter((pl.col("status") == "ok") & (pl.col("kind") == "dynamic"))
    assert [s["s"] for s in read["samples"]] == good["s"].to_list()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_released_scripts_columns(wb: WB, store: Store, tmp_path: Path) -> None:
    fill(
        store,
        reference("Q1"),
        image("Q1", 0, s=0.9, p=P),
        image("Q1", 1, s=0.2, p=[0.1] * 16),
        reference("Q2", kind="dynamic", images=2),
        image("Q2", 0, s=0.9, p=P, images=2),
        image("Q2", 1, s=0.74, images=2),
    )
    assert wb("export", "--format", "paper-csv", "-o", tmp_path).code == 0
    (static,) = rows(tmp_path / "title" / "results_cra_static.csv")
    assert list(static) == ["mode", "model", "slug", "ref_image_path", "gen_image_path", "cra_sim", "cra_pass"]
    assert (static["mode"], static["model"], static["slug"], static["cra_pass"]) == ("static", "m", "label_q1", "True")
    assert float(static["cra_sim"]) == pytest.approx(0.9)
    (dynamic,) = rows(tmp_path / "title" / "results_cra_dynamic.csv")
    assert list(dynamic)[7:] == ["ref_images_kept", "n_ref_before", "n_ref_kept", "n_ref_dups_removed"]
    assert len(dynamic["ref_images_kept"].split(";")) == 2
    first, second = rows(tmp_path / "title" / "results_vr_static.csv")
    assert list(first)[5:] == [
        "grid_rows",
        "grid_cols",
        "n_ref_patches",
        "n_gen_patches",
        "vr_max",
        "vr_mean",
        "vr_p90",
    ]
    assert (first["n_ref_patches"], first["n_gen_patches"], second["vr_max"][:3]) == ("16", "16", "0.1")
    assert float(first["vr_max"]) == pytest.approx(0.9)
    assert float(first["vr_mean"]) == pytest.approx(np.mean(P))
    assert float(first["vr_p90"]) == pytest.approx(np.quantile(P, 0.9))
    (patched,) = rows(tmp_path / "title" / "results_vr_dynamic.csv")
    assert patched["n_ref_patches"] == "32"
    told = json.loads((tmp_path / "title" / "results_cra_dynamic.meta.json").read_text())
    assert told["thresholds"] == {"ic_tau": 0.75}


def test_titles_that_are_one_slug_are_told_apart(wb: WB, store: Store, tmp_path: Path) -> None:
    for qid in ("Q1", "Q2"):
        fill(store, reference(qid), image(qid, 0, s=0.9, perturbation="../x"))
    with connection.writing(store.path, 5) as con:
        con.execute("UPDATE refs SET label = ' The Kiss' WHERE qid = 'Q1'")
        con.execute("UPDATE refs SET label = 'the kiss' WHERE qid = 'Q2'")
    assert wb("export", "--format", "paper-csv", "-o", tmp_path / "out").code == 0
    (found,) = (tmp_path / "out").rglob("results_cra_static.csv")
    assert found.is_relative_to(tmp_path / "out")
    assert [row["slug"] for row in rows(found)] == ["the_kiss_Q1", "the_kiss_Q2"]


def test_conditions_of_one_name_have_folders_of_their_own(wb: WB, store: Store, tmp_path: Path) -> None:
    fill(store, reference("Q1"), *(image("Q1", 0, s=0.9, perturbation=name) for name in ("a/b", "a_b", "..")))
    assert wb("export", "--format", "paper-csv", "-o", tmp_path / "out").code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a_b", "a_b_", "_"}


def test_the_command_offers_every_form() -> None:
    assert sorted(COMMAND) == list(FORMATS)


def test_measures_are_exported_at_the_thresholds_asked_for(wb: WB, study: Store, tmp_path: Path) -> None:
    assert wb("export", "ref_scores", "refs", "-o", tmp_path, "--tau-static", 0.9).code == 0
    found = pl.read_csv(tmp_path / "ref_scores.csv", infer_schema_length=None)
    told = study.sql("SELECT sum(n_recognised) AS k FROM ref_scores(tau_static := 0.9)")["k"][0]
    assert found["n_recognised"].sum() == told
    again = wb("export", "refs", "-o", tmp_path)
    assert again.code == 2
    assert "there already" in again.err
    assert wb("export", "refs", "-o", tmp_path, "--force").code == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["refs", "--model", "sd15"], "without --model"),
        (["--with-references"], "without --with-references"),
        (["refs", "--format", "imagefolder"], "takes no names"),
        (["--format", "fiftyone", "--with-references"], "copies no pictures"),
        (["--format", "paper-csv", "--with-references"], "copy none"),
        (["--format", "imagefolder", "--model", "none"], "no model named"),
    ],
)
def test_what_cannot_be_is_one_line_and_writes_nothing(
    wb: WB, study: Store, tmp_path: Path, asked: list[str], said: str
) -> None:
    done = wb("export", *asked, "-o", tmp_path / "out")
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("form", ["imagefolder", "fiftyone", "paper-csv"])
def test_a_study_without_images_says_so(wb: WB, store: Store, tmp_path: Path, form: str) -> None:
    done = wb("export", "--format", form, "-o", tmp_path / "out")
    assert done.code == 2
    assert "there is no" in done.err or "no image is scored" in done.err
