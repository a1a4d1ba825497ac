"""Rows of ``ref_scores`` as one row per reference, one column per model, condition and measure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis.blocks import MEASURES, System
from workbench.analysis.frames import Values, by_kind, values

COUNTS = ("n", "n_recognised", "n_excluded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wide:
    """References of one kind; every array has one value per reference, NaN where missing."""

    kind: str
    qids: Sequence[str]
    labels: Sequence[str]
    columns: dict[tuple[System, str], dict[str, Values]]
    """(model, perturbation) → name → values: the measures and ``COUNTS``."""

    def systems(self) -> list[System]:
        """The models, in order of their names."""
        return sorted({system for system, _ in self.columns})

    def perturbations(self) -> list[str]:
        """The prompt conditions, in order of their names."""
        return sorted({perturbation for _, perturbation in self.columns})


def wide(frame: pl.DataFrame, kinds: Sequence[str]) -> Iterator[Wide]:
    """Turn rows of query ``ref_scores`` round, per kind; references without images are left out."""
    frame = frame.filter(pl.col("model_id").is_not_null())
    for kind, chosen in by_kind(frame, kinds):
        refs = chosen.unique("qid").sort("qid").select("qid", "label").with_row_index("at")
        chosen = chosen.join(refs.select("qid", "at"), on="qid")
        columns = {}
        keys = "model_id", "settings_id", "perturbation"
        for (model_id, settings_id, perturbation), part in chosen.partition_by(*keys, as_dict=True).items():
            at = part["at"].to_numpy()
            spread = {name: np.full(refs.height, np.nan) for name in (*MEASURES, *COUNTS)}
            for name, column in spread.items():
                column[at] = values(part, name)
            columns[System(str(model_id), str(settings_id)), str(perturbation)] = spread
        yield Wide(kind=kind, qids=refs["qid"].to_list(), labels=refs["label"].to_list(), columns=columns)
