"""Where the miniature study's files lie: in a checkout, or inside an installed package."""

from pathlib import Path

import workbench
from workbench.errors import ConfigError


def data_folder() -> Path:
    """The folder of the miniature study's tables, pictures and model.

    Raises:
        ConfigError: If this installation lacks it.
    """
    package = Path(workbench.__file__).parent
    for folder in (package.parent / "data" / "mini", package / "seed" / "mini"):
        if folder.is_dir():
            return folder
    raise ConfigError("the miniature study's files are missing", "install the package again, or run from a checkout")
