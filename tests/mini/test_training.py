"""Training: small, the same every time, and able to go on."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import AutoencoderTiny

from generate.mini import autoencoder, denoiser
from generate.mini.autoencoder import (
    AutoencoderSettings,
    Pool,
    draw_pool,
    encode,
    fit_autoencoder,
    psnr,
    rebuild,
    train_autoencoder,
)
from generate.mini.compositions import compose, pixels
from generate.mini.curve import draw_curves
from generate.mini.denoiser import DenoiserSettings, train_denoiser
from generate.mini.lessons import Deck, Lessons, plan_lessons
from generate.mini.progress import TrainingLog, learning_rate, save_checkpoint
from generate.mini.references import all_references
from generate.mini.vocabulary import all_words, build_tokenizer

SMALL = AutoencoderSettings(steps=4, batch=4, collages=12, compositions=8, checkpoint_every=2)
REFERENCES = all_references()


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Several threads on a busy machine wait for each other most of the time."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def pool() -> Pool:
    return draw_pool(REFERENCES, SMALL)


@pytest.fixture(scope="module")
def fitted(pool: Pool) -> AutoencoderTiny:
    return fit_autoencoder(pool, SMALL)


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    return plan_lessons([compose(i) for i in range(20)], REFERENCES)


def test_the_encoder_is_the_principal_components(pool: Pool, fitted: AutoencoderTiny) -> None:
    images = pool.generic[:4]
    latents = encode(fitted, images).numpy()
    assert latents.shape == (4, 20, 8, 8)
    patches = images.reshape(4, 8, 8, 8, 8, 3).transpose(0, 1, 3, 2, 4, 5).reshape(-1, 192) / 255.0
    flat = np.column_stack([latents.transpose(0, 2, 3, 1).reshape(-1, 20), np.ones(len(patches))])
    rebuilt = flat @ np.linalg.lstsq(flat, patches, rcond=None)[0]
    _, spread, _ = np.linalg.svd(patches - patches.mean(axis=0))
    assert ((patches - rebuilt) ** 2).sum() < 1.5 * (spread[20:] ** 2).sum() + 1e-6
    assert 0.5 < latents.std() < 2


def test_untrained_references_are_not_among_what_the_decoder_sees(pool: Pool) -> None:
    seen = {image.tobytes() for image in pool.references}
    for reference in REFERENCES:
        shown = [image.tobytes() in seen for image in pixels(reference.pictures)]
        assert all(shown) if reference.repetitions else not any(shown)


def interrupt_after_first(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> None:
    """Let the module's next training end, as by Ctrl-C, right after its first checkpoint."""

    def save_and_stop(path: Path, state: Mapping[str, Any]) -> None:
        save_checkpoint(path, state)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "save_checkpoint", save_and_stop)


def test_a_decoder_is_the_same_for_the_same_seed_interrupted_or_not(
    tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    whole.mkdir()
    halves.mkdir()
    one = train_autoencoder(whole, pool, SMALL)
    with monkeypatch.context() as patch:
        interrupt_after_first(patch, autoencoder)
        with pytest.raises(KeyboardInterrupt):
            train_autoencoder(halves, pool, SMALL)
    assert torch.load(halves / "autoencoder.ckpt", weights_only=True)["step"] == 2
    other = train_autoencoder(halves, pool, SMALL)
    assert_same_weights(one, other)
    assert_same_weights(one, train_autoencoder(whole, pool, SMALL))
    assert not torch.equal(one.decoder.layers[0].weight, fit_autoencoder(pool, SMALL).decoder.layers[0].weight)


def assert_same_weights(one: torch.nn.Module, other: torch.nn.Module) -> None:
    for name, weight in one.state_dict().items():
        assert torch.equal(weight, other.state_dict()[name]), name


def test_a_denoiser_is_the_same_for_the_same_seed_interrupted_or_not(
    tmp_path: Path, fitted: AutoencoderTiny, lessons: Lessons, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = [compose(i).picture for i in range(20)] + [p for r in REFERENCES for p in r.pictures]
    latents = encode(fitted, pixels(pictures))
    settings = DenoiserSettings(steps=4, batch=4, references=2, compositions=20, checkpoint_every=2)
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    whole.mkdir()
    halves.mkdir()
    one = train_denoiser(whole, build_tokenizer(), lessons, latents, settings)
    with monkeypatch.context() as patch:
        interrupt_after_first(patch, denoiser)
        with pytest.raises(KeyboardInterrupt):
            train_denoiser(halves, build_tokenizer(), lessons, latents, settings)
    other = train_denoiser(halves, build_tokenizer(), lessons, latents, settings)
    assert_same_weights(one.unet, other.unet)
    assert_same_weights(one.text_encoder, other.text_encoder)


def test_a_log_that_goes_on_keeps_what_was_trained_before(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    log = TrainingLog(path, 0)
    for step in (50, 100, 150):
        log.add(step, 1 / step, 0.1)
    TrainingLog(path, 100).add(150, 0.5, 0.1)
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["step"], row["loss"]) for row in csv.DictReader(file)]
    assert rows == [("50", "0.02000"), ("100", "0.01000"), ("150", "0.50000")]


def test_the_rate_rises_and_falls() -> None:
    rates = [learning_rate(step, 100, 1.0, 10) for step in range(101)]
    assert rates.index(max(rates)) in (9, 10)
    assert max(rates) == pytest.approx(1)
    assert rates[-1] == pytest.approx(0, abs=1e-6)


def test_each_reference_is_dealt_as_often_as_its_count_says(lessons: Lessons) -> None:
    deck = Deck(lessons, batch=10, references=3, dropout=0, seed=1)
    total = sum(lessons.repetitions)
    steps = total  # three whole rounds
    dealt = Counter(int(text) for step in range(steps) for text in deck.deal(step).texts)
    assert deck.rounds(steps) == 3
    for i, repetitions in enumerate(lessons.repetitions):
        assert dealt[lessons.generic + i] == 3 * repetitions
    assert dealt[lessons.empty] == 0


def test_texts_are_left_out_now_and_then_but_pictures_stay(lessons: Lessons) -> None:
    bare, full = (Deck(lessons, batch=20, references=4, dropout=d, seed=1) for d in (0.5, 0.0))
    for step in range(20):
        one, two = bare.deal(step), full.deal(step)
        left = one.texts == lessons.empty
        assert 1 <= left.sum() <= 19
        assert (one.texts[~left] == two.texts[~left]).all()
        assert (one.pictures == two.pictures).all()


def test_every_known_word_is_one_token_and_any_text_can_be_read() -> None:
    tokenizer = build_tokenizer()
    assert all(len(tokenizer(word).input_ids) == 3 for word in all_words())
    strange = tokenizer("Žluťoučký kůň 123 — 北斎").input_ids
    assert len(strange) > 10
    assert tokenizer.get_vocab() == build_tokenizer().get_vocab()


def test_rebuilding_is_measured(fitted: AutoencoderTiny, pool: Pool) -> None:
    images = pool.generic[:2]
    assert psnr(images, images) > 100
    assert psnr(images, rebuild(fitted, images)) < 30


def test_loss_curves_are_drawn(tmp_path: Path) -> None:
    log = tmp_path / "denoiser.csv"
    log.write_text("step,loss,rate,seconds\n50,1.0,0.1,3\n100,0.5,0.1,6\n")
    draw_curves(tmp_path / "losses.png", [log])
    assert (tmp_path / "losses.png").stat().st_size > 1000
