"""Years as people write them: ``1889``, ``460 BCE``, ``16th century``; stored astronomically, 0 is 1 BCE."""

import re

_YEAR = re.compile(r"(?P<sign>[-+−]?)(?P<number>\d{1,6})\s*(?P<era>bce?|ce|ad)?", re.IGNORECASE)
_AD_FIRST = re.compile(r"ad\s+(?=\d)", re.IGNORECASE)
_DATE = re.compile(r"[+]?(?P<year>-?\d+)(?:-(?P<month>\d\d))?(?:-(?P<day>\d\d))?")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
MILLENNIUM, CENTURY, DECADE, YEAR, MONTH, DAY = range(6, 12)
"""Wikidata's precisions."""
CIRCA, ABOUT = "c. ", "about "
"""Before a date that is given as circa, and before one that is known to no millennium."""
_SHORT = {"century": "c.", "millennium": "mill."}


def parse_year(text: str) -> int | None:
    """An astronomical year from what a person types; None where nothing is typed.

    Raises:
        ValueError: If it is no year.
    """
    text = _AD_FIRST.sub("", text.strip())
    if not text:
        return None
    match = _YEAR.fullmatch(text)
    if match is None:
        raise ValueError("a year is 1889, -459 or 460 BCE")
    number, era = int(match["number"]), (match["era"] or "").lower()
    if era and (match["sign"] or number == 0):
        raise ValueError("a year with an era has no sign and starts at 1: 460 BCE")
    if era in ("bc", "bce"):
        return 1 - number
    return -number if match["sign"] in ("-", "−") else number


def show_year(year: int | None) -> str:
    """An astronomical year as people write it."""
    if year is None:
        return "–"
    return str(year) if year > 0 else f"{1 - year} BCE"


def show_created(year: int, precision: int | None = None, circa: bool = False) -> str:
    """A year as narrow as a column, no more precise than it is known: ``15th c.``, ``c. 1503``, ``460 BCE``."""
    exact = _show_exact(None, year, precision, None)
    for long, short in _SHORT.items():
        exact = exact.replace(long, short)
    return f"{CIRCA}{exact}" if circa and not exact.startswith(ABOUT) else exact


def show_date(
    iso: str | None, year: int | None, precision: int | None, calendar: str | None = None, *, circa: bool = False
) -> str:
    """A date no more precise than it is known.

    Args:
        iso: ISO 8601 with an astronomical year.
        year: its year, astronomical.
        precision: Wikidata's: 6 millennium, 7 century, 8 decade, 9 year, 10 month, 11 day; None: year.
        calendar: ``julian`` is said.
        circa: it is only about then.
    """
    if year is None:
        return "date unknown"
    exact = _show_exact(iso, year, precision, calendar)
    return f"{CIRCA}{exact}" if circa and not exact.startswith(ABOUT) else exact


def _show_exact(iso: str | None, year: int, precision: int | None, calendar: str | None) -> str:
    precision = YEAR if precision is None else precision
    if precision < MILLENNIUM:
        return f"{ABOUT}{show_year(year)}"
    if precision < YEAR:
        return _span(year, precision)
    match = _DATE.match(iso or "")
    parts = [show_year(year)]
    if match and precision >= MONTH and match["month"] and 1 <= int(match["month"]) <= 12:
        parts.insert(0, _MONTHS[int(match["month"]) - 1])
        if precision >= DAY and match["day"] and int(match["day"]):
            parts.insert(0, str(int(match["day"])))
    return " ".join(parts) + (" (Julian)" if calendar == "julian" and len(parts) > 1 else "")


def _span(year: int, precision: int) -> str:
    """A decade, century or millennium."""
    era = "" if year > 0 else " BCE"
    counted = year if year > 0 else 1 - year
    if precision == DECADE:
        return f"{counted // 10 * 10}s{era}"
    size, noun = (100, "century") if precision == CENTURY else (1000, "millennium")
    return f"{_ordinal(-(-counted // size))} {noun}{era}"


def _ordinal(number: int) -> str:
    teens = 10 <= number % 100 <= 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
