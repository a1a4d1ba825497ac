"""Models by name: the table, local folders, hub ids, and what is said where there is none."""

import json
import re
import shutil
from pathlib import Path

import pytest

from generate.models.settings import Size, Wishes, settings_for
from generate.models.source import find_model
from generate.models.table import known_models
from workbench.errors import ConfigError, ModelError

KEYS = ["sd14", "sd15", "sd21", "sdxl", "sd3", "sd35-medium", "flux-schnell", "pixart-sigma"]


def test_the_table_holds_eight_models_of_the_hub_with_sane_settings():
    models = {key: spec for key, spec in known_models().items() if not spec.hub_id.startswith("packaged:")}
    assert list(models) == KEYS
    assert len({spec.hub_id for spec in models.values()}) == len(KEYS)
    for spec in models.values():
        assert spec.hub_id.count("/") == 1
        assert re.fullmatch("[0-9a-f]{40}", spec.revision), "a branch is other weights next year"
        assert spec.width % 8 == spec.height % 8 == 0
        assert spec.dtype in {"float16", "bfloat16"}
    assert models["flux-schnell"].extra == {"max_sequence_length": 256}
    assert (models["flux-schnell"].steps, models["flux-schnell"].guidance) == (4, 0.0)
    assert [key for key, spec in models.items() if spec.gated] == ["sd3", "sd35-medium", "flux-schnell"]
    assert [key for key, spec in models.items() if spec.variant] == ["sdxl"]


def test_models_are_listed_as_data(wb):
    found = wb("models", "--format", "json")
    assert found.code == 0
    assert [row["model"] for row in json.loads(found.out)] == list(known_models())


def test_a_folder_is_named_by_its_name_and_known_by_its_content(tiny: Path, tmp_path: Path):
    first = find_model(str(tiny))
    assert (first.model_id, first.pipeline, first.scheduler) == ("tiny", "StableDiffusionPipeline", "PNDMScheduler")
    assert first.family.name == "sd"
    copy = tmp_path / "elsewhere" / "tiny"
    shutil.copytree(tiny, copy)
    (copy / ".cache").mkdir()
    (copy / ".cache" / "noise").write_text("a download's leftovers")
    assert find_model(str(copy)).revision == first.revision
    config = copy / "scheduler" / "scheduler_config.json"
    config.write_text(config.read_text().replace("0.012", "0.013"))
    assert find_model(str(copy)).revision != first.revision


def test_renaming_a_file_changes_the_revision(tiny: Path, tmp_path: Path):
    copy = tmp_path / "tiny"
    shutil.copytree(tiny, copy)
    (copy / "vae").rename(copy / "vae2")
    assert find_model(str(copy)).revision != find_model(str(tiny)).revision


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("sd51", ConfigError, "did you mean sd21 or sd15"),
        ("./nowhere", ConfigError, "no folder ./nowhere"),
        ("a/b/c", ConfigError, "no folder a/b/c"),
    ],
)
def test_a_name_that_is_none(name: str, error: type[Exception], said: str):
    with pytest.raises(error, match=said):
        find_model(name)


def test_a_folder_that_is_no_model(tmp_path: Path):
    with pytest.raises(ModelError, match="is not in the diffusers format"):
        find_model(str(tmp_path))
    (tmp_path / "model_index.json").write_text("{")
    with pytest.raises(ModelError, match="not readable JSON"):
        find_model(str(tmp_path))
    (tmp_path / "model_index.json").write_text(json.dumps({"_class_name": ["pipeline", "Own"]}))
    with pytest.raises(ModelError, match="names no pipeline"):
        find_model(str(tmp_path))


def test_a_file_is_no_model(tmp_path: Path):
    path = tmp_path / "model.safetensors"
    path.touch()
    with pytest.raises(ConfigError, match="is a file"):
        find_model(str(path))


def test_settings_come_from_the_weights_unless_asked_otherwise(tiny: Path):
    source = find_model(str(tiny))
    own = settings_for(source, Wishes(), "float32")
    assert (own.steps, own.guidance, own.width, own.height) == (50, 7.5, 64, 64)
    asked = settings_for(source, Wishes(steps=4, guidance=0.0, size=Size(width=32, height=48)), "float32")
    assert (asked.steps, asked.guidance, asked.width, asked.height) == (4, 0.0, 32, 48)
    assert own.settings_id != asked.settings_id
    assert own.settings_id == settings_for(source, Wishes(steps=50), "float32").settings_id


def test_a_size_that_no_model_makes(tiny: Path):
    with pytest.raises(ConfigError, match="multiples of 8"):
        settings_for(find_model(str(tiny)), Wishes(size=Size(width=65, height=64)), "float32")


def test_switching_the_safety_checker_off_is_a_setting_only_where_there_is_one(tiny: Path, flawed):
    def both(folder: Path) -> set[str]:
        source = find_model(str(folder))
        return {settings_for(source, Wishes(), "float32", safety_checker=on).settings_id for on in (True, False)}

    assert len(both(tiny)) == 1
    assert len(both(flawed(safety_checker="passes"))) == 2
