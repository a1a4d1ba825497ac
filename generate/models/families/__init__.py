"""Model families: one file each, found by its ``FAMILY``."""

import functools
import importlib
import pkgutil

from generate.models.families.family import Family

AUTO = Family(name="auto", pipelines=(), steps=50, guidance=7.5, size=512)
"""Any other pipeline: diffusers decides how it is loaded."""


@functools.cache
def families() -> tuple[Family, ...]:
    """Every family that has a file here.

    Raises:
        ValueError: If two claim one pipeline.
    """
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    known: tuple[Family, ...] = tuple(module.FAMILY for module in modules if hasattr(module, "FAMILY"))
    claimed = [pipeline for family in known for pipeline in family.pipelines]
    twice = {pipeline for pipeline in claimed if claimed.count(pipeline) > 1}
    if twice:
        raise ValueError(f"two model families claim {', '.join(sorted(twice))}")
    return known


def family_of(pipeline: str) -> Family:
    """The family of a pipeline class; ``AUTO`` where it is of none."""
    return next((family for family in families() if pipeline in family.pipelines), AUTO)
