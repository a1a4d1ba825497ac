"""The denoiser of ``mini``: a small U-Net and its text encoder, trained together on latents."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import DDIMScheduler, UNet2DConditionModel
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from generate.mini.autoencoder import CHANNELS
from generate.mini.lessons import Deck, Lessons
from generate.mini.progress import TrainingLog, learning_rate, load_checkpoint, save_checkpoint
from generate.mini.vocabulary import LENGTH

_TEXT_WIDTH = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class DenoiserSettings:
    """How it is trained."""

    steps: int = 7000
    batch: int = 24
    references: int = 8
    """Of a batch."""
    dropout: float = 0.1
    """Share of texts left out, so that guidance has something to lead away from."""
    peak_rate: float = 1.2e-3
    average: float = 0.998
    """What is kept is the running mean of the weights."""
    compositions: int = 8_000
    seed: int = 1
    checkpoint_every: int = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Denoiser:
    """The two networks that learn together."""

    unet: UNet2DConditionModel
    text_encoder: CLIPTextModel


def build_scheduler() -> DDIMScheduler:
    """The noise schedule: down to no signal, else the ground's colour leaks into training and sampling lacks it.

    The networks tell the picture, not the noise: a narrow network cannot pass the noise of 20 channels through.
    """
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=True,
        prediction_type="sample",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        steps_offset=1,
    )


def build_denoiser(tokenizer: CLIPTokenizer) -> Denoiser:
    """New networks, with random weights."""
    unet = UNet2DConditionModel(
        sample_size=8,
        in_channels=CHANNELS,
        out_channels=CHANNELS,
        block_out_channels=(64, 128),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=_TEXT_WIDTH,
        attention_head_dim=4,
        norm_num_groups=16,
    )
    text_encoder = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=_TEXT_WIDTH,
            intermediate_size=2 * _TEXT_WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=LENGTH,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    return Denoiser(unet=unet, text_encoder=text_encoder)


def train_denoiser(
    folder: Path, tokenizer: CLIPTokenizer, lessons: Lessons, latents: Tensor, settings: DenoiserSettings
) -> Denoiser:
    """Train it, or go on from the folder's checkpoint, or return the finished one: the running mean of the weights."""
    torch.manual_seed(settings.seed)
    denoiser = build_denoiser(tokenizer)
    networks = nn.ModuleList([denoiser.unet, denoiser.text_encoder])
    mean = deepcopy(networks).requires_grad_(False)
    optimizer = torch.optim.AdamW(networks.parameters(), betas=(0.9, 0.99), weight_decay=1e-2, fused=True)
    state = load_checkpoint(folder / "denoiser.ckpt")
    if state:
        networks.load_state_dict(state["model"])
        mean.load_state_dict(state["mean"])
        optimizer.load_state_dict(state["optimizer"])
    trainer = _Trainer(networks, mean, optimizer, _tokens(tokenizer, lessons.texts), latents, settings)
    trainer.run(
        folder,
        Deck(
            lessons, batch=settings.batch, references=settings.references, dropout=settings.dropout, seed=settings.seed
        ),
        state["step"] if state else 0,
    )
    denoiser.unet.load_state_dict(mean[0].state_dict())
    denoiser.text_encoder.load_state_dict(mean[1].state_dict())
    return denoiser


def _tokens(tokenizer: CLIPTokenizer, texts: Sequence[str]) -> Tensor:
    ids: Tensor = tokenizer(list(texts), padding="max_length", truncation=True, return_tensors="pt").input_ids
    return ids


def _weights(scheduler: DDIMScheduler, times: Tensor) -> Tensor:
    """What an error counts at a time: as one in velocity would, but at most five times what it does at the start."""
    weights: Tensor = (1 / (1 - scheduler.alphas_cumprod[times])).clamp(max=5)
    return weights


@dataclass(slots=True)
class _Trainer:
    networks: nn.ModuleList
    mean: nn.ModuleList
    optimizer: torch.optim.Optimizer
    tokens: Tensor
    latents: Tensor
    settings: DenoiserSettings

    def run(self, folder: Path, deck: Deck, start: int) -> None:
        log = TrainingLog(folder / "denoiser.csv", start)
        scheduler = build_scheduler()
        sum_of_losses = 0.0
        for step in range(start, self.settings.steps):
            rate = learning_rate(step, self.settings.steps, self.settings.peak_rate, 200)
            for group in self.optimizer.param_groups:
                group["lr"] = rate
            draw = deck.deal(step)
            sum_of_losses += self._learn(torch.from_numpy(draw.texts), torch.from_numpy(draw.pictures), step, scheduler)
            if (step + 1) % 50 == 0:
                log.add(step + 1, sum_of_losses / 50, rate)
                sum_of_losses = 0.0
            if (step + 1) % self.settings.checkpoint_every == 0 or step + 1 == self.settings.steps:
                save_checkpoint(folder / "denoiser.ckpt", self._state(step + 1))

    def _learn(self, texts: Tensor, pictures: Tensor, step: int, scheduler: DDIMScheduler) -> float:
        unet, text_encoder = self.networks
        latents = self.latents[pictures]
        chance = torch.Generator().manual_seed(self.settings.seed * 1_000_003 + step)
        noise = torch.randn(latents.shape, generator=chance)
        times = torch.randint(0, scheduler.config.num_train_timesteps, (len(latents),), generator=chance)
        hidden = text_encoder(self.tokens[texts]).last_hidden_state
        told = unet(scheduler.add_noise(latents, noise, times), times, hidden).sample
        errors = F.mse_loss(told, latents, reduction="none").mean(dim=(1, 2, 3))
        loss = (errors * _weights(scheduler, times)).mean()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.networks.parameters(), 1.0)
        self.optimizer.step()
        self._average(step)
        return loss.item()

    @torch.no_grad()
    def _average(self, step: int) -> None:
        keep = min(self.settings.average, (1 + step) / (10 + step))
        for kept, new in zip(self.mean.parameters(), self.networks.parameters(), strict=True):
            kept.lerp_(new, 1 - keep)

    def _state(self, step: int) -> dict[str, object]:
        return {
            "step": step,
            "model": self.networks.state_dict(),
            "mean": self.mean.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
