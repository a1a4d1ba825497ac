"""The sections of the report, in order: to add one, add an entry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.report import (
    associations,
    brief,
    comparisons,
    gallery,
    holdings,
    judged,
    measures,
    provenance,
    regressed,
)
from workbench.report.blocks import Block
from workbench.report.study import Study
from workbench.report.tables import Column, nothing, table

Builder = Callable[[Study], Sequence[Block]]
COLLINEAR = (
    "Training frequency, popularity and creation date overlap: a correlation with one of them may be another's. "
    "A correlation is no cause."
)
SELECTED = (
    "VR and VI are means over the recognised images, which each model selects for itself; "
    "“all” averages over all scored images instead."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of the report."""

    key: str
    """Its anchor: lower-case letters and hyphens."""
    title: str
    build: Builder
    queries: Sequence[str]
    """The queries that it asks: their SQL stands below it."""
    command: str = ""
    """Of ``wb``, that prints what its tables show; thresholds and the like are added to those of ``wb analyze``."""
    resampled: bool = True
    """The command takes ``--resamples`` and ``--seed``."""
    caveat: str = ""


def of_records(
    analyse: Callable[[Study], Sequence[Any]], caption: str, columns: Sequence[Column], empty: str
) -> Builder:
    """What builds a section that is one table of an analysis.

    Args:
        analyse: gives the records, for instance ``lambda study: study.analysed(collinearity, study.frame("…"))``.
        caption: of the table.
        columns: of the table, made of the fields of a record; its ``reason`` is told by itself.
        empty: why there may be no record.
    """

    def build(study: Study) -> Sequence[Block]:
        found = analyse(study)
        return [table(caption, study.rows(found), columns)] if found else [nothing(empty)]

    return build


SECTIONS: tuple[Section, ...] = (
    Section(
        key="brief",
        title="In brief",
        build=brief.brief,
        queries=("ref_scores", "correlation_input"),
        caveat="Estimates with 95 % intervals over references. " + COLLINEAR,
    ),
    Section(
        key="study",
        title="What the study holds",
        build=holdings.holdings,
        queries=("count_references", "count_covariates", "count_images", "count_failures"),
        command="wb status",
        caveat="Blocked, black and failed images are counted and never measured.",
    ),
    Section(
        key="thresholds",
        title="Thresholds and encoders",
        build=holdings.thresholds,
        queries=("null_pairs", "used_encoders"),
        caveat="Thresholds are arbitrary for any encoder that they were not chosen or calibrated for.",
    ),
    Section(
        key="measures",
        title="Measures by model and prompt",
        build=measures.by_model,
        queries=("ref_scores", "count_images"),
        command="wb analyze models --show plane",
        caveat=SELECTED,
    ),
    Section(
        key="references",
        title="Measures by reference",
        build=measures.by_reference,
        queries=("image_measures",),
        command="wb analyze cells",
        caveat="Intervals are over the images of a cell: they say how sure its numbers are, not how far they hold.",
    ),
    Section(
        key="pictures",
        title="Pictures",
        build=gallery.gallery,
        queries=("image_scores", "ref_images_of"),
        caveat="Reference images are shown small, with their author and licence as far as the source says.",
    ),
    Section(
        key="correlations",
        title="Correlations with the covariates",
        build=associations.correlated,
        queries=("correlation_input",),
        command="wb analyze correlations",
        caveat=COLLINEAR,
    ),
    Section(
        key="partial",
        title="The same with all other covariates held",
        build=associations.partial,
        queries=("correlation_input",),
        command="wb analyze partial",
        caveat="Only references that have all covariates count, and they are a selection.",
    ),
    Section(
        key="collinearity",
        title="How far the covariates overlap",
        build=associations.collinear,
        queries=("correlation_input",),
        command="wb analyze collinearity",
        caveat="From a variance inflation of about 5 on, covariates are hard to tell apart.",
    ),
    Section(
        key="stability",
        title="Stability over the models",
        build=associations.stable,
        queries=("correlation_input",),
        command="wb analyze stability",
    ),
    Section(
        key="recognition",
        title="Recognition by all covariates together",
        build=of_records(regressed.odds, "Odds ratios of recognition", regressed.ODDS, "it takes scored images"),
        queries=("ref_scores", "covariate_values"),
        command="wb analyze recognition",
        caveat=COLLINEAR,
    ),
    Section(
        key="power",
        title="What the study can find",
        build=of_records(
            regressed.weakest, "Weakest correlations found with a power of 0.8", regressed.WEAKEST, associations.LACKING
        ),
        queries=("correlation_input",),
        command="wb analyze power",
    ),
    Section(
        key="frequency",
        title="Recognition against training frequency",
        build=associations.frequency,
        queries=("correlation_input",),
        command="wb analyze frequency",
        caveat="Any data have a best split: look at its p value and its interval before its place.",
    ),
    Section(
        key="perturbations",
        title="What other words do",
        build=comparisons.perturbed,
        queries=("ref_scores", "substitutions"),
        command="wb analyze perturbations",
        caveat="Paired within reference. VI exists only where both prompts are recognised: few references, selected.",
    ),
    Section(
        key="models",
        title="Models beside one another",
        build=comparisons.compared,
        queries=("ref_scores",),
        command="wb analyze models",
        caveat=SELECTED,
    ),
    Section(
        key="agreement",
        title="Agreement with people",
        build=judged.judged,
        queries=("judgements", "image_values"),
        command="wb analyze agreement",
    ),
    Section(
        key="settings",
        title="Models, settings and runs",
        build=provenance.provenance,
        queries=("all_settings", "all_runs"),
        command="wb runs",
    ),
)
