"""What was sampled, as PNG files and rows."""

import io

from PIL import Image

from generate.models.sampler import Sampled
from generate.plan import PlannedImage
from generate.sampling import SampledBatch
from workbench.imagefiles import ImageFiles
from workbench.records import GeneratedImage, Settings
from workbench.store import utc_now


def save_batch(files: ImageFiles, batch: SampledBatch, settings: Settings, run_id: str) -> list[GeneratedImage]:
    """Save the images of a batch.

    Returns:
        Their rows, in order, and those of the images that did not come out.

    Raises:
        StoreError: If the images folder cannot be written.
    """
    seconds = batch.seconds / len(batch.planned)
    pairs = zip(batch.planned, batch.sampled, strict=True)
    return [_save(files, planned, sampled, settings, run_id, seconds) for planned, sampled in pairs]


def _save(
    files: ImageFiles, planned: PlannedImage, sampled: Sampled, settings: Settings, run_id: str, seconds: float
) -> GeneratedImage:
    image = sampled.image
    file = files.put(png(image), ".png") if image is not None else None
    return GeneratedImage(
        prompt_id=planned.prompt_id,
        model_id=settings.model_id,
        settings_id=settings.settings_id,
        seed=planned.seed,
        status=sampled.status,
        error=sampled.error,
        sha256=file.sha256 if file else None,
        path=file.path if file else None,
        width=image.width if image else None,
        height=image.height if image else None,
        seconds=seconds,
        created_utc=utc_now(),
        run_id=run_id,
    )


def png(image: Image.Image) -> bytes:
    """An image as a PNG file: the same pixels give the same bytes."""
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", compress_level=4)
    return buffer.getvalue()
