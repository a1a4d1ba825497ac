"""Names that a study has: models, perturbations, encoders."""

from collections.abc import Sequence

from workbench.records import Facet
from workbench.registry import unknown_name
from workbench.store import Store


def check_known(store: Store, field: str, names: Sequence[str | None]) -> None:
    """Refuse names that the study does not have: asked for them, a query would answer with nothing.

    Args:
        store: the study.
        field: ``model``, ``perturbation``, ``encoder`` or ``patch_encoder``.
        names: to look for; None is always known.

    Raises:
        ConfigError: If one is unknown: near names are offered.
    """
    wanted = [name for name in names if name is not None]
    known = [facet.value for facet in store.rows("facets", Facet) if facet.field == field] if wanted else []
    for name in wanted:
        if name not in known:
            raise unknown_name(field.replace("_", " "), name, known, "wb status lists those that there are")
