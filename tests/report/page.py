"""A page as its elements, as a browser would take it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Rows = list[dict[str, str]]
VOID = {"meta", "img", "link", "br", "hr", "input"}


@dataclass
class Element:
    """A tag with what it holds."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    path: tuple[str, ...] = ()


@dataclass
class Page(HTMLParser):
    """Reads a page; an end tag that closes nothing is an error."""

    elements: list[Element] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {k: v or "" for k, v in attrs}, path=tuple(e.tag for e in self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {k: v or "" for k, v in attrs}, path=tuple(e.tag for e in self._open)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def named(self, tag: str) -> list[Element]:
        """All elements of a tag."""
        return [e for e in self.elements if e.tag == tag]


def read(text: str) -> Page:
    """Parse a page; every element has to be closed."""
    page = Page()
    page.feed(text)
    page.close()
    assert not page._open
    return page


def tables_of(page: str, key: str) -> list[Rows]:
    """The tables of a section, each row by the heads of its columns; an interval by the head before it."""
    section = page.split(f'<section id="{key}">')[1].split("</section>")[0]
    return [_rows(read("<table>" + part.split("</table>")[0] + "</table>")) for part in section.split("<table>")[1:]]


def _rows(table: Page) -> Rows:
    titles, cells = ([e.text for e in table.named(tag)] for tag in ("th", "td"))
    heads = [f"{titles[at - 1]} interval" if title == "95 %" else title for at, title in enumerate(titles)]
    lines = [cells[k : k + len(heads)] for k in range(0, len(cells), len(heads))]
    return [dict(zip(heads, line, strict=True)) for line in lines]


def of_covariate(rows: Rows, name: str, kind: str, measure: str = "CRA") -> dict[str, str]:
    """The row of one correlation."""
    (row,) = (r for r in rows if (r["Covariate"], r["Measure"], r["Kind"]) == (name, measure, kind))
    return row


def bounds(cell: str) -> tuple[float, float]:
    """An interval as numbers."""
    low, high = cell.replace("−", "-").strip("[]").split(", ")
    return float(low), float(high)
