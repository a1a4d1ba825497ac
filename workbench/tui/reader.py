"""What the screens ask the store: plain functions that run in worker threads and know no widget."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import StoreError
from workbench.records import (
    Facet,
    ImageScore,
    NextSteps,
    Reference,
    ReferenceImage,
    RefScore,
    Run,
    Thresholds,
)
from workbench.store import Snapshot, Store
from workbench.tui.columns import Sort
from workbench.tui.filters import Filters
from workbench.tui.ordering import ImageOrder, ImageOrders
from workbench.tui.pictures import Drawn, open_picture

LOCK_SECONDS = 2.0
"""How long a question waits for a writer; then it is asked again later."""
RUNS_KEPT = 200
"""The newest runs, which are shown."""
SHOWN = ("label", "kind", "model_id", "perturbation", "qid", "settings_id")
"""What a row of the table of images says of its reference and condition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellKey:
    """One reference under one model, settings and perturbation; without images the last three are None."""

    qid: str
    model_id: str | None
    settings_id: str | None
    perturbation: str | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "CellKey":
        """Of a row of a table that names them."""
        return cls(**{f.name: row[f.name] for f in fields(cls)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What there is besides rows."""

    facets: list[Facet]
    unfiltered: pa.Table
    """The table of references, all rows."""
    encoder_id: str | None
    """Behind s; None: nothing is scored."""
    patch_encoder_id: str | None
    next: NextSteps
    last_run: Run | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A row of the table of references in full."""

    score: RefScore
    reference: Reference
    ref_images: list[ReferenceImage]
    """Those that are kept, in order."""
    images: list[ImageScore]


class StudyReader:
    """Asks one study's file; holds no connection to it, but its raw scores in memory.

    Args:
        path: of the database file, which may not be there yet.
        base: names the encoders (None: as the measures choose).
    """

    def __init__(self, path: Path, base: Thresholds | None = None) -> None:
        self.store = Store(path, lock_seconds=LOCK_SECONDS)
        self.path = self.store.path
        self._base = base or Thresholds()
        self._checked_inode: int | None = None
        self._snapshot: Snapshot | None = None
        self._sorted: tuple[Snapshot, ImageOrders] | None = None
        self._closed = False

    def close(self) -> None:
        """Give the memory back; what still asks gets an error."""
        self._closed = True
        if self._snapshot is not None:
            self._snapshot.close()
            self._snapshot = self._sorted = None

    def load(self) -> Snapshot:
        """Read the raw scores of the file as it is now.

        Raises:
            StoreError: If the file cannot be read.
        """
        snapshot = Snapshot.of(self._checked(), self._base)
        if self._closed:
            snapshot.close()
            raise StoreError("the study is closed")
        self._snapshot = snapshot
        return snapshot

    def study(self) -> Study:
        """Look at the file as a whole.

        Raises:
            StoreError: If the file cannot be read.
        """
        snapshot, store = self._held(), self._checked()
        runs = store.rows("recent_runs", Run, limit_runs=1)
        return Study(
            facets=store.rows("facets", Facet),
            unfiltered=self._passing(snapshot, Filters()),
            encoder_id=snapshot.encoder_id,
            patch_encoder_id=snapshot.patch_encoder_id,
            next=store.rows("next_steps", NextSteps)[0],
            last_run=runs[0] if runs else None,
        )

    def references(self, filters: Filters) -> pa.Table:
        """Rows of ``ref_scores``, each with the number of its ``cell``.

        Raises:
            StoreError: If the file cannot be read.
        """
        return self._passing(self._held(), filters)

    def images(self, filters: Filters, sort: Sort, group: str | None = None) -> pa.Table:
        """A row per image of the rows that pass, sorted; those alike in the column ``group`` together.

        Raises:
            StoreError: If the file cannot be read.
        """
        snapshot = self._held()
        passing = self._passing(snapshot, filters)
        passing = passing.filter(pc.is_valid(passing["cell"])).combine_chunks()
        measured = snapshot.at_thresholds("image_scores", filters.parameters())
        asked = ImageOrder(column=sort.column, descending=sort.descending, group=group)
        order = self._orders(snapshot).of(asked, measured)
        place = pc.index_in(snapshot.images["cell"].take(order), value_set=passing["cell"]).combine_chunks()
        order, place = order[place.is_valid().to_numpy(zero_copy_only=False)], place.drop_null()
        columns = {name: pa.DictionaryArray.from_arrays(place, passing[name].combine_chunks()) for name in SHOWN}
        columns |= {name: snapshot.images[name].take(order) for name in ("seed", "variant", "s")}
        columns |= {name: measured[name].take(order) for name in ("vr", "recognised")}
        return pa.table(columns)

    def pairs(self, filters: Filters) -> pa.Table:
        """What a correlation takes in, with the titles.

        Raises:
            StoreError: If the file cannot be read.
        """
        snapshot = self._held()
        return snapshot.arrow("correlation_input", self._passing(snapshot, filters))

    def models(self, filters: Filters) -> pa.Table:
        """Means over the references that pass, per model, condition and kind.

        Raises:
            StoreError: If the file cannot be read.
        """
        snapshot = self._held()
        return snapshot.arrow("model_scores", self._passing(snapshot, filters))

    def label_queue(self, filters: Filters, annotator: str) -> pa.Array:
        """image_id of the images of the rows that pass, in this annotator's order.

        Raises:
            StoreError: If the file cannot be read.
        """
        passing = self._passing(self._held(), filters)
        cells = passing.filter(pc.is_valid(passing["cell"]))
        names = {"qids": "qid", "models": "model_id", "settings": "settings_id", "perturbations": "perturbation"}
        rows = {parameter: cells[column].to_pylist() for parameter, column in names.items()}
        return self._checked().arrow("label_queue", annotator=annotator, **rows)["image_id"].combine_chunks()

    def detail(self, key: CellKey, thresholds: Thresholds, *, whole: bool = False) -> Detail:
        """The reference of a row, its reference images and its generated images.

        Args:
            key: of the row.
            thresholds: to measure under.
            whole: give the images of every model and condition, not of the row's alone.

        Raises:
            StoreError: If the file cannot be read.
        """
        store, snapshot = self._checked(), self._held()
        chosen = {} if whole else {name: getattr(key, name) for name in ("model_id", "settings_id", "perturbation")}
        asked = {**self.settled(thresholds).parameters(), **chosen, "qid": key.qid}
        images = store.rows("images_of", ImageScore, **asked) if key.model_id else []
        ref_images = store.rows("ref_images_of", ReferenceImage, qids=[key.qid])
        return Detail(
            score=self._score(snapshot, key, thresholds),
            reference=store.rows("refs_of", Reference, qids=[key.qid])[0],
            ref_images=[i for i in ref_images if not i.duplicate_of],
            images=images,
        )

    def settled(self, thresholds: Thresholds) -> Thresholds:
        """The thresholds with the encoders that are meant.

        Raises:
            StoreError: If the file cannot be read.
        """
        held = self._held()
        return replace(thresholds, encoder=held.encoder_id, patch_encoder=held.patch_encoder_id)

    def _score(self, snapshot: Snapshot, key: CellKey, thresholds: Thresholds) -> RefScore:
        """The measures of one row.

        Raises:
            StoreError: If the study has no such row any more.
        """
        models, conditions = ((v,) if v else () for v in (key.model_id, key.perturbation))
        wanted = Filters(text=key.qid, models=models, perturbations=conditions, thresholds=thresholds)
        for row in self._passing(snapshot, wanted).drop_columns("cell").to_pylist():
            if CellKey.of(row) == key:
                return RefScore(**row)
        raise StoreError(f"{key.qid} has no such images any more", "r reads the file again")

    def picture(self, relative: str) -> Drawn:
        """Load a picture from the images folder, small enough to keep."""
        return open_picture(self.store.images.path(relative))

    def _passing(self, snapshot: Snapshot, filters: Filters) -> pa.Table:
        asked = {name: value for name, value in filters.parameters().items() if not name.endswith("encoder")}
        return snapshot.ref_scores(**asked)

    def _orders(self, snapshot: Snapshot) -> ImageOrders:
        """The orders of its images, made when they are first asked for: another may be loaded meanwhile."""
        kept = self._sorted
        if kept is None or kept[0] is not snapshot:
            kept = self._sorted = (snapshot, ImageOrders(snapshot.images, snapshot.arrow("ranks")))
        return kept[1]

    def _held(self) -> Snapshot:
        return self._snapshot or self.load()

    def _checked(self) -> Store:
        """The study, checked and upgraded to this workbench's schema once per file.

        Raises:
            StoreError: If it is missing, locked, no study's, or too new.
        """
        inode = self.path.stat().st_ino if self.path.is_file() else None
        if inode is None or inode != self._checked_inode:
            Store.open(self.path, lock_seconds=LOCK_SECONDS)
            self._checked_inode = inode
        return self.store
