"""The report put together, and written: each file whole or not at all."""

import re
from pathlib import Path

from workbench.errors import ConfigError
from workbench.options import say, write_whole
from workbench.report.blocks import Figure, Gallery, Part, Report
from workbench.report.html import as_html
from workbench.report.markdown import as_markdown
from workbench.report.sections import SECTIONS, Section
from workbench.report.study import Study
from workbench.report.tables import many, written

FILES = "report_files"
_OURS = re.compile(r"[a-z-]+\.svg|[0-9a-f]{16}\.jpg")
"""What an earlier report may have left there: a picture that is no longer shown must not stay."""
CAVEATS = (
    "The unit is the reference, never the image: images of one reference resemble one another.",
    "Training frequency, popularity and creation date are collinear. A correlation with one of them may be "
    "another's, and none of them is shown to be a cause.",
    "VR and VI are known of recognised images alone, and which those are depends on the model and the threshold.",
    "Every measure depends on its thresholds and encoders. Thresholds that were chosen for other encoders mean "
    "nothing; calibrated ones say how often chance reaches them.",
    "An encoder that was trained on the references' own pictures may find them more alike than others do.",
    "CRT is a product: read it beside CRA and VI.",
    "p values are two-sided; adjusted ones hold within the family that is named beside them, not over the report.",
    "What is not estimable is empty, and says why.",
)


def put_together(study: Study) -> Report:
    """Every section of the report, in order."""
    name, counts = study.store.path.stem, study.frame("count_images")
    last = study.frame("all_runs")["started_utc"].dt.strftime("%Y-%m-%d %H:%M").max()
    until = "" if last is None else f"; last run {last!s} UTC"
    models = many(counts["model_id"].n_unique(), "model")
    return Report(
        title=f"Multimodal iconicity: {written(name)}",
        subtitle=f"{many(int(counts['images'].sum()), 'generated image')} by {models}{until}.",
        parts=[_part(section, study) for section in SECTIONS],
        caveats=CAVEATS,
    )


def write_report(report: Report, folder: Path) -> None:
    """Write ``report.html``, ``report.md`` and the figures and pictures of the latter.

    Raises:
        ConfigError: If the folder cannot be written.
    """
    beside = folder / FILES
    try:
        beside.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot make {beside}: {error.strerror}", "name another folder with --out") from error
    files = _files(report)
    for name, content in files.items():
        write_whole(beside / name, content)
    for path in beside.iterdir():
        if path.name not in files and _OURS.fullmatch(path.name):
            path.unlink()
    write_whole(folder / "report.md", as_markdown(report, FILES).encode())
    write_whole(folder / "report.html", as_html(report).encode())


def _files(report: Report) -> dict[str, bytes]:
    """Figures and pictures, by the names that the Markdown gives them."""
    found = {}
    for block in (block for part in report.parts for block in part.blocks):
        if isinstance(block, Figure):
            found[f"{block.name}.svg"] = block.svg.encode()
        elif isinstance(block, Gallery):
            found |= {f"{picture.name}.jpg": picture.jpeg for row in block.rows for picture in row.pictures}
    return found


def _part(section: Section, study: Study) -> Part:
    say(f"report: {section.title}")
    return Part(
        key=section.key,
        title=section.title,
        blocks=section.build(study),
        caveat=section.caveat,
        command=_command(section, study),
        sources=[study.source(query) for query in section.queries],
    )


def _command(section: Section, study: Study) -> str:
    if not section.command.startswith("wb analyze"):
        return section.command
    return study.command(section.command, resampled=section.resampled)
