"""The tables that the screens show, column by column."""

from workbench.tui.columns import Column, coefficient, count, probability, share, text
from workbench.tui.dates import show_year

REFERENCES = (
    Column(name="label", header="Reference", meaning="title of the reference", show=text, stretches=True),
    Column(name="model_id", header="Model", meaning="text-to-image model", show=text, most=16),
    Column(name="perturbation", header="Perturb.", meaning="prompt condition", show=text, most=14),
    Column(
        name="n", header="n", meaning="generated images that are scored", show=count, right=True, highest_first=True
    ),
    Column(
        name="cra",
        header="CRA",
        meaning="share of them that is recognised: s ≥ τ of its kind",
        show=share,
        right=True,
        width=4,
        highest_first=True,
    ),
    Column(
        name="vr",
        header="VR",
        meaning="share of the 16 patches with p ≥ τ_reuse, mean over the recognised images",
        show=share,
        right=True,
        width=4,
        highest_first=True,
    ),
    Column(name="vi", header="VI", meaning="1 − VR", show=share, right=True, width=4, highest_first=True),
    Column(
        name="crt",
        header="CRT",
        meaning="CRA × VI: recognised and transformed (0 where none is recognised)",
        show=share,
        right=True,
        width=4,
        highest_first=True,
    ),
    Column(
        name="popularity", header="Links", meaning="popularity: sitelinks", show=count, right=True, highest_first=True
    ),
    Column(name="creation_year", header="Year", meaning="creation", show=show_year, right=True, most=9),
    Column(name="type", header="Type", meaning="kind of work", show=text, most=12),
)

CORRELATIONS = (
    Column(name="covariate", header="Covariate", meaning="property of the reference", show=text, most=22),
    Column(name="method", header="Method", meaning="how it is measured", show=text, most=18),
    Column(name="measure", header="Measure", meaning="cra, vi, crt, or mean s", show=text),
    Column(name="model_id", header="Model", meaning="text-to-image model", show=text, most=16),
    Column(name="perturbation", header="Perturb.", meaning="prompt condition", show=text, most=14),
    Column(name="kind", header="Kind", meaning="static, dynamic, or all references", show=text),
    Column(name="rho", header="ρ", meaning="Spearman's rho", show=coefficient, right=True, width=5, highest_first=True),
    Column(
        name="p",
        header="p",
        meaning="two-sided, of no association; not adjusted",
        show=probability,
        right=True,
        width=5,
    ),
    Column(name="n", header="n", meaning="references with both values", show=count, right=True, highest_first=True),
    Column(name="reason", header="Remark", meaning="why it is not estimable", show=text, stretches=True, empty=""),
)
