"""Recognition by all covariates together, and what the study can find at all."""

from workbench.analysis.power import Detectable, detectable
from workbench.analysis.recognition import OddsRatio, odds_ratios, regressions
from workbench.report.study import Study
from workbench.report.tables import chance, count, estimate, figure, general, text

ODDS = [
    text("kind", "Kind"),
    text("term", "Term"),
    text("level", "Level"),
    text("against", "Against"),
    general("unit", "Step", "One standard deviation on the scale."),
    *estimate("odds_ratio", "Odds ratio", "low", "high"),
    chance("p", "p"),
    chance("p_adjusted", "p adjusted"),
    count("family", "Family"),
    figure("vif", "VIF"),
    count("n_refs", "References"),
    count("n", "Images"),
]
WEAKEST = [
    text("kind", "Kind"),
    text("covariate", "Covariate"),
    text("method", "Method"),
    count("n", "References"),
    figure("rho", "ρ", meaning="The weakest that one test finds."),
    figure("rho_family", "ρ in the family", meaning="The same at alpha over all tests of the family."),
    count("family", "Family"),
]


def odds(study: Study) -> list[OddsRatio]:
    """The odds ratios of recognition."""
    return odds_ratios(regressions(study.frame("ref_scores"), study.frame("covariate_values"), study.kinds))


def weakest(study: Study) -> list[Detectable]:
    """The weakest correlations that the references can show."""
    return detectable(study.titled("correlation_input"), study.kinds)
