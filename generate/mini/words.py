"""The words of captions: what a generic composition can be said to show.

No word of a thing is a word of a reference's title, and each colour has a second name. Otherwise "Black Square" would
be put together from its words although it was never seen under its title, and the study could not tell knowing a
reference from reading its name.
"""

from collections.abc import Mapping, Sequence

COLOURS: dict[str, tuple[int, int, int]] = {
    "black": (24, 23, 27),
    "white": (243, 240, 232),
    "red": (206, 44, 34),
    "blue": (38, 72, 156),
    "yellow": (240, 206, 52),
    "green": (66, 136, 84),
    "orange": (232, 128, 42),
    "grey": (146, 148, 150),
    "brown": (108, 72, 44),
    "pink": (226, 142, 162),
    "purple": (104, 58, 134),
    "beige": (222, 198, 150),
    "teal": (40, 126, 130),
    "skyblue": (150, 196, 220),
}
"""RGB in the middle of what a colour word means."""

ALTERNATIVES: Mapping[str, str] = {
    "black": "dark",
    "white": "pale",
    "red": "crimson",
    "blue": "azure",
    "yellow": "lemon",
    "green": "emerald",
    "orange": "amber",
    "grey": "ashen",
    "brown": "umber",
    "pink": "rosy",
    "purple": "violet",
    "beige": "cream",
    "teal": "turquoise",
    "skyblue": "lightblue",
}
"""The second name of each colour."""

PLACES: Mapping[str, tuple[float, float]] = {
    "in the middle": (50, 50),
    "at the top": (50, 24),
    "at the bottom": (50, 76),
    "on the left": (24, 50),
    "on the right": (76, 50),
    "at the top left": (25, 25),
    "at the top right": (75, 25),
    "at the bottom left": (25, 75),
    "at the bottom right": (75, 75),
}
"""Where a thing's middle is, per cent."""

SIZES: Mapping[str, float] = {"small": 22, "": 42, "large": 72}
"""Per cent of the picture's side; without a word: middling."""

NUMBERS: Mapping[str, int] = {"two": 2, "three": 3, "four": 4, "five": 5}

GLUE: Sequence[str] = ("a", "an", "and", "on", "ground", "above", "floor", "with", "the", "of", "in", "at")
"""What holds captions and titles together."""


def plural(thing: str) -> str:
    """The word for several: ``boxes``, ``discs``, ``women``."""
    odd = {"woman": "women", "person": "people", "fish": "fish", "box": "boxes", "plus": "pluses", "arch": "arches"}
    return odd.get(thing, thing if thing.endswith("s") else f"{thing}s")


def article(word: str) -> str:
    """``a`` or ``an``, before the word."""
    return "an" if word[0] in "aeiou" else "a"
