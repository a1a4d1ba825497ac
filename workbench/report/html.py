"""The report as one HTML file that needs nothing beside it: no network, no script."""

import base64
import re
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from workbench.figures import COLOURS
from workbench.report.blocks import Figure, Gallery, Picture, Points, Report, Said, Table
from workbench.report.drawing.svg import GRID, INK, PAPER

_FOLDER = files("workbench.report") / "templates"
_VARIABLES = {INK: "--ink", GRID: "--grid", PAPER: "--paper"} | {
    colour.lower(): f"--c{n}" for n, colour in enumerate(COLOURS)
}
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_IDS = re.compile(r'(?P<before>\bid="|xlink:href="#|url\(#)')
_TEMPLATES = {Said: "said", Points: "points", Table: "table", Figure: "figure", Gallery: "gallery"}


def as_html(report: Report) -> str:
    """Write the report down; all text in it is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"inline": inline, "data_url": _data_url}
    environment.tests["of_kind"] = lambda block, kind: _TEMPLATES[type(block)] == kind
    template = environment.from_string((_FOLDER / "report.html").read_text(encoding="utf-8"))
    style = Markup((_FOLDER / "report.css").read_text(encoding="utf-8"))
    return template.render(report=report, style=style)


def inline(figure: Figure) -> Markup:
    """The SVG of a figure as a part of the page: it follows the page's colours, and its ids are its own."""
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", figure.svg, flags=re.DOTALL)
    svg = _COLOUR.sub(lambda match: f"var({_VARIABLES[match[0]]})" if match[0] in _VARIABLES else match[0], svg)
    svg = _IDS.sub(lambda match: f"{match['before']}{figure.name}-", svg)
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{escape(figure.caption)}" ', 1))


def _data_url(picture: Picture) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(picture.jpeg).decode()}"
