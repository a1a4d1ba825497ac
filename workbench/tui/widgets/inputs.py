"""One-line inputs of the filter panel."""

import math
from collections.abc import Callable
from typing import Generic, TypeVar

from textual import events
from textual.widgets import Input

V = TypeVar("V")


class ValueInput(Input, Generic[V]):
    """An input whose text stands for a value, or for none.

    Args:
        parse: text to value; None where it is empty; ValueError says in one line what is wrong.
        show: value to text, when the input is left.
        default: what it starts with and is reset to.
        placeholder: shown while it is empty.
        id: of the widget.
    """

    def __init__(
        self,
        *,
        parse: Callable[[str], V | None],
        show: Callable[[V], str],
        default: V | None,
        placeholder: str,
        id: str,
    ) -> None:
        super().__init__("" if default is None else show(default), placeholder=placeholder, id=id, compact=True)
        self._parse = parse
        self._show = show
        self._default = default

    def read(self) -> V | None:
        """The value.

        Raises:
            ValueError: If the text stands for none.
        """
        try:
            value = self._parse(self.value)
        except ValueError:
            self.add_class("-invalid")
            raise
        self.remove_class("-invalid")
        return self._default if value is None else value

    def reset(self) -> None:
        """Back to the default."""
        self.value = "" if self._default is None else self._show(self._default)

    def on_blur(self, event: events.Blur) -> None:
        """Write the value out as it is understood."""
        try:
            value = self.read()
        except ValueError:
            return
        with self.prevent(Input.Changed):
            self.value = "" if value is None else self._show(value)


def parse_count(text: str) -> float | None:
    """A number from 0.

    Raises:
        ValueError: If it is none.
    """
    text = text.strip().replace(",", "").replace("_", "")
    if not text:
        return None
    if not text.isdecimal():
        raise ValueError("sitelinks are a whole number")
    return float(text)


def parse_threshold(text: str) -> float | None:
    """A cosine.

    Raises:
        ValueError: If it is not between -1 and 1.
    """
    if not text.strip():
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = 2.0
    if not -1 <= value <= 1:
        raise ValueError("a threshold is a number from -1 to 1")
    return value


def parse_number(text: str) -> float | None:
    """A number.

    Raises:
        ValueError: If it is none.
    """
    text = text.strip().replace("_", "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError("a number is 12, 0.5 or 1e6")
    return value


def parse_share(text: str) -> float | None:
    """A measure between 0 and 1.

    Raises:
        ValueError: If it is none.
    """
    value = parse_number(text.replace(",", "."))
    if value is not None and not 0 <= value <= 1:
        raise ValueError("a measure is a number from 0 to 1")
    return value


def show_number(value: float) -> str:
    """As short as it was typed."""
    return f"{value:g}"


def show_threshold(value: float) -> str:
    """At least two decimals, more where they were typed."""
    return max(f"{value:.2f}", f"{value:g}", key=len)
