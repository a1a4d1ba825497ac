"""What a run was about, in the list of runs and in the status."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from workbench.store import RunLog, Store

Wb = Callable[..., Outcome]
ABOUT = {
    "the model, not the prompts": ({"model": "sd15", "perturbations": ["title"], "images": 3}, "sd15"),
    "a folder by its name": ({"model": "/home/me/models/my-model"}, "my-model"),
    "a file": ({"from": "/data/references.csv"}, "references.csv"),
    "a folder of pictures": ({"images": "/data/paintings", "kind": "static"}, "paintings"),
    "a step of ingest": ({"source": "frequency", "captions": ["x.csv"]}, "frequency"),
    "prompts": ({"source": "references", "perturbations": ["synonym", "literal"]}, "synonym, literal"),
    "measures": ({"metrics": ["phash", "ssim"], "model": None}, "phash, ssim"),
    "an encoder": ({"images": 500, "encoder": "efficientnet-lite0"}, "efficientnet-lite0"),
    "many": ({"shards": [f"/s/{n}" for n in range(40)]}, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …"),
    "control characters": ({"model": "a\x1b[31m"}, "a [31m"),
    "nothing": ({}, None),
}


@pytest.mark.parametrize("case", ABOUT)
def test_runs_say_what_they_were_about(store: Store, wb: Wb, case: str) -> None:
    arguments, expected = ABOUT[case]
    with RunLog(store, "ingest", arguments):
        pass
    (row,) = json.loads(wb("runs", "--format", "json").out)
    assert row["about"] == expected
    assert f"  ingest {expected}: done" in wb("status").err or expected is None


@pytest.mark.parametrize(
    "command",
    [
        ("analyze", "cells"),
        ("report", "--out", "r"),
        ("export", "-o", "e"),
    ],
)
def test_a_false_rate_without_calibration_is_refused(
    store: Store, wb: Wb, command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome: Any = wb(*command, "--false-rate", 0.01)
    assert outcome.code == 2
    assert outcome.err == ("wb: --false-rate is of calibrated thresholds\nhint: --thresholds calibrated takes them\n")
    assert not list(tmp_path.glob("[re]"))


def test_thresholds_that_the_miniature_benchmark_would_not_take_are_refused(wb: Wb) -> None:
    outcome = wb("benchmark", "--mini", "--thresholds", "calibrated", "--tau-reuse", 0.5)
    assert outcome.code == 2
    assert outcome.err.startswith("wb: --thresholds, --tau-reuse: --mini takes no thresholds\n")


def test_the_schema_says_what_the_status_of_an_image_may_be(store: Store, wb: Wb) -> None:
    columns = {
        row["column"]: row["meaning"] for row in json.loads(wb("schema", "image_scores", "--format", "json").out)
    }
    assert columns["status"] == "ok, blocked, black or failed: of the generated image."
