"""The study's thresholds are arbitrary for other encoders: whoever takes them without a word is told."""

from collections.abc import Callable

import pytest

from tests.conftest import Outcome
from tests.store.measured import fill, image, reference
from workbench.store import Store

Wb = Callable[..., Outcome]
NOTE = (
    "note: the study's thresholds were chosen for other encoders than these scores are by\n"
    "hint: wb calibrate finds some, --thresholds calibrated takes them\n"
)


@pytest.fixture
def scored(store: Store) -> Store:
    """By an encoder that is not the study's."""
    fill(store, reference("Q1"), image("Q1", 0, s=0.9, p=[0.7] * 16))
    return store


def test_it_is_said_once_on_stderr(scored: Store, wb: Wb) -> None:
    outcome = wb("analyze", "cells", "--format", "csv")
    assert outcome.err == NOTE
    assert outcome.out.startswith("qid,label,")


@pytest.mark.parametrize("options", [("--tau-static", 0.8), ("--tau-reuse", 0.5)])
def test_who_names_a_threshold_knows(scored: Store, wb: Wb, options: tuple[object, ...]) -> None:
    assert wb("analyze", "cells", *options).err == ""


def test_a_false_rate_that_is_refused_is_all_that_is_said(scored: Store, wb: Wb) -> None:
    assert wb("analyze", "cells", "--false-rate", 0.01).err.startswith("wb: --false-rate is of calibrated thresholds")


def test_of_the_studys_encoders_nothing_is_said(measured: Store, wb: Wb) -> None:
    assert wb("analyze", "cells", "--db", measured.path, "--resamples", 200).err == ""


def test_where_nothing_is_scored_nothing_is_said_of_thresholds(store: Store, wb: Wb) -> None:
    fill(store, reference("Q1"))
    assert "thresholds" not in wb("analyze", "cells").err
