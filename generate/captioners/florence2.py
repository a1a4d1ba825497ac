"""Florence-2 by transformers."""

from generate.captioners.captioner import Captioner, load_captioner

NAME = "florence-community/Florence-2-large"
TASK = "<DETAILED_CAPTION>"


def load(name: str, device: str) -> Captioner:
    """Load ``florence2``, ``florence2:org/name`` or ``florence2:./folder``; errors as in ``load_captioner``."""
    return load_captioner(
        "florence2",
        name or NAME,
        device,
        network="Florence2ForConditionalGeneration",
        processor="Florence2Processor",
        asked={"text": TASK},
    )
