"""The keys, and what the measures mean."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from workbench.tui.widgets.study_tab import StudyTab

MOVING = (
    ("1 … 6", "references, images, correlations, models, runs, SQL"),
    ("j k ↑ ↓", "next, previous row"),
    ("g G", "first, last row"),
    ("ctrl+d ctrl+u", "a page down, up"),
    ("h l ← →", "scroll sideways"),
    (":", "jump to a row: its number, or a part of its first column"),
    ("s S", "sort by a column (or click its header); reverse"),
    ("c", "choose the columns"),
)
PICTURES = (
    ("enter", "look at the row in full"),
    ("b", "group by model, by perturbation, or not"),
    ("n p", "next, previous generated images"),
)
FILTERING = (
    ("/", "search label, creator or QID"),
    ("f x", "filters and thresholds: open or close; clear the filters"),
    ("← → wheel", "on a slider: a step; with shift, five"),
    ("[ ]", "back and forward through what was filtered"),
    ("w v", "save filters and thresholds as a view; take or delete a saved view"),
    ("a", "label images, by keys alone"),
)
ALWAYS = (
    ("y Y", "copy the SQL of what is on screen; open it in the SQL tab"),
    ("e", "export what is on screen: csv, parquet, json, svg"),
    ("< >", "pane beside the table: narrower, wider"),
    ("tab esc", "next part of the screen; back to the table"),
    ("r t", "read the file again; dark or light"),
    ("ctrl+p q", "all commands; quit"),
)
LOOK = (
    ("n p", "next, previous image (among all seeds: page)"),
    ("g", "every seed"),
    ("m", "model beside model, for the same prompt and seed"),
    ("c", "condition beside condition, for the same model and seed"),
    ("o", "patches: outline those that are found again"),
    ("h j k l ← → ↑ ↓", "another patch; its best match is outlined in the reference image"),
    ("z", "zoom into the patch and its best match"),
    ("r", "next reference image"),
    ("mouse", "click a patch or an image; patches follow the mouse"),
    ("y Y e", "copy the SQL of these images; open it in the SQL tab; the screen as SVG"),
    ("esc", "back"),
)
ANNOTATE = (
    ("y n", "it evokes the reference, or it does not"),
    ("1 2 3", "realized as a replication, a transformation, neither (and recognised)"),
    ("t", "note"),
    ("u", "undo, as often as you like"),
    ("space h l ← →", "another image"),
    ("g", "next image that is not labelled yet"),
    ("r", "next reference image"),
    ("c Y", "copy the SQL of all labels; open it in the SQL tab"),
    ("esc", "back; every key is in the file already"),
)
SQL = (
    ("F5 ctrl+r", "run"),
    ("F6 F8", "explain; analyze: asked, with the time of each step"),
    ("F7 ctrl+↑ ctrl+↓", "earlier queries; the one before, after"),
    ("ctrl+n", "complete the word; also while you type: ↑ ↓ tab"),
    ("esc", "cancel the query that runs; to the results and back"),
    ("s e < >", "on the results: sort, export; the editor smaller, larger"),
    ("F1", "this help, also where text is typed"),
)
CORRELATIONS = (
    ("o", "hold the other covariates (partial ρ), or none"),
    ("enter", "to the points; ← → visits them, enter shows the reference"),
    ("click", "a point: go to it; again: its reference"),
)
MODELS = (
    ("d", "means; differences of models; what other words change"),
    ("enter", "of means: to the plane; ← → visits the models"),
)
RUNS = (("tab", "to the run in full; j k ↑ ↓ scroll it"),)
OWN = {
    "ReferencesView": PICTURES,
    "ImagesView": PICTURES,
    "CorrelationsView": CORRELATIONS,
    "ModelsView": MODELS,
    "RunsView": RUNS,
}
"""Keys of single tabs, before those of all."""
KEYS = {"LookScreen": ("Look", LOOK), "AnnotateScreen": ("Label", ANNOTATE), "SqlView": ("SQL", SQL)}
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
        "ρ, p adj.",
        "Spearman's rank correlation over references (the unit is the reference, never the image) with a bootstrap "
        "interval, and its two-sided p value, adjusted for how many there are. A correlation is no cause.",
    ),
    ("VR* VI* CRT*", "over all scored images, recognised or not"),
    ("–", "no value: not scored, or none recognised"),
)


class HelpScreen(ModalScreen[None]):
    """A page to read; any of its keys closes it.

    Args:
        about: the screen whose keys it lists.
    """

    # Textual declares it as an instance variable.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss(None)", "Close"),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]

    def __init__(self, about: Screen[Any]) -> None:
        super().__init__()
        self._title, self._keys = _keys_of(about)

    def compose(self) -> ComposeResult:
        """Keys, then measures."""
        with VerticalScroll(id="help"):
            yield Static(self._title, classes="title")
            with Horizontal(id="keys"):
                half = (len(self._keys) + 1) // 2
                yield Vertical(*_rows(self._keys[:half]))
                yield Vertical(*_rows(self._keys[half:]))
            yield Static("Measures", classes="title")
            yield from _rows(MEASURES)

    def action_scroll(self, lines: int) -> None:
        """Scroll some lines."""
        self.query_one("#help").scroll_relative(y=lines, animate=False)


def _keys_of(about: Screen[Any]) -> tuple[str, Sequence[tuple[str, str]]]:
    """What is looked up, and its keys: those of the tab that is shown first."""
    tab = getattr(about, "tab", None)
    known = KEYS.get(type(tab).__name__) or KEYS.get(type(about).__name__)
    if known is not None or not isinstance(tab, StudyTab):
        return known or ("Keys", ALWAYS)
    filtering = FILTERING if tab.filtered else ()
    return tab.title, (*OWN.get(type(tab).__name__, ()), *MOVING, *filtering, *ALWAYS)


def _rows(rows: Sequence[tuple[str, str]]) -> Iterator[Horizontal]:
    """Terms and meanings, side by side."""
    for term, meaning in rows:
        yield Horizontal(Static(term, classes="term"), Static(meaning, classes="meaning"))
