"""What was sampled, as PNG files and rows."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from generate.models.sampler import Sampled
from generate.plan import PlannedImage
from generate.sampling import SampledBatch
from workbench.imagefiles import ImageFiles
from workbench.records import GeneratedImage, Settings
from workbench.store import utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeImage:
    """An image as a PNG file, or the reason why there is none."""

    planned: PlannedImage
    status: str
    error: str | None = None
    content: bytes | None = None
    """The file; None where status is not ok."""
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    """Its share of its batch's."""
    batch_size: int | None = None
    """Images that its batch had room for."""


def encode_batch(batch: SampledBatch) -> list[MadeImage]:
    """Turn the images of a batch into files, in order."""
    return [_encode(p, s, batch) for p, s in zip(batch.planned, batch.sampled, strict=True)]


def save_images(files: ImageFiles, made: Sequence[MadeImage], settings: Settings, run_id: str) -> list[GeneratedImage]:
    """Save images.

    Returns:
        Their rows, in order, and those of the images that did not come out.

    Raises:
        StoreError: If the images folder cannot be written.
    """
    return [_save(files, one, settings, run_id) for one in made]


def _encode(planned: PlannedImage, sampled: Sampled, batch: SampledBatch) -> MadeImage:
    image = sampled.image
    return MadeImage(
        planned=planned,
        status=sampled.status,
        error=sampled.error,
        content=png(image) if image is not None else None,
        width=image.width if image else None,
        height=image.height if image else None,
        seconds=batch.seconds / len(batch.planned),
        batch_size=batch.batch_size,
    )


def _save(files: ImageFiles, made: MadeImage, settings: Settings, run_id: str) -> GeneratedImage:
    file = files.put(made.content, ".png") if made.content is not None else None
    return GeneratedImage(
        prompt_id=made.planned.prompt_id,
        model_id=settings.model_id,
        settings_id=settings.settings_id,
        seed=made.planned.seed,
        status=made.status,
        error=made.error,
        sha256=file.sha256 if file else None,
        path=file.path if file else None,
        width=made.width,
        height=made.height,
        seconds=made.seconds,
        created_utc=utc_now(),
        run_id=run_id,
    )


def png(image: Image.Image) -> bytes:
    """An image as a PNG file: the same pixels give the same bytes."""
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", compress_level=4)
    return buffer.getvalue()
