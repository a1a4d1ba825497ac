"""Every analysis of studies with next to nothing in them: an answer or a reason, never NaN, never a traceback."""

from collections.abc import Callable

import polars as pl
import pytest

from tests.conftest import Outcome
from tests.tui.study import Plan, fill
from workbench.store import Store, connection

COMMANDS = [
    ["cells"],
    ["correlations"],
    ["partial"],
    ["collinearity"],
    ["stability"],
    ["perturbations"],
    ["perturbations", "--show", "references"],
    ["perturbations", "--show", "survival"],
    ["models"],
    ["models", "--show", "plane"],
    ["frequency"],
    ["frequency", "--show", "curve"],
    ["recognition"],
    ["recognition", "--show", "fit"],
    ["recognition", "--show", "calibration"],
    ["power"],
    ["power", "--show", "references"],
    ["power", "--show", "images"],
    ["agreement"],
    ["agreement", "--show", "auc"],
    ["agreement", "--show", "differences"],
]
STUDIES = {
    "nothing": None,
    "one reference": Plan(refs=1, files=False),
    "one model": Plan(models=("sd15",), files=False),
    "one image each": Plan(images=1, files=False),
    "nothing scored": Plan(scored=0, files=False),
    "a few scored": Plan(scored=0.2, files=False),
    "constant covariates": Plan(files=False),
    "missing covariates": Plan(files=False),
    "ties everywhere": Plan(images=1, files=False),
}
THRESHOLDS = {
    "one model": ["--tau-static", 1, "--tau-dynamic", 1],  # none recognised
    "one image each": ["--tau-static", -1, "--tau-dynamic", -1],  # all recognised
}
CHANGES = {
    "constant covariates": "UPDATE covariates SET value = 3",
    "missing covariates": "DELETE FROM covariates",
    "ties everywhere": "UPDATE covariates SET value = value % 2",
}


@pytest.mark.parametrize("name", STUDIES)
def test_it_answers_or_says_why(store: Store, wb: Callable[..., Outcome], name: str) -> None:
    if (plan := STUDIES[name]) is not None:
        fill(store, plan)
    if name in CHANGES:
        with connection.writing(store.path, 5) as con:
            con.execute(CHANGES[name])
    for command in COMMANDS:
        outcome = wb("analyze", *command, *THRESHOLDS.get(name, []), "--resamples", 200, "--format", "csv")
        assert outcome.code == 0, (command, outcome.err)
        assert "Warning" not in outcome.err
        frame = pl.read_csv(outcome.out.encode(), infer_schema_length=None)
        for column, type_ in frame.schema.items():
            if type_.is_float():
                assert frame[column].drop_nulls().is_finite().all(), (command, column)
        if command[0] == "stability":
            frame = frame.filter(pl.col("left_out") != "")  # with none left out nothing changes
        if "reason" in frame.columns:
            without = frame.filter(pl.col("reason").is_null()).drop("reason")
            assert not without.null_count().sum_horizontal().sum(), (command, without)
