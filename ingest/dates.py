"""Creation dates: a value, how precise it is, and its calendar.

Years are astronomical, as in RDF: 1 is 1 CE, 0 is 1 BCE, -459 is 460 BCE.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.text import parse_integer

DAY, MONTH, YEAR = 11, 10, 9
"""Wikidata's numbers for precisions; 8 is a decade, 7 a century, 6 a millennium."""
_MOST_PRECISE = 14
_CALENDARS = ("gregorian", "julian")
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEARS = range(-999_999, 10_000)
_BCE = re.compile(r"([0-9]+) *(?:BC|BCE|B\.C\.|B\.C\.E\.)", re.IGNORECASE)
_CIRCA = re.compile(r"(?:c|ca|circa)(?:\. *| +)", re.IGNORECASE)
_ISO = re.compile(r"(?P<year>[+-]?[0-9]{4,15})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?(?:T[0-9:.]+Z?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreationDate:
    """A date that says how precise it is."""

    year: int
    """Astronomical."""
    month: int | None = None
    day: int | None = None
    precision: int = YEAR
    calendar: str | None = None
    """``gregorian`` or ``julian``; None: the source does not say."""
    circa: bool = False
    """The source says that it is about then."""

    @property
    def value(self) -> str:
        """ISO 8601, no more precise than ``precision``: ``1503``, ``-0459``, ``1889-06``."""
        year = f"{'-' if self.year < 0 else ''}{abs(self.year):04d}"
        if self.precision >= DAY:
            return f"{year}-{self.month:02d}-{self.day:02d}"
        return f"{year}-{self.month:02d}" if self.precision == MONTH else year


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedDate:
    """A date as one of several statements about an item."""

    date: CreationDate
    preferred: bool
    """Editors have ranked it above the others."""


def without_circa(text: str) -> str:
    """What follows ``c.``, ``ca.`` or ``circa``; the text itself where it begins with none of them."""
    match = _CIRCA.match(text)
    return text[match.end() :] if match else text


def parse_year(text: str) -> int:
    """An astronomical year, or ``N BCE`` (also ``N BC``): ``1503``, ``-459``, ``460 BCE``.

    Raises:
        ValueError: If it is neither: no ranges, no ``c.``, no centuries.
    """
    before = _BCE.fullmatch(text)
    if before and int(before[1]) > 0:
        return _checked_year(1 - int(before[1]))
    try:
        return _checked_year(parse_integer(text, "year"))
    except ValueError as error:
        if "integer" not in str(error):
            raise
        raise ValueError(f"year {text!r} is neither an integer (0 is 1 BCE) nor 'N BCE'") from error


def parse_date(text: str, precision: int | None = None, calendar_: str | None = None) -> CreationDate:
    """An ISO 8601 date with an astronomical year; Wikidata's month or day ``00`` means that there is none.

    Args:
        text: ``1889-06-18``, ``1889-06``, ``1889``, ``-0459-01-01T00:00:00Z``.
        precision: Wikidata's number; None: as far as the text goes.
        calendar_: ``gregorian``, ``julian`` or None.

    Raises:
        ValueError: If it is not a date, or less precise than precision says.
    """
    match = _ISO.fullmatch(text)
    if not match:
        raise ValueError(f"date {text!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    year = _checked_year(int(match["year"]))
    month = int(match["month"] or 0) or None
    day = (int(match["day"] or 0) or None) if month else None
    _check_day(text, year, month, day)
    return _dated(text, year, month, day, precision, calendar_)


def parse_year_date(text: str, precision: int | None = None, calendar_: str | None = None) -> CreationDate:
    """A date of which the year is told, as ``parse_year`` takes it; the rest as in ``parse_date``.

    Raises:
        ValueError: If it is not a year, or precision says more than one.
    """
    return _dated(text, parse_year(text), None, None, precision, calendar_)


def _dated(
    text: str, year: int, month: int | None, day: int | None, precision: int | None, calendar_: str | None
) -> CreationDate:
    told = DAY if day else MONTH if month else YEAR
    precision = told if precision is None else precision
    if precision not in range(_MOST_PRECISE + 1):
        raise ValueError(f"precision {precision} is not one of 0 to {_MOST_PRECISE}")
    if min(precision, DAY) > told:
        raise ValueError(f"precision {precision} says more than the date {text!r}")
    if calendar_ not in (None, *_CALENDARS):
        raise ValueError(f"calendar {calendar_!r} is neither gregorian nor julian")
    return CreationDate(year=year, month=month, day=day, precision=precision, calendar=calendar_)


def _checked_year(year: int) -> int:
    if year not in _YEARS:
        raise ValueError(f"year {year} is out of range ({_YEARS.start} to {_YEARS.stop - 1})")
    return year


def _check_day(text: str, year: int, month: int | None, day: int | None) -> None:
    if month is None:
        return
    if month > 12:
        raise ValueError(f"date {text!r} has no such month")
    # Every fourth year is a leap year in the Julian calendar; to find typing errors that is near enough.
    longest = 28 if month == 2 and year % 4 else _MONTH_DAYS[month - 1]
    if day is not None and day > longest:
        raise ValueError(f"date {text!r} has no such day")


def best_date(dates: Iterable[RankedDate]) -> CreationDate | None:
    """The one date of several: preferred rank first, then the most precise, then the earliest.

    Where the same date is stated twice, once as circa, somebody knew it better.
    """

    def order(ranked: RankedDate) -> tuple[bool, int, int, int, int, bool]:
        date = ranked.date
        return not ranked.preferred, -date.precision, date.year, date.month or 0, date.day or 0, date.circa

    return min(dates, key=order).date if (dates := list(dates)) else None
