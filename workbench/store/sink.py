"""What takes in the rows and pictures of a run: a study, or a folder that is brought into one later."""

from typing import Protocol

from workbench.imagefiles import ImageFiles
from workbench.store.store import Write


class Sink(Protocol):
    """Takes writes, and holds the pictures that they name."""

    images: ImageFiles

    def write(self, *steps: Write, settle: bool = False) -> list[int]:
        """Take all of these, or none.

        Args:
            steps: in their order.
            settle: nothing else will be written soon.

        Returns:
            For each step the number of rows that it changed.
        """
