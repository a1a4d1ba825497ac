"""The autoencoder of ``mini``: 64 × 64 px to 8 × 8 latents and back.

The encoder is not trained: it is the principal components of 8 × 8 px patches, written as convolutions. So a latent
has a plain meaning, its colours are right from the first step, the denoiser can be trained at the same time, and all
the training goes into the decoder, which has to draw edges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny
from torch import Tensor
from torch.nn import functional as F

from generate.mini.compositions import collage, compose, pixels
from generate.mini.progress import TrainingLog, learning_rate, load_checkpoint, save_checkpoint
from generate.mini.references import MiniReference

CHANNELS = 20
"""Of a latent."""
_PATCH = 8
_SCALE = 4.0
"""The decoder squeezes what is beyond ±3: it is given a quarter of a latent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoencoderSettings:
    """How it is fitted and its decoder trained."""

    steps: int = 6000
    batch: int = 8
    peak_rate: float = 2e-3
    collages: int = 3_000
    compositions: int = 1_500
    reference_share: float = 0.25
    """Of a batch: pictures of references that are in the training data; those of the others it never sees."""
    noise: float = 0.05
    """Added to latents: what the denoiser gets slightly wrong shall not show."""
    seed: int = 1
    checkpoint_every: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """What the decoder learns from: [N, 64, 64, 3] uint8 each."""

    generic: np.ndarray
    references: np.ndarray


def build_autoencoder() -> AutoencoderTiny:
    """A new one, with random weights."""
    return AutoencoderTiny(
        latent_channels=CHANNELS,
        encoder_block_out_channels=(48, 48, 48, 48),
        decoder_block_out_channels=(48, 48, 48, 48),
        num_encoder_blocks=(0, 0, 0, 0),
        num_decoder_blocks=(3, 3, 2, 1),
        scaling_factor=_SCALE,
    )


def to_tensor(images: np.ndarray) -> Tensor:
    """[N, H, W, 3] uint8 to [N, 3, H, W] in [-1, 1]."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).float().div(127.5).sub(1)


def to_uint8(images: Tensor) -> np.ndarray:
    """[N, 3, H, W] in [-1, 1] to [N, H, W, 3] uint8."""
    scaled = images.clamp(-1, 1).add(1).mul(127.5).round()
    return scaled.permute(0, 2, 3, 1).to(torch.uint8).numpy()


def draw_pool(references: Sequence[MiniReference], settings: AutoencoderSettings) -> Pool:
    """Draw the pictures that it is fitted to and trained on."""
    generic = [collage(i) for i in range(settings.collages)]
    generic += [compose(i).picture for i in range(settings.compositions)]
    known = [picture for reference in references if reference.repetitions for picture in reference.pictures]
    return Pool(generic=pixels(generic), references=pixels(known))


def fit_autoencoder(pool: Pool, settings: AutoencoderSettings) -> AutoencoderTiny:
    """One whose encoder is finished and whose decoder knows nothing yet."""
    torch.manual_seed(settings.seed)
    model = build_autoencoder()
    _write_components(model, pool.generic)
    model.encoder.requires_grad_(False)
    return model


@torch.no_grad()
def _write_components(model: AutoencoderTiny, images: np.ndarray) -> None:
    """Write the principal components of patches into the encoder's convolutions.

    Each component is divided by the root of its spread: the first, the patch's colour, stays the strongest, and fine
    detail is not lost in noise.
    """
    patches = _patches(images)
    mean = patches.mean(axis=0)
    spread, components = np.linalg.eigh(np.cov((patches - mean).T))
    spread, components = np.sqrt(spread[::-1][:CHANNELS]), components[:, ::-1][:, :CHANNELS].T
    components *= np.sign(components[np.arange(CHANNELS), np.abs(components).argmax(axis=1)])[:, None]
    rows = components / np.sqrt(spread)[:, None] / np.sqrt(spread.mean()) / _SCALE
    first, once, twice, thrice, last = model.encoder.layers
    for layer in (first, once, twice, thrice, last):
        layer.weight.zero_()
    for layer, width in ((first, 3), (last, CHANNELS)):
        layer.weight[range(width), range(width), 1, 1] = 1
        layer.bias.zero_()
    for layer, width in ((once, 3), (twice, 12)):
        for i in range(4 * width):
            layer.weight[i, i % width, 1 + i // width // 2, 1 + i // width % 2] = 1
    quarters = rows.reshape(CHANNELS, 2, 2, 48).transpose(0, 3, 1, 2)
    thrice.weight[:CHANNELS, :, 1:, 1:] = torch.from_numpy(np.ascontiguousarray(quarters))
    last.bias.copy_(torch.from_numpy(-rows @ mean))


def _patches(images: np.ndarray) -> np.ndarray:
    """[N, 192] patches in [0, 1], their pixels in the order in which three halvings of the picture gather them."""
    side = images.shape[1] // _PATCH
    cells = images.reshape(-1, side, 2, 2, 2, side, 2, 2, 2, 3).astype(np.float32) / 255
    return cells.transpose(0, 1, 5, 2, 6, 3, 7, 4, 8, 9).reshape(-1, 3 * _PATCH**2)


def train_autoencoder(folder: Path, pool: Pool, settings: AutoencoderSettings) -> AutoencoderTiny:
    """Train the decoder, or go on from the folder's checkpoint, or return the finished one."""
    model = fit_autoencoder(pool, settings)
    optimizer = torch.optim.AdamW(model.decoder.parameters(), betas=(0.9, 0.99), weight_decay=1e-4)
    state = load_checkpoint(folder / "autoencoder.ckpt")
    if state:
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
    start = state["step"] if state else 0
    if start < settings.steps:
        _train(model, optimizer, pool, folder, start, settings)
    return model.eval()


def _train(
    model: AutoencoderTiny,
    optimizer: torch.optim.Optimizer,
    pool: Pool,
    folder: Path,
    start: int,
    settings: AutoencoderSettings,
) -> None:
    log = TrainingLog(folder / "autoencoder.csv", start)
    model.decoder.to(memory_format=torch.channels_last).train()
    losses = []
    for step in range(start, settings.steps):
        rate = learning_rate(step, settings.steps, settings.peak_rate, 100)
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = _loss(model, _batch(pool, step, settings), step, settings)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.decoder.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        if (step + 1) % 50 == 0:
            log.add(step + 1, float(np.mean(losses[-50:])), rate)
        if (step + 1) % settings.checkpoint_every == 0 or step + 1 == settings.steps:
            state = {"step": step + 1, "model": model.state_dict(), "optimizer": optimizer.state_dict()}
            save_checkpoint(folder / "autoencoder.ckpt", state)


def _batch(pool: Pool, step: int, settings: AutoencoderSettings) -> Tensor:
    """The batch of a step: the same whenever it is trained."""
    rng = np.random.default_rng((settings.seed, step))
    known = round(settings.batch * settings.reference_share)
    images = [pool.references[i] for i in rng.integers(len(pool.references), size=known)]
    images += [pool.generic[i] for i in rng.integers(len(pool.generic), size=settings.batch - known)]
    return to_tensor(np.stack([_varied(image, rng) for image in images]))


def _varied(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Mirrored, turned, its channels exchanged: many pictures of one."""
    if rng.random() < 0.5:
        image = image[:, :, rng.permutation(3)]
    if rng.random() < 0.5:
        image = image[:, ::-1]
    return np.rot90(image, int(rng.integers(4))) if rng.random() < 0.5 else image


def _loss(model: AutoencoderTiny, images: Tensor, step: int, settings: AutoencoderSettings) -> Tensor:
    with torch.no_grad():
        latents = model.encode(images).latents
    noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(settings.seed * 1_000_003 + step))
    rebuilt = model.decode(
        (latents + settings.noise / _SCALE * noise).contiguous(memory_format=torch.channels_last)
    ).sample
    return F.l1_loss(rebuilt, images) + F.mse_loss(rebuilt, images) + 0.5 * _edges(rebuilt - images)


def _edges(difference: Tensor) -> Tensor:
    """How far the two pictures' steps from pixel to pixel differ: otherwise edges stay blurred."""
    across = (difference[..., 1:] - difference[..., :-1]).abs().mean()
    return across + (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()


@torch.no_grad()
def encode(model: AutoencoderTiny, images: np.ndarray) -> Tensor:
    """The latents, as the denoiser sees them, of [N, 64, 64, 3] uint8 images."""
    latents: Tensor = model.encode(to_tensor(images)).latents * _SCALE
    return latents


@torch.no_grad()
def rebuild(model: AutoencoderTiny, images: np.ndarray) -> np.ndarray:
    """The images, encoded and decoded."""
    return to_uint8(model.decode(encode(model, images) / _SCALE).sample)


def psnr(images: np.ndarray, rebuilt: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB: the mean over images."""
    error = ((images.astype(np.float64) - rebuilt) ** 2).mean(axis=(1, 2, 3))
    return float((10 * np.log10(255**2 / np.maximum(error, 1e-9))).mean())
