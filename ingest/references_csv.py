"""References and covariates from a CSV or TSV file."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.dates import CreationDate, parse_date, parse_year, parse_year_date, without_circa
from ingest.references import UNWRITTEN, FoundReference
from ingest.report import Problem
from ingest.tables import Row, Table, read_table
from ingest.text import parse_count, parse_integer, parse_qid, split_people
from workbench.errors import IngestError
from workbench.records import Covariate, Reference

KINDS = ("static", "dynamic")
_REQUIRED = ("qid", "label", "kind")
_OPTIONAL = ("type", "creator", "year", "date", "precision", "calendar", "description", "image_file")
_PREFIX = "covariate:"


@dataclass(frozen=True, slots=True, kw_only=True)
class CovariateColumn:
    """A column that measures something."""

    column: str
    name: str
    method: str
    unit: str
    whole: bool = False
    """Its values are counts."""


_COUNTS = {
    "sitelinks": CovariateColumn(
        column="sitelinks", name="popularity", method="sitelinks", unit="sitelinks", whole=True
    ),
    "pageviews": CovariateColumn(column="pageviews", name="popularity", method="pageviews", unit="views", whole=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFile:
    """What a file holds."""

    path: Path
    found: Sequence[FoundReference]
    problems: Sequence[Problem]
    repeated: int
    """Rows that say again what an earlier row says."""
    ignored: Sequence[str]
    """Columns that mean nothing here."""


def read_references(path: Path) -> ReferenceFile:
    """Read a file of references.

    It needs the columns ``qid``, ``label`` and ``kind`` (static or dynamic), and may have ``type``, ``creator``
    (several separated by ``|`` or ``;``), ``year`` (an astronomical integer, 0 is 1 BCE; or ``N BCE``), ``date`` (ISO
    8601, in place of a year; either may begin with ``c.``), ``precision`` (Wikidata's number), ``calendar``,
    ``sitelinks``, ``pageviews``, ``description``, ``image_file`` (of Commons; several: ``A|B``), and covariates:
    ``covariate:NAME`` or ``covariate:NAME/METHOD``.

    Raises:
        IngestError: If it is not such a file.
    """
    table = read_table(path, _REQUIRED)
    measures = _covariate_columns(table)
    kept: dict[str, _Kept] = {}
    problems = list(table.problems)
    repeated = 0
    for row in table.rows:
        try:
            found = _reference(row, path.name, measures)
            first = kept.setdefault(found.reference.qid, _Kept(line=row.line, found=found))
            if first.found != found:
                raise ValueError(f"{found.reference.qid} again, and different; line {first.line} is taken")
            repeated += first.line != row.line
        except ValueError as error:
            problems.append(table.problem(row, str(error)))
    known = {*_REQUIRED, *_OPTIONAL, *(m.column for m in measures)}
    return ReferenceFile(
        path=path,
        found=[k.found for k in kept.values()],
        problems=problems,
        repeated=repeated,
        ignored=[c for c in table.columns if c and c not in known],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    line: int
    found: FoundReference


def _covariate_columns(table: Table) -> list[CovariateColumn]:
    columns = [c for name in table.columns if (c := _covariate_column(name))]
    keys = [(c.name, c.method) for c in columns]
    for column, key in zip(columns, keys, strict=True):
        if not all(key):
            raise IngestError(f"{table.path}: column {column.column!r} names no covariate", "covariate:NAME[/METHOD]")
        if keys.count(key) > 1:
            message = f"{table.path} has two columns for {column.name} by {column.method}"
            raise IngestError(message, "remove one, or name its method: covariate:NAME/METHOD")
    return columns


def _covariate_column(column: str) -> CovariateColumn | None:
    if not column.startswith(_PREFIX):
        return _COUNTS.get(column)
    name, slash, method = column.removeprefix(_PREFIX).partition("/")
    return CovariateColumn(
        column=column, name=name.strip(), method=method.strip() if slash else "csv", unit="as in the file"
    )


def _reference(row: Row, source: str, measures: Sequence[CovariateColumn]) -> FoundReference:
    qid = parse_qid(row.cell("qid"))
    label, kind = row.cell("label"), row.cell("kind").casefold()
    if not label:
        raise ValueError(f"{qid} has no label")
    if kind not in KINDS:
        raise ValueError(f"{qid} has kind {kind!r}, not static or dynamic")
    date = _date(row)
    images = tuple(name for part in row.cell("image_file").split("|") if (name := part.strip()))
    reference = Reference(
        qid=qid,
        label=label,
        kind=kind,
        type=row.cell("type") or None,
        creators=split_people(row.cell("creator")),
        creation_date=date.value if date else None,
        creation_year=date.year if date else None,
        creation_precision=date.precision if date else None,
        creation_calendar=date.calendar if date else None,
        creation_circa=date is not None and date.circa,
        more_image_files=images[1:],
        description=row.cell("description") or None,
        image_file=next(iter(images), None),
        source=source,
        run_id=UNWRITTEN,
    )
    return FoundReference(reference=reference, covariates=tuple(_covariates(row, qid, source, measures)))


def _date(row: Row) -> CreationDate | None:
    told = [row.cell("year"), row.cell("date")]
    year, date = exact = [without_circa(text) for text in told]
    found = _exact_date(row, year, date)
    return replace(found, circa=exact != told) if found else None


def _exact_date(row: Row, year: str, date: str) -> CreationDate | None:
    precision = row.cell("precision")
    calendar = row.cell("calendar").casefold() or None
    grain = parse_integer(precision, "precision") if precision else None
    if date:
        parsed = parse_date(date, grain, calendar)
        if year and parse_year(year) != parsed.year:
            raise ValueError(f"year {year} is not the year of date {date}")
        return parsed
    return parse_year_date(year, grain, calendar) if year else None


def _covariates(row: Row, qid: str, source: str, measures: Sequence[CovariateColumn]) -> Iterator[Covariate]:
    for measure in measures:
        text = row.cell(measure.column)
        if text:
            yield Covariate(
                qid=qid,
                name=measure.name,
                method=measure.method,
                value=_value(text, measure),
                unit=measure.unit,
                provenance=source,
                run_id=UNWRITTEN,
            )


def _value(text: str, measure: CovariateColumn) -> float:
    if measure.whole:
        return float(parse_count(text, measure.column))
    try:
        value = float(text)
    except ValueError as error:
        raise ValueError(f"{measure.column} {text!r} is not a number") from error
    if not math.isfinite(value):
        raise ValueError(f"{measure.column} {text!r} is not finite")
    return value
