"""Thresholds of the measures, calibrated against the null of a file."""

from dataclasses import replace

from workbench.errors import MetricError
from workbench.records import Calibration, StudyFacts, Thresholds
from workbench.store.store import Store

FALSE_RATE = 0.05
"""Share of the null comparisons that calibrated thresholds let through."""


def calibrate_thresholds(store: Store, base: Thresholds, false_rate: float = FALSE_RATE) -> Thresholds:
    """Thresholds that a share of the null comparisons reaches by chance.

    Args:
        store: the study.
        base: whose encoders are meant (None: those that a query takes which names none); its number stays for a kind of
            references that the study has no null of.
        false_rate: that share, 0 to 1.

    Returns:
        Rounded to four decimals, so that they can be typed again.

    Raises:
        MetricError: If there is no null under these encoders.
    """
    facts = store.rows("study_facts", StudyFacts)[0]
    whole, patches = base.encoder or facts.encoder_id, base.patch_encoder or facts.patch_encoder_id
    found = {
        row.threshold: round(row.value, 4)
        for row in store.rows("calibration", Calibration, false_rate=false_rate)
        if row.encoder_id == (patches if row.threshold == "tau_reuse" else whole)
    }
    if "tau_reuse" not in found or len(found) == 1:
        raise MetricError(
            "the encoders in use are not calibrated in this study", "wb calibrate compares with other references"
        )
    taus = {name: found.get(name, getattr(base, name)) for name in ("tau_static", "tau_dynamic", "tau_reuse")}
    return replace(base, **taus)
