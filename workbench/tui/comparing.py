"""What is computed from rows: correlations, differences of models, drops by perturbation. Runs in worker threads.

First without intervals, in a moment; then with them, which takes seconds for a whole study.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa

if TYPE_CHECKING:
    from workbench.analysis.resampling import Bootstrap

Table = Callable[[pl.DataFrame, Sequence[str], "Bootstrap"], pl.DataFrame]


def correlations(pairs: pl.DataFrame, kinds: Sequence[str], bootstrap: "Bootstrap") -> pl.DataFrame:
    """As ``wb analyze correlations``."""
    from workbench.analysis import correlation

    return correlation.as_frame(correlation.correlations(pairs, kinds, bootstrap=bootstrap))


def partials(pairs: pl.DataFrame, kinds: Sequence[str], bootstrap: "Bootstrap") -> pl.DataFrame:
    """As ``wb analyze partial``."""
    from workbench.analysis.blocks import KINDS, MEASURES
    from workbench.analysis.confounding import PartialCorrelation, partial_correlations

    found = _frame(partial_correlations(pairs, kinds, bootstrap=bootstrap), PartialCorrelation)
    measure, kind = (pl.col(name).cast(pl.Enum(of)) for name, of in (("measure", MEASURES), ("kind", KINDS)))
    return found.sort("covariate", "method", measure, "model_id", "settings_id", "perturbation", kind)


def differences(rows: pl.DataFrame, kinds: Sequence[str], bootstrap: "Bootstrap") -> pl.DataFrame:
    """As ``wb analyze models``."""
    from workbench.analysis.models import ModelDifference, model_differences

    return _frame(model_differences(rows, kinds, bootstrap=bootstrap), ModelDifference)


def drops(rows: pl.DataFrame, kinds: Sequence[str], bootstrap: "Bootstrap") -> pl.DataFrame:
    """As ``wb analyze perturbations``."""
    from workbench.analysis.perturbations import PerturbationEffect, perturbation_effects

    return _frame(perturbation_effects(rows, kinds, bootstrap=bootstrap), PerturbationEffect)


def places(rows: pl.DataFrame, kinds: Sequence[str], bootstrap: "Bootstrap") -> pl.DataFrame:
    """As ``wb analyze models --show plane``."""
    from workbench.analysis.models import ModelPlace, model_places

    return _frame(model_places(rows, kinds, bootstrap=bootstrap), ModelPlace)


def quickly(table: Table, rows: pl.DataFrame, kind: str | None, value: str) -> pa.Table:
    """A table without intervals; that they are missing is no remark.

    Args:
        table: one of the functions above.
        rows: what it takes in.
        kind: the one kind that is asked for; None: each and all.
        value: its column that is estimated.
    """
    from workbench.analysis.resampling import Bootstrap

    found = table(rows, kinds_of(kind), Bootstrap(resamples=0))
    known = pl.col(value).is_not_null()
    return found.with_columns(reason=pl.when(known).then(None).otherwise(pl.col("reason"))).to_arrow()


def kinds_of(kind: str | None) -> Sequence[str]:
    """The kinds that an analysis gives."""
    from workbench.analysis.blocks import KINDS

    return [kind] if kind else KINDS


def held_ranks(pairs: pl.DataFrame, row: dict[str, Any]) -> pl.DataFrame:
    """What is left of the ranks of a covariate and a measure when the covariates that are held are taken out.

    Args:
        pairs: rows of query ``correlation_input``.
        row: of the table of partial correlations.

    Returns:
        qid, x and y of each reference that has them all: Pearson's r of x and y is the partial rho of the row.
    """
    import numpy as np
    from scipy import stats

    from workbench.analysis.blocks import blocks, taken_together

    chosen = pairs.filter(pl.col("perturbation") == row["perturbation"])
    block = next(iter(blocks(chosen, [row["kind"]])))
    fact = next(f for f in block.facts if (f.covariate, f.method) == (row["covariate"], row["method"]))
    systems = [s for s in block.systems if (s.model_id, s.settings_id) == (row["model_id"], row["settings_id"])]
    measured = block.systems[systems[0]][row["measure"]] if systems else block.pooled(row["measure"])
    if measured is None:
        return pl.DataFrame(schema={"qid": pl.String, "x": pl.Float64, "y": pl.Float64})
    held = [block.facts[f] for f in taken_together(block.facts) if f.covariate != fact.covariate]
    columns = np.array([block.facts[fact], measured, *held]).T
    whole = np.isfinite(columns).all(axis=1)
    ranks = stats.rankdata(columns[whole], axis=0) if whole.any() else columns[whole]
    controls = np.column_stack([np.ones(len(ranks)), ranks[:, 2:]])
    left = ranks[:, :2] - controls @ np.linalg.lstsq(controls, ranks[:, :2], rcond=None)[0]
    return pl.DataFrame({"qid": np.array(block.qids)[whole].tolist(), "x": left[:, 0], "y": left[:, 1]})


def _frame(records: Sequence[Any], record: type[Any]) -> pl.DataFrame:
    from workbench.analysis.frames import records_frame

    return records_frame(records, record)
