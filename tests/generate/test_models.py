"""``wb models``: what is known of a model, and whether it can run here; the hub is a real server on loopback."""

import json
import shutil
from pathlib import Path

import pytest

from generate.models.table import known_models
from tests.fixtures import hub
from tests.fixtures.studies import add_references
from workbench.store import Store


def checks(out: str) -> dict[str, tuple[str, str]]:
    """Verdict and result by item."""
    return {row["item"]: (row["ok"], row["result"]) for row in json.loads(out)}


def test_the_list_is_the_same_by_either_name(wb):
    assert wb("models", "--format", "json").out == wb("models", "list", "--format", "json").out


def test_one_model_is_shown_whole(wb):
    done = wb("models", "show", "flux-schnell", "--format", "json")
    shown = {row["field"]: row["value"] for row in json.loads(done.out)}
    assert (shown["steps"], shown["guidance"], shown["call"]) == ("4", "0.0", "max_sequence_length 256")
    assert shown["hub_id"] == known_models()["flux-schnell"].hub_id
    assert "did you mean sdxl" in wb("models", "show", "sdlx").err


def test_a_folder_is_checked_without_a_hub(wb, tiny: Path):
    done = wb("models", "check", tiny, "--device", "cpu", "--format", "json")
    assert done.code == 0
    found = checks(done.out)
    assert list(found) == ["model", "pipeline", "weights", "memory"]
    assert {ok for ok, _ in found.values()} == {"yes"}
    assert found["pipeline"][1] == "StableDiffusionPipeline, family sd"


def test_a_name_that_is_no_model(wb):
    assert wb("models", "check", "sd51").code == 2


def test_a_model_of_the_hub_is_checked_then_downloaded_then_complete(wb, ask, tiny: Path, store: Store):
    from huggingface_hub import HfApi

    add_references(store, count=1)
    check = ("models", "check", "org/tiny", "--device", "cpu", "--format", "json")
    with hub.serving("org/tiny", tiny) as address:
        ask(address)
        before = checks(wb(*check).out)
        assert {item: ok for item, (ok, _) in before.items()} == {
            "model": "yes",
            "pipeline": "yes",
            "weights": "yes",
            "hub": "yes",
            "cache": "yes",
            "disk": "yes",
            "memory": "yes",
        }
        assert before["weights"][1] == "safetensors, as the hub says"
        assert before["memory"][1].startswith("about 11.2 MB to 22.4 MB of weights as float32")
        assert hub.COMMIT in before["model"][1]
        assert before["cache"][1].startswith("nothing; ")
        assert before["cache"][1].endswith(" MB to download")
        HfApi().snapshot_download("org/tiny")
        after = checks(wb(*check).out)
    assert after["cache"][1].endswith("; complete")
    assert after["weights"] == ("yes", "safetensors, whole")
    assert after["memory"][0] == "yes"
    assert after["memory"][1].startswith("11.2 MB of weights")
    unplugged = wb(*check)
    assert unplugged.code == 0
    assert checks(unplugged.out)["hub"][0] == "?"
    made = wb("generate", "--model", "org/tiny", "--steps", 2, "--images-per-prompt", 2, "--device", "cpu")
    assert made.code == 0, made.err
    assert store.sql("SELECT hub_id, revision FROM models").row(0) == ("org/tiny", hub.COMMIT)


@pytest.mark.parametrize(("token", "code"), [("", 1), (hub.TOKEN, 0)])
def test_a_gated_model_wants_a_token_that_is_accepted(wb, ask, tiny: Path, token: str, code: int):
    with hub.serving("org/gated", tiny, gated=True) as address:
        ask(address, token)
        done = wb("models", "check", "org/gated", "--device", "cpu", "--format", "json")
    assert done.code == code
    found = checks(done.out)
    if token:
        assert found["hub"] == ("yes", "reachable, gated, and your token is accepted")
    else:
        assert found["model"][0] == "no"
        assert "is gated" in found["model"][1]
        assert "cannot run here: org/gated" in done.err
        assert {"disk", "memory"} < set(found)


def test_of_a_listed_model_that_the_hub_does_not_give_is_said_what_is_known(wb, ask):
    ask("http://127.0.0.1:9")
    done = wb("models", "check", "sd3", "--device", "cpu", "--format", "json")
    assert done.code == 1
    found = checks(done.out)
    assert {item: ok for item, (ok, _) in found.items()} == {"model": "no", "hub": "?", "disk": "?", "memory": "?"}
    assert found["hub"][1].startswith("gated: it wants a token and your consent")
    assert "free for downloads" in found["disk"][1]
    assert "cpu has" in found["memory"][1]


def test_of_a_model_whose_index_alone_is_here_is_said_that_the_rest_is_not(wb, ask, tiny: Path, tmp_path: Path):
    spec = known_models()["sd3"]
    place = tmp_path / "cache" / f"models--{spec.hub_id.replace('/', '--')}" / "snapshots" / spec.revision
    place.mkdir(parents=True)
    shutil.copy(tiny / "model_index.json", place)
    ask("http://127.0.0.1:9")
    found = checks(wb("models", "check", "sd3", "--device", "cpu", "--format", "json").out)
    assert found["weights"] == ("no", "none of them is here")
    assert found["hub"][0] == "no"
    assert "gated: it wants a token and your consent" in found["hub"][1]
    assert (found["disk"][0], found["memory"][0]) == ("?", "?")
