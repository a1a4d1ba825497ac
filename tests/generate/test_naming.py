"""A folder of weights is what it contains: checkpoints of one name stay apart, one that was moved stays itself."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from generate.models.digests import digest_of_all
from generate.models.naming import named_in
from generate.models.settings import Wishes, settings_for
from generate.models.source import find_model
from tests.fixtures.studies import add_references
from workbench.records import Settings
from workbench.store import Store, Write

QUICK = ("--steps", 1, "--images-per-prompt", 1, "--device", "cpu")


@pytest.fixture
def place(tiny: Path, tmp_path: Path) -> Callable[..., Path]:
    """Lays a checkpoint into a folder; another text in its configuration makes it another one."""

    def lay(where: str, text: str = "") -> Path:
        folder = tmp_path / where
        shutil.copytree(tiny, folder)
        if text:
            config = folder / "scheduler" / "scheduler_config.json"
            config.write_text(json.dumps({**json.loads(config.read_text()), "_note": text}))
        return folder

    return lay


def models(store: Store) -> dict[str, int]:
    """Images of each model."""
    counted = store.sql(
        "SELECT m.model_id, count(i.image_id) FROM models m LEFT JOIN images i USING (model_id) GROUP BY ALL"
    )
    return dict(counted.iter_rows())


def test_two_checkpoints_of_one_name_do_not_mix(wb, store: Store, place: Callable[..., Path]):
    add_references(store, count=1)
    first, second = place("a/model"), place("b/model", "trained on")
    for folder in (first, second, first, second):
        done = wb("generate", "--model", folder, *QUICK)
        assert done.code == 0, done.err
    other = f"model-{find_model(str(second)).revision[7:13]}"
    assert models(store) == {"model": 1, other: 1}
    assert "nothing to generate" in done.err
    assert f"goes by {other}" in done.err
    assert dict(store.sql("SELECT model_id, hub_id FROM models").iter_rows()) == {
        "model": str(first),
        other: str(second),
    }


def test_a_folder_that_was_moved_goes_on_with_its_images(wb, store: Store, place: Callable[..., Path], tmp_path: Path):
    add_references(store, count=1)
    folder = place("a/model")
    assert wb("generate", "--model", folder, *QUICK).code == 0
    (tmp_path / "b").mkdir()
    moved = folder.rename(tmp_path / "b" / "final")
    done = wb("generate", "--model", moved, *QUICK, "--images-per-prompt", 2)
    assert done.code == 0, done.err
    assert "goes by model: this study knows these weights by that name" in done.err
    assert models(store) == {"model": 2}
    assert store.sql("SELECT hub_id FROM models").item() == str(moved)
    assert wb("generate", "--like", "last", "--images-per-prompt", 3).code == 0
    assert models(store) == {"model": 3}


def test_a_folder_does_not_take_the_name_of_a_model_of_the_table(store: Store, place: Callable[..., Path]):
    source = find_model(str(place("x/sdxl")))
    assert named_in(store, source).model_id == f"sdxl-{source.revision[7:13]}"


def test_in_a_study_of_before_every_checkpoint_keeps_the_id_that_it_had(store: Store, place: Callable[..., Path]):
    """There both had the folder's name, and the row of the model told of the last alone."""
    first, second = (find_model(str(place(f"{where}/model", where))) for where in "ab")
    settings = [
        Settings(
            model_id="model",
            revision=one.revision,
            steps=1,
            guidance=1,
            width=8,
            height=8,
            dtype="float32",
            scheduler="s",
        )
        for one in (first, second)
    ]
    store.write(
        Write(query="insert_settings", table="settings", records=settings),
        Write(query="insert_models", table="models", records=[second.record()]),
    )
    assert {named_in(store, one).model_id for one in (first, second)} == {"model"}
    third = find_model(str(place("c/model", "c")))
    assert named_in(store, third).model_id != "model"


def test_pictures_made_elsewhere_do_not_claim_a_name(store: Store, place: Callable[..., Path]):
    store.write(Write(query="insert_models_elsewhere", parameters={"model_id": "model"}))
    assert named_in(store, find_model(str(place("a/model")))).model_id == "model"


def test_a_file_beside_the_weights_makes_no_other_model(wb, store: Store, place: Callable[..., Path]):
    add_references(store, count=1)
    folder = place("a/model")
    assert wb("generate", "--model", folder, *QUICK).code == 0
    (folder / "README.md").write_text("hi")
    (folder / "samples").mkdir()
    (folder / "samples" / "index.json").write_text("{}")
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"a pickle")
    done = wb("generate", "--model", folder, *QUICK)
    assert "nothing to generate" in done.err
    assert wb("generate", "--like", "last", "--images-per-prompt", 2).code == 0
    assert models(store) == {"model": 2}


def test_a_study_that_knows_a_folder_by_all_its_files_goes_on(wb, store: Store, place: Callable[..., Path]):
    add_references(store, count=1)
    folder = place("a/model")
    (folder / "README.md").write_text("hi")
    source = find_model(str(folder))
    before = replace(source, revision=f"sha256:{digest_of_all(folder)}")
    assert before.revision != source.revision
    settings = settings_for(before, Wishes(steps=1), "float32")
    store.write(
        Write(query="insert_models", table="models", records=[before.record()]),
        Write(query="insert_settings", table="settings", records=[settings]),
    )
    assert wb("generate", "--model", folder, *QUICK).code == 0
    assert wb("generate", "--like", "last", "--images-per-prompt", 2).code == 0
    assert models(store) == {"model": 2}
    assert store.sql("SELECT DISTINCT settings_id, revision FROM images JOIN settings USING (settings_id)").rows() == [
        (settings.settings_id, before.revision)
    ]
    (folder / "README.md").write_text("changed")
    assert "have changed" in wb("generate", "--like", "last").err


def test_the_packaged_model_is_what_it_was(store: Store):
    mini = find_model("mini")
    assert mini.folder is not None
    assert mini.revision == f"sha256:{digest_of_all(mini.folder)}"
    assert named_in(store, mini) == mini
