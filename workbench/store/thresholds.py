"""Thresholds of the measures: the study's, or calibrated against the null of a file."""

from workbench.errors import MetricError
from workbench.records import Calibration, StudyFacts
from workbench.store.store import Store

STUDY = {"tau_static": 0.70, "tau_dynamic": 0.75, "tau_reuse": 0.60}
"""The study's (arXiv:2511.11435), chosen for CLIP ViT-B/16 and DINOv3."""

FALSE_RATE = 0.05
"""Share of the null comparisons that calibrated thresholds let through."""


def calibrated(
    store: Store, encoder: str | None = None, patch_encoder: str | None = None, false_rate: float = FALSE_RATE
) -> dict[str, float]:
    """Thresholds that a share of the null comparisons reaches by chance.

    Args:
        store: the study.
        encoder: encoder_id behind s; None: the one that a query takes which names none.
        patch_encoder: encoder_id behind p; likewise.
        false_rate: that share, 0 to 1.

    Returns:
        ``tau_static``, ``tau_dynamic`` and ``tau_reuse``; a kind that the study has no null of keeps the study's value.

    Raises:
        MetricError: If there is no null under these encoders.
    """
    facts = store.rows("study_facts", StudyFacts)[0]
    behind = {"tau_reuse": patch_encoder or facts.patch_encoder_id}
    found = {
        row.threshold: row.value
        for row in store.rows("calibration", Calibration, false_rate=false_rate)
        if row.encoder_id == behind.get(row.threshold, encoder or facts.encoder_id)
    }
    if "tau_reuse" not in found or len(found) == 1:
        raise MetricError("these encoders are not calibrated in this study", "wb calibrate compares images with others")
    return STUDY | found
