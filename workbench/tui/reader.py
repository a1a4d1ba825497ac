"""What the screens ask the store: plain functions that run in worker threads and know no widget."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from PIL import Image, ImageOps

from workbench.records import (
    Facet,
    ImageScore,
    NextSteps,
    Reference,
    ReferenceImage,
    RefScore,
    Run,
    StudyFacts,
    Thresholds,
)
from workbench.store import Order, Store, spelled
from workbench.tui.filters import Filters

LOCK_SECONDS = 2.0
"""How long a question waits for a writer; then it is asked again later."""

PICTURE_PIXELS = 768
"""Longest side of a picture that is kept in memory."""

UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)
"""What Pillow raises for a file that is no picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What there is besides rows."""

    facets: list[Facet]
    facts: StudyFacts
    next: NextSteps
    last_run: Run | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """Everything on one row of the table of references."""

    score: RefScore
    reference: Reference
    ref_images: list[ReferenceImage]
    images: list[ImageScore]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture, or why there is none."""

    path: Path
    image: Image.Image | None
    problem: str = ""


class StudyReader:
    """Asks one study's file; holds no connection.

    Args:
        path: of the database file, which may not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._unchecked = Store(self.path, lock_seconds=LOCK_SECONDS)
        self._checked_inode: int | None = None

    def study(self) -> Study:
        """Look at the file as a whole.

        Raises:
            StoreError: If the file cannot be read.
        """
        store = self._store()
        runs = store.rows("recent_runs", Run, limit_runs=1)
        return Study(
            facets=store.rows("facets", Facet),
            facts=store.rows("study_facts", StudyFacts)[0],
            next=store.rows("next_steps", NextSteps)[0],
            last_run=runs[0] if runs else None,
        )

    def references(self, filters: Filters) -> pa.Table:
        """Rows of ``ref_scores``.

        Raises:
            StoreError: If the file cannot be read.
        """
        return self._store().arrow("ref_scores", **filters.parameters())

    def correlations(self, filters: Filters) -> pa.Table:
        """One row per correlation, see ``analysis.correlation``.

        Raises:
            StoreError: If the file cannot be read.
        """
        from workbench.analysis.correlation import KINDS, as_frame, correlations

        frame = self._store().frame("correlation_input", **filters.parameters())
        return as_frame(correlations(frame, [filters.kind] if filters.kind else KINDS)).to_arrow()

    def detail(self, score: RefScore, thresholds: Thresholds) -> Detail:
        """The reference of a row, its reference images and its generated images.

        Raises:
            StoreError: If the file cannot be read.
        """
        store = self._store()
        key = {name: getattr(score, name) for name in ("qid", "model_id", "settings_id", "perturbation")}
        images = store.rows("image_scores_of", ImageScore, **key, **thresholds.parameters()) if score.model_id else []
        return Detail(
            score=score,
            reference=store.rows("refs_of", Reference, qids=[score.qid])[0],
            ref_images=[i for i in store.rows("ref_images_of", ReferenceImage, qids=[score.qid]) if not i.duplicate_of],
            images=images,
        )

    def picture(self, relative: str) -> Drawn:
        """Load a picture from the images folder, small enough to keep."""
        path = self._unchecked.images.path(relative)
        try:
            with Image.open(path) as file:
                file.draft("RGB", (PICTURE_PIXELS, PICTURE_PIXELS))
                image = ImageOps.exif_transpose(file).convert("RGB")
        except FileNotFoundError:
            return Drawn(path=path, image=None, problem="the file is not there")
        except UNREADABLE as error:
            return Drawn(path=path, image=None, problem=f"cannot be read: {str(error).splitlines()[0]}")
        image.thumbnail((PICTURE_PIXELS, PICTURE_PIXELS))
        return Drawn(path=path, image=image)

    def _store(self) -> Store:
        """The study, checked and upgraded to this workbench's schema once per file.

        Raises:
            StoreError: If it is missing, locked, no study's, or too new.
        """
        inode = self.path.stat().st_ino if self.path.is_file() else None
        if inode is None or inode != self._checked_inode:
            Store.open(self.path, lock_seconds=LOCK_SECONDS)
            self._checked_inode = inode
        return self._unchecked


def references_sql(filters: Filters, order: Order) -> str:
    """The SQL that gives the table of references."""
    return spelled("ref_scores", filters.parameters(), order)


def correlations_sql(filters: Filters) -> str:
    """The SQL that gives what the table of correlations is computed from."""
    note = "-- What wb analyze correlations takes in: Spearman's rho per covariate, measure, model, condition, kind.\n"
    return note + spelled("correlation_input", filters.parameters())
