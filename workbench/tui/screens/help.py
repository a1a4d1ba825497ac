"""The keys, and what the measures mean."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

KEYS = (
    ("j k ↑ ↓", "next, previous row"),
    ("g G", "first, last row"),
    ("ctrl+d ctrl+u", "a page down, up"),
    ("h l ← →", "scroll sideways"),
    ("enter", "the row in full"),
    ("n p", "next, previous generated images"),
    ("s", "sort by a column (or click its header)"),
    ("S", "reverse the order"),
    ("/", "search label, creator or QID"),
    ("f", "filters and thresholds: open, close"),
    ("x", "clear the filters"),
    ("1 2", "references, correlations"),
    ("tab", "next part of the screen"),
    ("esc", "back"),
    ("y", "copy the SQL of the table"),
    ("r", "read the file again"),
    ("t", "dark, light"),
    ("ctrl+p", "all commands"),
    ("q", "quit"),
)
MEASURES = (
    ("s", "highest cosine similarity of a generated image to a reference image"),
    ("recognised", "s ≥ τ: τ static for static references, τ dynamic for dynamic ones"),
    ("n", "generated images that are scored"),
    ("CRA", "share of them that is recognised"),
    ("p", "for each of the 16 patches of an image, its highest cosine similarity to any patch of a reference image"),
    ("VR", "share of patches with p ≥ τ_reuse, mean over the recognised images"),
    ("VI", "1 − VR"),
    ("CRT", "CRA × VI; 0 where none is recognised"),
    (
        "ρ, p",
        "Spearman's rank correlation over references (the unit is the reference, never the image), and its "
        "two-sided p value, not adjusted for how many there are. A correlation is no cause.",
    ),
    ("–", "no value: not scored, or none recognised"),
)


class HelpScreen(ModalScreen[None]):
    """A page to read; any of its keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter", "dismiss(None)", "Close"),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Keys, then measures."""
        with VerticalScroll(id="help"):
            yield Static("Keys", classes="title")
            with Horizontal(id="keys"):
                half = (len(KEYS) + 1) // 2
                yield Vertical(*_rows(KEYS[:half]))
                yield Vertical(*_rows(KEYS[half:]))
            yield Static("Measures", classes="title")
            yield from _rows(MEASURES)

    def action_scroll(self, lines: int) -> None:
        """Scroll some lines."""
        self.query_one("#help").scroll_relative(y=lines, animate=False)


def _rows(rows: Sequence[tuple[str, str]]) -> Iterator[Horizontal]:
    """Terms and meanings, side by side."""
    for term, meaning in rows:
        yield Horizontal(Static(term, classes="term"), Static(meaning, classes="meaning"))
