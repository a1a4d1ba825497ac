"""BLIP by transformers."""

from generate.captioners.captioner import Captioner, load_captioner

NAME = "Salesforce/blip-image-captioning-large"


def load(name: str, device: str) -> Captioner:
    """Load ``blip``, ``blip:org/name`` or ``blip:./folder``; errors as in ``load_captioner``."""
    return load_captioner(
        "blip", name or NAME, device, network="BlipForConditionalGeneration", processor="BlipProcessor"
    )
