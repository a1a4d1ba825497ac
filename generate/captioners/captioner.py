"""What every captioner is: a network of transformers that continues a picture with text."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generate.encoders.encoder import check_complete, digest, loading
from generate.hub import hub_file
from generate.reasons import device_failed
from workbench.records import content_id

if TYPE_CHECKING:
    from PIL import Image

INSTEAD = "no network is needed by a local folder: --captioner blip:./folder"
BEAMS, TOP_P = 3, 0.9
LONGEST = 100
"""Tokens of a caption, the captioner's own; prompts that a text encoder cuts are flagged in ``prompt_tokens``."""
_FRAME = re.compile(r"^(the|this|an?) (image|picture|photo) (shows|depicts|features|is of|of) ", re.IGNORECASE)


class Captioner:
    """A loaded captioner.

    Args:
        label: family and name without a path, for the id.
        network: of transformers, with a ``generate`` that takes ``pixel_values``.
        processor: its own.
        device: of torch.
        asked: what it takes in beside the picture.
    """

    def __init__(
        self, *, label: str, network: Any, processor: Any, device: str, asked: Mapping[str, str] | None = None
    ) -> None:
        self.captioner_id = f"{label}#{content_id(digest(network), digits=12)}"
        self._network = network.eval().to(device)
        self._processor = processor
        self._device = device
        self._asked = dict(asked or {})

    def describe(self, image: Image.Image, *, seed: int | None = None, without: Collection[str] = ()) -> str:
        """Say what is to be seen.

        Args:
            image: a picture in RGB.
            seed: draws one of many captions, the same for the same seed; None: the likeliest, by beam search.
            without: words that must not come, as far as the captioner's tokens can tell them.

        Returns:
            A caption without white space around it; empty where it has nothing to say.

        Raises:
            ModelError: If the device has failed.
        """
        import torch

        taken = self._processor(images=image, return_tensors="pt", **self._asked).to(self._device, self._network.dtype)
        drawn: dict[str, object] = (
            {"num_beams": BEAMS} if seed is None else {"do_sample": True, "top_p": TOP_P, "top_k": 0}
        )
        banned = self._tokens(without)
        if banned:
            drawn["bad_words_ids"] = banned
        try:
            with torch.inference_mode(), _seeded(seed or 0, self._device):
                found = self._network.generate(**taken, max_new_tokens=LONGEST, **drawn)
        except torch.AcceleratorError as error:
            raise device_failed(error) from error
        text = " ".join(self._processor.batch_decode(found, skip_special_tokens=True)[0].split())
        return _FRAME.sub("", text.replace("[DEC]", "").strip())

    def _tokens(self, words: Collection[str]) -> list[list[int]]:
        """Tokens of words as they are spelled within and at the beginning of a text."""
        tokenizer = self._processor.tokenizer
        spelled = dict.fromkeys(f"{gap}{word}" for w in words for word in (w, w.capitalize()) for gap in (" ", ""))
        found = (tokenizer(text, add_special_tokens=False)["input_ids"] for text in spelled)
        unknown = tokenizer.unk_token_id
        return [list(ids) for ids in dict.fromkeys(map(tuple, found)) if ids and unknown not in ids]


@contextlib.contextmanager
def _seeded(seed: int, device: str) -> Iterator[None]:
    """Draw from this seed; torch's own state stays as it was."""
    import torch

    with torch.random.fork_rng(devices=[device] if device.startswith("cuda") else []):
        torch.manual_seed(seed)
        yield


def load_captioner(
    family: str, name: str, device: str, *, network: str, processor: str, asked: Mapping[str, str] | None = None
) -> Captioner:
    """Load a captioner of transformers from a folder or the hub.

    Args:
        family: of the registry.
        name: hub id or folder.
        device: of torch.
        network: its class in transformers.
        processor: the same.
        asked: what it takes in beside the picture.

    Raises:
        ModelError: If the weights cannot be had.
    """
    import torch
    import transformers
    import transformers.utils.logging

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    local = Path(name).is_dir()
    dtype = torch.float16 if device.startswith("cuda") else torch.float32
    with loading(f"{family}:{name}", INSTEAD):
        revision = None if local else hub_file(name, "config.json", instead=INSTEAD).commit
        options = {"revision": revision, "local_files_only": local}
        loaded, info = getattr(transformers, network).from_pretrained(
            name, output_loading_info=True, dtype=dtype, **options
        )
        own = getattr(transformers, processor).from_pretrained(name, **options)
    check_complete(f"{family}:{name}", sorted(info["missing_keys"]))
    label = f"{family}:{Path(name).resolve().name if local else name}"
    return Captioner(label=label, network=loaded, processor=own, device=device, asked=asked)
