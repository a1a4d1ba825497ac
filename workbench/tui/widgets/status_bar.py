"""The line that says what is shown, how it was measured and how the file is."""

from dataclasses import dataclass, field, replace

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from workbench.options import printable
from workbench.records import Thresholds
from workbench.tui.widgets.inputs import show_threshold

SEPARATOR = "  "


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What the line says."""

    file: str = ""
    shown: int | None = None
    """Rows in the table; None: there is none."""
    noun: str = "rows"
    """What they are."""
    total: int | None = None
    """Rows unfiltered; None: not known yet."""
    filters: int = 0
    """How many hold something back."""
    filtered: bool = True
    """Filters and thresholds say what is shown."""
    thresholds: Thresholds = field(default_factory=Thresholds)
    encoder: str | None = None
    patch_encoder: str | None = None
    seconds: float | None = None
    """Of the last query."""
    activity: str = ""
    """A run that goes on, or a writer."""
    refused: str = ""
    """What was typed into a filter and makes no sense."""
    error: str = ""


class StatusBar(Widget):
    """Shows as much of the status as there is room for, what matters most first."""

    status: reactive[Status] = reactive(Status)

    def update(self, **changes: object) -> None:
        """Change parts of the status."""
        self.status = replace(self.status, **changes)  # type: ignore[arg-type]

    def render(self) -> Content:
        """One line."""
        left, dropped = _left(self.status), _details(self.status)
        right = _right(self.status)
        room = self.size.width - sum(c.cell_length + len(SEPARATOR) for c in [*left, *right])
        middle: list[Content] = []
        for part in dropped:
            room -= part.cell_length + len(SEPARATOR)
            if room < 0:
                break
            middle.append(part)
        start = Content(SEPARATOR).join([*left, *middle])
        end = Content(SEPARATOR).join(right)
        gap = max(1, self.size.width - start.cell_length - end.cell_length)
        return Content.assemble(start, " " * gap, end)


def show_rows(status: Status) -> str:
    """Rows shown, of how many."""
    of = f" of {status.total:,}" if status.total is not None and status.noun == "rows" else ""
    noun = status.noun.removesuffix("s") if status.shown == 1 and not of else status.noun
    return f"{status.shown:,}{of} {noun}"


def short(encoder: str | None) -> str:
    """An encoder id, cut where it is long."""
    name = printable(encoder or "none")
    return name if cell_len(name) <= 32 else name[:31] + "…"


def _left(status: Status) -> list[Content]:
    problem = status.refused or status.error
    if problem:
        return [Content.assemble((" ! " + printable(problem), "bold $error"))]
    parts = [Content(f" {status.file}").stylize("bold")] if status.file else []
    return parts if status.shown is None else [*parts, Content(show_rows(status))]


def _details(status: Status) -> list[Content]:
    """Only beside a table that they are of."""
    if status.shown is None or not status.filtered:
        return []
    t = status.thresholds
    taus = f"τ {show_threshold(t.tau_static)}/{show_threshold(t.tau_dynamic)}  τ_reuse {show_threshold(t.tau_reuse)}"
    filters = f"{status.filters} filter{'s' if status.filters > 1 else ''}"
    parts = [Content(filters).stylize("$warning")] if status.filters else []
    parts += [Content(taus).stylize("$quiet")]
    for name, encoder in (("s", status.encoder), ("p", status.patch_encoder)):
        parts.append(Content(f"{name}: {short(encoder)}").stylize("$quiet"))
    return parts


def _right(status: Status) -> list[Content]:
    parts = [Content(f"● {printable(status.activity)}").stylize("$warning")] if status.activity else []
    if status.seconds is not None and status.shown is not None and status.filtered:
        parts.append(Content(f"{status.seconds * 1000:,.0f} ms ").stylize("$quiet"))
    return parts
