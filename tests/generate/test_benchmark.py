"""``wb benchmark``: labels of people, of a file and of the miniature study, and what measures make of them."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generate.benchmark import mini
from generate.benchmark.run import of_pictures
from tests.fixtures.images import generated
from tests.fixtures.studies import add_reference_image, add_references, drawn
from workbench.store import Store, Write, connection

PACKAGED = "efficientnet-lite0:64"


def told(out: str) -> dict[str, dict]:
    return {row["measure"]: row for row in json.loads(out)}


def shifted(picture: Image.Image, by: int) -> Image.Image:
    return picture.transform(picture.size, Image.Transform.AFFINE, (1, 0, by, 0, 1, by), fillcolor="grey")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Six references with two copies and two other pictures each, and a file of labels."""
    lines = ["image,label,reference"]
    for k in range(6):
        picture = drawn(f"reference {k}", size=(64, 64))
        picture.save(tmp_path / f"{k}.png")
        for seed in range(2):
            shifted(picture, seed).save(tmp_path / f"{k}-copy-{seed}.png")
            drawn(f"other {k} {seed}", size=(64, 64)).save(tmp_path / f"{k}-other-{seed}.png")
            lines += [f"{k}-copy-{seed}.png,replication,{k}.png", f"{k}-other-{seed}.png,transformation,{k}.png"]
    labels = tmp_path / "labels.csv"
    labels.write_text("\n".join(lines) + "\n")
    return labels


@pytest.fixture
def study(store: Store) -> Store:
    """Six references, each with a copy and another picture, scored by the packaged encoder."""
    add_references(store, count=6, images=0)
    rows = []
    for prompt, qid in store.sql("SELECT prompt_id, qid FROM prompts ORDER BY qid").iter_rows():
        picture = drawn(qid, size=(64, 64))
        add_reference_image(store, qid, picture)
        found = [shifted(picture, 1), drawn(f"another {qid}", size=(64, 64))]
        rows += [generated(store, one, prompt, seed, "m") for seed, one in enumerate(found)]
    store.write(Write(query="upsert_images", table="images", records=rows))
    return store


def judge(store: Store, *judgements: tuple[str, str]) -> None:
    """(annotator, judgement of the copies): the other pictures are called the opposite."""
    opposite = {"replication": "transformation", "transformation": "replication", "neither": "neither"}
    with connection.writing(store.path, 5) as con:
        for annotator, word in judgements:
            con.execute(
                "INSERT INTO annotations BY NAME SELECT image_id, $who AS annotator,"
                " if(seed = 0, $word, $other) AS realization, now()::TIMESTAMP AS updated_utc FROM images",
                {"who": annotator, "word": word, "other": opposite[word]},
            )


def test_copies_are_told_from_other_pictures(wb, pictures: Path) -> None:
    names = ["ssim", "phash", f"vr:{PACKAGED}", f"similarity:{PACKAGED}"]
    asked = [word for name in names for word in ("--metric", name)]
    figure = pictures.with_name("benchmark.svg")
    done = wb("benchmark", "--labels", pictures, *asked, "--device", "cpu", "--format", "json", "--figure", figure)
    assert done.code == 0
    rows = told(done.out)
    assert list(rows) == names
    for row in rows.values():
        assert row["auc"] > 0.9
        assert (row["n_positive"], row["n_negative"], row["n_refs"]) == (12, 12, 6)
        assert row["against"] == f"vr:{PACKAGED}"
    assert 0 < rows["phash"]["tau"] < 64
    drawing = figure.read_text()
    assert all(name in drawing for name in names)
    again = wb("benchmark", "--labels", pictures, *asked, "--device", "cpu", "--format", "json")
    assert again.out == done.out


def test_values_are_those_of_the_metrics_whatever_the_order_of_the_file(pictures: Path) -> None:
    from generate.benchmark.labels import labelled_pictures, read_labels
    from generate.metrics.registry import load_metric

    found = labelled_pictures(read_labels(pictures), pictures.parent)
    measured = of_pictures(found[::-1], ["ssim"], "cpu")
    metric = load_metric("ssim", "cpu")
    by_label = {True: [], False: []}
    for one in found:
        view, other = (metric.view(Image.open(path)) for path in (one.path, one.references[0]))
        by_label[one.replication].append(metric.score(view, [other]).value)
    for label, values in by_label.items():
        assert np.sort(measured.values["ssim"][measured.positive == label]) == pytest.approx(np.sort(values), abs=1e-6)


def test_people_s_labels_and_everything_that_is_stored(wb, study: Store) -> None:
    assert wb("benchmark").code == 1
    judge(study, ("ada", "replication"), ("ben", "replication"), ("eve", "transformation"))
    assert "nothing that is labelled was measured" in wb("benchmark").err
    wb("score", "--encoder", PACKAGED, "--patch-encoder", PACKAGED, "--device", "cpu")
    wb("score", "--metric", "phash", "--metric", "ssim", "--device", "cpu")
    done = wb("benchmark", "--format", "json", "--tau-reuse", "0.7")
    assert done.code == 0
    rows = told(done.out)
    kinds = [name.split("#")[0] for name in rows]
    assert kinds == ["vr", "vr_informative", "mean p", f"s {PACKAGED}", "phash", "ssim"]
    assert {name: row["auc"] for name, row in rows.items() if row["auc"] <= 0.9} == {}
    assert rows["vr"]["n_refs"] == 6
    other = told(wb("benchmark", "--format", "json", "--against", kinds[2]).out)
    assert {row["against"] for row in other.values()} == {"mean p"}
    assert "did you mean" in wb("benchmark", "--against", "mean q").err


def test_images_that_people_are_split_over_are_left_out(wb, study: Store) -> None:
    judge(study, ("ada", "replication"), ("ben", "transformation"))
    done = wb("benchmark")
    assert done.code == 1
    assert "wb tui is where people label" in done.err


def test_labels_of_a_file_over_images_of_the_study(wb, study: Store, tmp_path: Path) -> None:
    wb("score", "--metric", "phash", "--device", "cpu")
    rows = study.sql("SELECT image_id, path, seed FROM images ORDER BY image_id").rows()
    labels = tmp_path / "labels.csv"
    named = [(path if k % 2 else image_id, 1 - seed) for k, (image_id, path, seed) in enumerate(rows)]
    labels.write_text("image,label\n" + "".join(f"{name},{label}\n" for name, label in [*named, ("elsewhere.png", 1)]))
    done = wb("benchmark", "--labels", labels, "--format", "json")
    assert done.code == 0
    assert "1 of 13 labels are of no image of this study, e.g. elsewhere.png" in done.err
    (row,) = told(done.out).values()
    assert (row["n_positive"], row["n_negative"]) == (6, 6)
    assert row["auc"] == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("image,lable\na,1\n", "has no column label"),
        ("image,label\n", "has no rows"),
        ("image,label\na,copy\n", "line 2: 'copy' is no label"),
        ("image,label\na,1\nb,\n", "line 3: None is no label"),
        ("image,label,reference\na,1,\n", "line 2 names no reference"),
        ("image,label\nnowhere,1\n", "no label is of an image of this study"),
    ],
)
def test_files_that_make_no_sense(wb, store: Store, tmp_path: Path, text: str, said: str) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text(text)
    done = wb("benchmark", "--labels", labels)
    assert done.code in (1, 2)
    assert said in done.err


def test_a_picture_that_cannot_be_read_costs_itself_alone(wb, pictures: Path) -> None:
    (pictures.parent / "0-copy-0.png").write_bytes(b"no picture")
    (pictures.parent / "5.png").unlink()
    done = wb("benchmark", "--labels", pictures, "--metric", "phash", "--format", "json", "--device", "cpu")
    assert done.code == 4
    assert "cannot identify" in done.err
    assert "a reference cannot be used" in done.err
    (row,) = told(done.out).values()
    assert (row["n_positive"], row["n_negative"], row["n_refs"]) == (9, 10, 5)


def test_wishes_that_exclude_one_another(wb, store: Store, pictures: Path, tmp_path: Path) -> None:
    assert "leave --labels out" in wb("benchmark", "--mini", "--labels", pictures).err
    assert "wb score --metric" in wb("benchmark", "--metric", "ssim").err
    assert (
        "compares with no reference" in wb("benchmark", "--labels", pictures, "--metric", f"consistency:{PACKAGED}").err
    )
    assert "cannot be written to x.gif" in wb("benchmark", "--mini", "--figure", tmp_path / "x.gif").err


def test_the_ground_truth_of_the_miniature_study(tmp_path: Path) -> None:
    pictures = mini.draw_pictures(tmp_path, variants=1)
    assert len(pictures) == 2 * len({picture.group for picture in pictures}) == 96
    labelled = of_pictures(pictures, ["phash"], "cpu")
    distances = labelled.values["phash"]
    assert distances[labelled.positive].mean() + 5 < distances[~labelled.positive].mean()
