"""BLIP-2 by transformers."""

from generate.captioners.captioner import Captioner, load_captioner

NAME = "Salesforce/blip2-opt-2.7b"


def load(name: str, device: str) -> Captioner:
    """Load ``blip2``, ``blip2:org/name`` or ``blip2:./folder``; errors as in ``load_captioner``."""
    return load_captioner(
        "blip2", name or NAME, device, network="Blip2ForConditionalGeneration", processor="Blip2Processor"
    )
