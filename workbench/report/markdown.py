"""The report as Markdown, with its figures and pictures as files beside it."""

import re
from collections.abc import Iterator, Sequence

from workbench.report.blocks import Block, Figure, Gallery, Part, Points, Report, Said, Table

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$&#!])")


def escaped(text: str) -> str:
    """Text that Markdown takes as it is: no emphasis, link, picture, HTML, mathematics or table cell comes of it."""
    return _SPECIAL.sub(r"\\\1", text)


def as_markdown(report: Report, folder: str) -> str:
    """Write the report down.

    Args:
        report: what is told.
        folder: of its figures and pictures, relative to the file.
    """
    lines = [f"# {escaped(report.title)}", "", escaped(report.subtitle), ""]
    for part in report.parts:
        lines += [*_part(part, folder), ""]
    lines += ["## What to keep in mind", "", *(f"- {escaped(caveat)}" for caveat in report.caveats), ""]
    lines += ["## The SQL", "", "For `wb sql` or any DuckDB client: the rows that the tables above are made of.", ""]
    sources = {source.query: source for part in report.parts for source in part.sources}
    for source in sources.values():
        lines += [
            f"### {escaped(source.query)}",
            "",
            escaped(source.purpose),
            "",
            *_code(source.sql.rstrip(), "sql"),
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def _part(part: Part, folder: str) -> Iterator[str]:
    yield f"## {escaped(part.title)}"
    yield ""
    for block in part.blocks:
        yield from _block(block, folder)
        yield ""
    if part.caveat:
        yield f"> {escaped(part.caveat)}"
        yield ""
    if part.command:
        yield from ("The tables, by the command:", "", *_code(part.command, "sh"), "")
    yield f"Of the rows of {', '.join(f'`{source.query}`' for source in part.sources)}; their SQL stands at the end."


def _block(block: Block, folder: str) -> Iterator[str]:
    if isinstance(block, Said):
        yield f"*{escaped(block.text)}*" if block.missing else escaped(block.text)
    elif isinstance(block, Points):
        yield from (f"- {escaped(item)}" for item in block.items)
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Figure):
        yield f"![{escaped(block.caption)}]({folder}/{block.name}.svg)"
        yield ""
        yield escaped(block.caption)
    else:
        yield from _gallery(block, folder)


def _table(block: Table) -> Iterator[str]:
    yield f"**{escaped(block.caption)}**"
    yield ""
    yield _line([heading.title for heading in block.headings])
    yield "|" + "|".join("---:" if heading.numeric else "---" for heading in block.headings) + "|"
    yield from map(_line, block.rows)
    if block.reasons:
        yield ""
        yield "; ".join(f"({number}) {escaped(reason)}" for number, reason in enumerate(block.reasons, 1))
    if block.note:
        yield ""
        yield escaped(block.note)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escaped(cell) or " " for cell in cells) + " |"


def _gallery(block: Gallery, folder: str) -> Iterator[str]:
    yield escaped(block.caption)
    for row in block.rows:
        yield ""
        yield f"### {escaped(row.title)}"
        yield ""
        yield escaped(row.text)
        yield ""
        for picture in row.pictures:
            yield f"![{escaped(picture.caption)}]({folder}/{picture.name}.jpg)"
        yield ""
        yield "; ".join(escaped(picture.caption) for picture in row.pictures)


def _code(text: str, language: str) -> Iterator[str]:
    """A fenced block, by a fence longer than any in the text."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    yield f"{fence}{language}"
    yield text
    yield fence
