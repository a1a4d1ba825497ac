"""What an export is asked: which part of a study, where to, and what may be overwritten and copied."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from workbench.errors import ConfigError
from workbench.options import say
from workbench.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One export."""

    store: Store
    folder: Path
    parameters: dict[str, Any]
    """Thresholds, encoders, models and perturbations, as queries take them."""
    kinds: Sequence[str]
    names: Sequence[str] = ()
    """Tables and macros; empty: all."""
    force: bool = False
    """Files of an earlier export are replaced."""
    references: bool = False
    """Reference images are copied, too."""

    def images(self) -> pl.DataFrame:
        """Rows of query ``exported_images`` that came out well; those that did not are counted on stderr."""
        found = self.wanted(self.store.frame("exported_images", **self.parameters))
        good = found.filter(pl.col("status") == "ok")
        if good.is_empty():
            raise ConfigError("there is no generated image to export", "wb status says what the study holds")
        if left := found.height - good.height:
            say(f"{left:,} images that were blocked, black or failed have no picture and are left out")
        return good

    def wanted(self, frame: pl.DataFrame, column: str = "kind") -> pl.DataFrame:
        """The rows of the kinds that are meant."""
        return frame if "all" in self.kinds else frame.filter(pl.col(column).is_in(list(self.kinds)))

    def target(self, *parts: str) -> Path:
        """A file to be written, in a folder that is made.

        Raises:
            ConfigError: If it is there already and may not be replaced, or the folder cannot be made.
        """
        path = self.folder.joinpath(*parts)
        if path.exists() and not self.force:
            raise ConfigError(f"{path} is there already", "--force replaces it, --output names another folder")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"cannot make {path.parent}: {error.strerror}", "name another with --output") from error
        return path


Writer = Callable[[Export], None]
