"""Save what was sampled while the next batch is sampled: PNG files first, then their rows in short transactions."""

import contextlib
import io
import time
from collections import Counter, deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from PIL import Image

from generate.models.sampler import Sampled
from generate.progress import Progress
from generate.sampling import SampledBatch
from workbench.errors import StoreLocked
from workbench.records import GeneratedImage, PlannedImage, Settings
from workbench.store import RunLog, Store, Write, utc_now

FLUSH_SECONDS = 2.0
"""Rows wait this long at most for their transaction, or for the end of their batch."""
WAITING = 4
"""Batches that may wait to be saved before sampling has to wait."""


class Recorder:
    """Saves batches in one thread of its own, as a context: left by any way, all that it was given is written.

    Args:
        store: the study.
        run: the run, whose counts are written with the rows.
        settings: under which the images were made.
        progress: told of every image.
        flush_seconds: between two transactions.
    """

    def __init__(
        self,
        store: Store,
        run: RunLog,
        settings: Settings,
        progress: Progress,
        *,
        flush_seconds: float = FLUSH_SECONDS,
    ) -> None:
        self.counts: Counter[str] = Counter()
        """Images by status."""
        self._store = store
        self._run = run
        self._settings = settings
        self._progress = progress
        self._flush_seconds = flush_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recorder")
        self._waiting: deque[Future[None]] = deque()
        self._rows: list[GeneratedImage] = []
        self._new: Counter[str] = Counter()
        self._last_flush = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def put(self, batch: SampledBatch) -> None:
        """Hand over a batch; waits only where saving has fallen behind.

        Raises:
            StoreError: If an earlier batch could not be saved.
        """
        self._waiting.append(self._thread.submit(self._save, batch))
        while len(self._waiting) > WAITING or (self._waiting and self._waiting[0].done()):
            self._waiting.popleft().result()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._thread:
            try:
                while self._waiting:
                    self._waiting.popleft().result()
            finally:
                self._thread.submit(self._flush).result()

    def _save(self, batch: SampledBatch) -> None:
        share = batch.seconds / len(batch.planned)
        for planned, sampled in zip(batch.planned, batch.sampled, strict=True):
            self._rows.append(self._row(planned, sampled, share))
            self.counts[sampled.status] += 1
            self._new[sampled.status] += 1
            if sampled.error is not None and sampled.status == "failed":
                self._progress.complain(f"{planned.qid} “{planned.text}” seed {planned.seed}", sampled.error)
        self._progress.advance(len(batch.planned))
        if time.monotonic() - self._last_flush >= self._flush_seconds:
            # Where another program holds the file for long, the rows wait for the next turn.
            with contextlib.suppress(StoreLocked):
                self._flush()

    def _row(self, planned: PlannedImage, sampled: Sampled, seconds: float) -> GeneratedImage:
        image = sampled.image
        file = self._store.images.put(png(image), ".png") if image is not None else None
        return GeneratedImage(
            prompt_id=planned.prompt_id,
            model_id=self._settings.model_id,
            settings_id=self._settings.settings_id,
            seed=planned.seed,
            status=sampled.status,
            error=sampled.error,
            sha256=file.sha256 if file else None,
            path=file.path if file else None,
            width=image.width if image else None,
            height=image.height if image else None,
            seconds=seconds,
            created_utc=utc_now(),
            run_id=self._run.run_id,
        )

    def _flush(self) -> None:
        """Write the rows that wait, and the run's counts with them, in one transaction."""
        if not self._rows:
            return
        failed = self._new["failed"]
        counts = self._run.step(done=self._new.total() - failed, failed=failed)
        self._new.clear()
        self._store.write(Write(query="upsert_images", table="images", records=self._rows), counts)
        self._rows = []
        self._last_flush = time.monotonic()


def png(image: Image.Image) -> bytes:
    """An image as a PNG file: the same pixels give the same bytes."""
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", compress_level=4)
    return buffer.getvalue()
