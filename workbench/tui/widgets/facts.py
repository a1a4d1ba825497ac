"""What is known of a reference and of its measures, in a few lines."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from workbench.dates import show_date
from workbench.options import printable
from workbench.records import RefScore
from workbench.tui.columns import NONE
from workbench.tui.reader import Detail
from workbench.tui.widgets.said import say

LONGEST = 200
"""Characters of a label or a prompt; the rest is cut."""


class Facts(Vertical):
    """Label, creators, date and type, then the measures."""

    DEFAULT_CSS = "Facts { height: auto; }"

    def compose(self) -> ComposeResult:
        """The label may take two lines, the rest is cut."""
        yield Static(id="label", markup=False)
        yield Static(id="facts", markup=False)

    def show_row(self, score: RefScore) -> None:
        """What the table knows already."""
        year = show_date(None, score.creation_year, score.creation_precision, circa=score.creation_circa)
        self._show(score, [*_reference(score, year), *_measures(score)])

    def show(self, detail: Detail) -> None:
        """Everything."""
        r = detail.reference
        date = show_date(
            r.creation_date, r.creation_year, r.creation_precision, r.creation_calendar, circa=r.creation_circa
        )
        lines = _reference(detail.score, date)
        if r.description:
            lines.append(Content(cut(r.description)).stylize("$quiet"))
        self._show(detail.score, [*lines, *_measures(detail.score), *_prompts(detail)])

    def _show(self, score: RefScore, lines: list[Content]) -> None:
        label = self.query_one("#label", Static)
        if label.content != cut(score.label):  # it wraps
            label.update(cut(score.label))
        say(self.query_one("#facts", Static), Content("\n").join(lines))


def cut(text: str) -> str:
    """Text from outside: no control characters, and an end."""
    text = printable(text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def number(value: float | None) -> str:
    """A measure with three decimals; four of them fit into the narrowest pane."""
    return NONE if value is None else f"{value:.3f}".replace("0.", ".", 1)


def _reference(score: RefScore, date: str) -> list[Content]:
    creators = cut(", ".join(score.creators)) or "creator unknown"
    links = "popularity unknown" if score.popularity is None else f"{score.popularity:,.0f} sitelinks"
    kind = f"{printable(score.type)}, {score.kind}" if score.type else score.kind
    return [Content(f"{date} · {creators}"), Content(f"{kind} · {score.qid} · {links}").stylize("$quiet")]


def _measures(score: RefScore) -> list[Content]:
    """Nothing for a reference without images."""
    if score.model_id is None:
        return []
    condition = f"{printable(score.model_id)} · {printable(score.perturbation or '')}"
    counts = f"{score.n_recognised} of {score.n} recognised" if score.n else "not scored yet"
    pairs = [("CRA", score.cra), ("VR", score.vr), ("VI", score.vi), ("CRT", score.crt)]
    parts = [Content.assemble((f"{name} ", "$quiet"), (number(value), "bold")) for name, value in pairs]
    lines = [Content(f"{condition} · {counts}"), Content(" ").join(parts)]
    if score.n_excluded:
        lines.append(Content(f"{score.n_excluded} of {score.n_images} blocked, black or failed").stylize("$warning"))
    return lines


def _prompts(detail: Detail) -> list[Content]:
    prompts = list(dict.fromkeys(image.prompt for image in detail.images))
    more = f" (+{len(prompts) - 1} variants)" if len(prompts) > 1 else ""
    return [Content(f"“{cut(prompts[0])}”{more}").stylize("italic")] if prompts else []


def credit(detail: Detail, number: int = 0) -> str:
    """Author and licence of a reference image."""
    image = detail.ref_images[number]
    return " · ".join(part for part in (image.author, image.licence) if part)
