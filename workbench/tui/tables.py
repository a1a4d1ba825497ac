"""The tables that the screens show, column by column."""

from workbench.dates import show_created
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
    Column(
        name="creation_year",
        header="Year",
        meaning="creation, as exactly as it is known; c.: the source says circa",
        show=show_created,
        right=True,
        most=16,
        beside=("creation_precision", "creation_circa"),
    ),
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
HIDDEN_TESTS = ("p", "family", "tau_b")
"""Columns of estimates that are not shown at first."""

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


def _interval(name: str) -> Column:
    """A bound of an interval."""
    meaning = "of its interval, bootstrap over references" if name == "low" else "of its interval"
    return Column(name=name, header=name, meaning=meaning, show=coefficient, right=True, width=5)


def _bounds(name: str, header: str) -> tuple[Column, Column]:
    """Both bounds of the interval of a mean."""
    low, high = (
        _measure(f"{name}_{end}", end, f"{end} end of the 95 % interval of {header}, bootstrap over references")
        for end in ("low", "high")
    )
    return low, high


def _count(name: str, header: str, meaning: str) -> Column:
    """A column of a whole number."""
    return Column(name=name, header=header, meaning=meaning, show=count, right=True, highest_first=True)


def _coefficient(name: str, header: str, meaning: str) -> Column:
    """A column of a number with its sign."""
    return Column(name=name, header=header, meaning=meaning, show=coefficient, right=True, width=5, highest_first=True)


MEASURE = Column(name="measure", header="Measure", meaning="cra, vi, crt, or mean s", show=text)
COVARIATE = Column(name="covariate", header="Covariate", meaning="property of the reference", show=text, most=22)
KIND = Column(name="kind", header="Kind", meaning="static, dynamic, or all references", show=text)
MODEL = Column(name="model_id", header="Model", meaning="text-to-image model", show=text, most=16)
PERTURBATION = Column(name="perturbation", header="Perturb.", meaning="prompt condition", show=text, most=14)
METHOD = Column(name="method", header="Method", meaning="how it is measured", show=text, most=18)
REMARK = Column(name="reason", header="Remark", meaning="why it is not estimable", show=text, stretches=True, empty="")
P_ADJUSTED = Column(
    name="p_adjusted",
    header="p adj.",
    meaning="two-sided, adjusted within its family (Benjamini–Hochberg)",
    show=probability,
    right=True,
    width=5,
)
P = Column(name="p", header="p", meaning="two-sided, not adjusted", show=probability, right=True, width=5)
FAMILY = _count("family", "Tests", "tests adjusted together")
INTERVAL = (_interval("low"), _interval("high"))
EFFECT = _coefficient("effect", "effect", "rank-biserial correlation: +1 where it is higher for every reference")
PAIRS = _count("n", "n", "references with both values")

CORRELATIONS = (
    *(COVARIATE, MEASURE, KIND, MODEL, PERTURBATION),
    _coefficient("rho", "ρ", "Spearman's rho"),
    *(*INTERVAL, PAIRS, P_ADJUSTED, P, FAMILY),
    _coefficient("tau_b", "τ-b", "Kendall's tau-b"),
    *(METHOD, REMARK),
)
PARTIALS = (
    *(COVARIATE, MEASURE, KIND, MODEL, PERTURBATION),
    _coefficient("partial_rho", "ρ held", "Spearman's rho, all other covariates held"),
    *INTERVAL,
    _coefficient("rho", "ρ", "over the same references, none held"),
    *(_count("n", "n", "references with the measure and all covariates"), P_ADJUSTED, P, FAMILY),
    Column(name="controls", header="Held", meaning="the covariates that are held", show=text, most=40),
    *(METHOD, REMARK),
)
DIFFERENCES = (
    Column(name="model_a", header="Model A", meaning="a text-to-image model", show=text, most=16),
    Column(name="model_b", header="Model B", meaning="another one", show=text, most=16),
    *(PERTURBATION, KIND, MEASURE),
    _coefficient("difference", "B−A", "mean of B less A over the references that both have"),
    *INTERVAL,
    Column(name="mean_a", header="A", meaning="mean of A", show=share, right=True, width=4),
    Column(name="mean_b", header="B", meaning="mean of B", show=share, right=True, width=4),
    *(P_ADJUSTED, P, FAMILY, EFFECT, PAIRS, REMARK),
)
DROPS = (
    *(MODEL, PERTURBATION, KIND, MEASURE),
    _coefficient("difference", "change", "mean of the perturbation less the title, over the references with both"),
    *INTERVAL,
    Column(name="title", header="title", meaning="mean under the title", show=share, right=True, width=4),
    Column(name="perturbed", header="pert.", meaning="mean under the perturbation", show=share, right=True, width=4),
    *(P_ADJUSTED, P, FAMILY, EFFECT, PAIRS, REMARK),
)

MODELS = (
    Column(name="model_id", header="Model", meaning="text-to-image model", show=text, most=20),
    Column(name="perturbation", header="Perturb.", meaning="prompt condition", show=text, most=14),
    Column(name="kind", header="Kind", meaning="static, dynamic, or all references", show=text),
    Column(name="n_refs", header="Refs", meaning="references with a scored image", show=count, right=True),
    _measure("cra", "CRA", "mean over references"),
    *_bounds("cra", "CRA"),
    _measure("vr", "VR", "mean over the references with a recognised image"),
    _measure("vi", "VI", "1 − VR"),
    *_bounds("vi", "VI"),
    _measure("crt", "CRT", "mean over references"),
    *_bounds("crt", "CRT"),
    Column(name="n", header="n", meaning="scored images", show=count, right=True, highest_first=True),
    _measure("mean_s", "s", "mean similarity"),
    _measure("vi_all", "VI*", "VI over all scored images"),
    _measure("crt_all", "CRT*", "CRA × VI*"),
    Column(name="reason", header="Remark", meaning="why it has no interval", show=text, stretches=True, empty=""),
)

RUNS = (
    Column(name="command", header="Command", meaning="of wb", show=text, most=12),
    Column(
        name="outcome",
        header="Outcome",
        meaning="how it ended; killed: its process is gone; quiet: no sign for a minute",
        show=text,
        most=12,
    ),
    Column(
        name="started_utc", header="Started (UTC)", meaning="when it began", show=moment, width=16, highest_first=True
    ),
    Column(name="duration", header="Took", meaning="until its end or last sign", show=duration, right=True, width=8),
    Column(name="done", header="Done", meaning="items written with success", show=count, right=True),
    Column(name="planned", header="Planned", meaning="items planned", show=count, right=True),
    Column(name="failed", header="Failed", meaning="items that failed", show=count, right=True, highest_first=True),
    Column(name="message", header="Remark", meaning="the error, or a remark", show=text, stretches=True, empty=""),
)
