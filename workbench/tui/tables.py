"""The tables that the screens show, column by column."""

from workbench.tui.columns import (
    Column,
    coefficient,
    count,
    duration,
    moment,
    probability,
    share,
    text,
    three,
    yes_no,
)
from workbench.tui.dates import show_year


def _measure(name: str, header: str, meaning: str) -> Column:
    """A column of a measure between 0 and 1."""
    return Column(name=name, header=header, meaning=meaning, show=share, right=True, width=4, highest_first=True)


REFERENCES = (
    Column(name="label", header="Reference", meaning="title of the reference", show=text, stretches=True),
    Column(name="model_id", header="Model", meaning="text-to-image model", show=text, most=16),
    Column(name="perturbation", header="Perturb.", meaning="prompt condition", show=text, most=14),
    Column(
        name="n", header="n", meaning="generated images that are scored", show=count, right=True, highest_first=True
    ),
    _measure("cra", "CRA", "share of them that is recognised: s ≥ τ of its kind"),
    _measure("vr", "VR", "share of the 16 patches with p ≥ τ_reuse, mean over the recognised images"),
    _measure("vi", "VI", "1 − VR"),
    _measure("crt", "CRT", "CRA × VI: recognised and transformed (0 where none is recognised)"),
    Column(
        name="popularity", header="Links", meaning="popularity: sitelinks", show=count, right=True, highest_first=True
    ),
    Column(name="creation_year", header="Year", meaning="creation", show=show_year, right=True, most=9),
    Column(name="type", header="Type", meaning="kind of work", show=text, most=12),
    Column(name="kind", header="Kind", meaning="static or dynamic", show=text),
    Column(
        name="training_frequency",
        header="Freq.",
        meaning="training frequency: how often the training data name it",
        show=count,
        right=True,
        most=9,
        highest_first=True,
    ),
    Column(
        name="textual_uniqueness",
        header="Uniq.",
        meaning="textual uniqueness of the title",
        show=share,
        right=True,
        most=9,
        highest_first=True,
    ),
    _measure("mean_s", "s", "mean similarity to the reference images"),
    _measure("vr_all", "VR*", "VR over all scored images, recognised or not"),
    _measure("vi_all", "VI*", "1 − VR*"),
    _measure("crt_all", "CRT*", "CRA × VI*"),
    Column(name="n_excluded", header="Excl.", meaning="images blocked, black or failed", show=count, right=True),
    Column(name="qid", header="QID", meaning="Wikidata item", show=text, most=12),
)
HIDDEN = (
    "kind",
    "training_frequency",
    "textual_uniqueness",
    "mean_s",
    "vr_all",
    "vi_all",
    "crt_all",
    "n_excluded",
    "qid",
)
"""Columns of the references that are not shown at first."""
HIDDEN_CORRELATIONS = ("p", "family", "tau_b")
"""Columns of the correlations that are not shown at first."""

IMAGES = (
    Column(name="label", header="Reference", meaning="title of the reference", show=text, stretches=True),
    Column(name="model_id", header="Model", meaning="text-to-image model", show=text, most=16),
    Column(name="perturbation", header="Perturb.", meaning="prompt condition", show=text, most=14),
    Column(name="seed", header="Seed", meaning="seed of the image", show=count, right=True, width=6),
    Column(
        name="s",
        header="s",
        meaning="highest similarity to a reference image",
        show=three,
        right=True,
        width=6,
        highest_first=True,
    ),
    Column(name="recognised", header="✓", meaning="recognised: s ≥ τ of its kind", show=yes_no, width=3),
    Column(
        name="vr",
        header="VR",
        meaning="share of its 16 patches with p ≥ τ_reuse",
        show=share,
        right=True,
        width=5,
        highest_first=True,
    ),
    Column(name="variant", header="Var.", meaning="variant of the prompt", show=count, right=True, width=4),
)

CORRELATIONS = (
    Column(name="covariate", header="Covariate", meaning="property of the reference", show=text, most=22),
    Column(name="measure", header="Measure", meaning="cra, vi, crt, or mean s", show=text),
    Column(name="rho", header="ρ", meaning="Spearman's rho", show=coefficient, right=True, width=5, highest_first=True),
    Column(
        name="low", header="low", meaning="of its interval, bootstrap over references", show=coefficient, right=True
    ),
    Column(name="high", header="high", meaning="of its interval", show=coefficient, right=True),
    Column(name="n", header="n", meaning="references with both values", show=count, right=True, highest_first=True),
    Column(
        name="p_adjusted",
        header="p adj.",
        meaning="two-sided, adjusted within its family (Benjamini–Hochberg)",
        show=probability,
        right=True,
        width=5,
    ),
    Column(name="p", header="p", meaning="two-sided, not adjusted", show=probability, right=True, width=5),
    Column(name="family", header="Tests", meaning="tests adjusted together", show=count, right=True),
    Column(name="tau_b", header="τ-b", meaning="Kendall's tau-b", show=coefficient, right=True, width=5),
    Column(name="kind", header="Kind", meaning="static, dynamic, or all references", show=text),
    Column(name="model_id", header="Model", meaning="text-to-image model", show=text, most=16),
    Column(name="perturbation", header="Perturb.", meaning="prompt condition", show=text, most=14),
    Column(name="method", header="Method", meaning="how it is measured", show=text, most=18),
    Column(name="reason", header="Remark", meaning="why it is not estimable", show=text, stretches=True, empty=""),
)

MODELS = (
    Column(name="model_id", header="Model", meaning="text-to-image model", show=text, most=20),
    Column(name="perturbation", header="Perturb.", meaning="prompt condition", show=text, most=14),
    Column(name="kind", header="Kind", meaning="static, dynamic, or all references", show=text),
    Column(name="n_refs", header="Refs", meaning="references with a scored image", show=count, right=True),
    Column(name="n", header="n", meaning="scored images", show=count, right=True, highest_first=True),
    _measure("cra", "CRA", "mean over references"),
    _measure("vr", "VR", "mean over the references with a recognised image"),
    _measure("vi", "VI", "1 − VR"),
    _measure("crt", "CRT", "mean over references"),
    _measure("mean_s", "s", "mean similarity"),
    _measure("vi_all", "VI*", "VI over all scored images"),
    _measure("crt_all", "CRT*", "CRA × VI*"),
)

RUNS = (
    Column(name="command", header="Command", meaning="of wb", show=text, most=12),
    Column(name="outcome", header="Outcome", meaning="how it ended", show=text, most=12),
    Column(
        name="started_utc", header="Started (UTC)", meaning="when it began", show=moment, width=16, highest_first=True
    ),
    Column(name="duration", header="Took", meaning="until its end or last sign", show=duration, right=True, width=8),
    Column(name="done", header="Done", meaning="items written with success", show=count, right=True),
    Column(name="planned", header="Planned", meaning="items planned", show=count, right=True),
    Column(name="failed", header="Failed", meaning="items that failed", show=count, right=True, highest_first=True),
    Column(name="message", header="Remark", meaning="the error, or a remark", show=text, stretches=True, empty=""),
)
