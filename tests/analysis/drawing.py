"""Frames as the queries give them, from arrays."""

from collections.abc import Mapping

import numpy as np
import polars as pl


def long_frame(
    covariates: Mapping[str, np.ndarray], models: Mapping[str, np.ndarray], kind: str = "static"
) -> pl.DataFrame:
    """Rows of query ``correlation_input``: each model's values stand for all four measures; ``y`` is no covariate."""
    rows = []
    for model, y in models.items():
        for name, x in covariates.items():
            for i, (value, measure) in enumerate(zip(x, y, strict=True)):
                if name != "y" and np.isfinite(value):
                    known = float(measure) if np.isfinite(measure) else None
                    rows.append((f"Q{i}", kind, model, "s", "title", name, "given", float(value), *[known] * 4))
    names = ["qid", "kind", "model_id", "settings_id", "perturbation", "covariate", "method", "value"]
    return pl.DataFrame(
        rows,
        schema=dict.fromkeys(names[:-1], pl.String)
        | dict.fromkeys(["value", "mean_s", "cra", "vi", "crt"], pl.Float64),
        orient="row",
    )


def ref_frame(columns: Mapping[tuple[str, str], np.ndarray], kind: str = "static", n: int = 10) -> pl.DataFrame:
    """Rows of query ``ref_scores``: (model, perturbation) → a value per reference, which stands for all measures."""
    rows = []
    for (model, perturbation), values in columns.items():
        for i, value in enumerate(values):
            known = float(value) if np.isfinite(value) else None
            k = 0 if known is None else round(known * n)
            rows.append((f"Q{i}", f"L{i}", kind, model, "s", perturbation, n, k, 1, *[known] * 4))
    texts = ["qid", "label", "kind", "model_id", "settings_id", "perturbation"]
    return pl.DataFrame(
        rows,
        schema=dict.fromkeys(texts, pl.String)
        | dict.fromkeys(["n", "n_recognised", "n_excluded"], pl.Int64)
        | dict.fromkeys(["mean_s", "cra", "vi", "crt"], pl.Float64),
        orient="row",
    )
