"""The data that ships: in data/ of a checkout, inside the package where that is installed."""

from pathlib import Path

from workbench.errors import ConfigError


def seed_data(relative: str) -> Path:
    """Where a file or folder of the data that ships lies.

    Raises:
        ConfigError: If this installation lacks it.
    """
    package = Path(__file__).parent
    for root in (package.parent / "data", package / "seed"):
        if (root / relative).exists():
            return root / relative
    raise ConfigError(
        f"this installation lacks its data {relative}", "install the package again, or run from a checkout"
    )
