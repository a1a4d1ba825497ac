"""Creation dates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import CreationDate, RankedDate, best_date, parse_date, parse_year, parse_year_date, without_circa

YEARS = st.integers(-999_999, 9_999)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1503", 1503),
        ("-459", -459),
        ("0", 0),
        ("1886.0", 1886),
        ("+12", 12),
        ("460 BCE", -459),
        ("460 bc", -459),
        ("1 BCE", 0),
        ("460BCE", -459),
        ("460 B.C.", -459),
    ],
)
def test_years(text: str, year: int) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize(
    "text",
    ["c. 1503", "1880-1881", "15th century", "1503?", "1886.5", "0 BCE", "-5 BCE", "20333", "١٥٠٣", "1e3", "NaN"],
)
def test_what_is_no_year(text: str) -> None:
    with pytest.raises(ValueError, match="year"):
        parse_year(text)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("1889-06-18", "1889-06-18", 11),
        ("1889-06", "1889-06", 10),
        ("1889", "1889", 9),
        ("1850-00-00", "1850", 9),
        ("1850-06-00T00:00:00Z", "1850-06", 10),
        ("-0459-01-01T00:00:00Z", "-0459-01-01", 11),
        ("+2001-01-01T00:00:00Z", "2001-01-01", 11),
        ("1500-02-29", "1500-02-29", 11),  # a day of the Julian calendar
    ],
)
def test_dates(text: str, value: str, precision: int) -> None:
    date = parse_date(text)
    assert (date.value, date.precision) == (value, precision)


@pytest.mark.parametrize(
    ("text", "precision", "calendar", "reason"),
    [
        ("18 June 1889", None, None, "is not YYYY"),
        ("1889-6-1", None, None, "is not YYYY"),
        ("1889-13", None, None, "no such month"),
        ("1889-02-29", None, None, "no such day"),
        ("1889-04-31", None, None, "no such day"),
        ("1889-06", 11, None, "says more than"),
        ("1889", 10, None, "says more than"),
        ("1889", 15, None, "0 to 14"),
        ("1889", -1, None, "0 to 14"),
        ("1889", None, "mayan", "neither gregorian nor julian"),
        ("-13798000000-01-01T00:00:00Z", 3, None, "out of range"),
    ],
)
def test_what_is_no_date(text: str, precision: int | None, calendar: str | None, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_date(text, precision, calendar)


def test_a_coarse_precision_hides_what_it_does_not_know() -> None:
    assert parse_date("1401-01-01", 7, "julian").value == "1401"
    assert parse_date("1889-06-18", 10).value == "1889-06"


@given(YEARS)
def test_a_year_survives_its_text(year: int) -> None:
    date = parse_year_date(str(year))
    assert date.year == year
    assert parse_date(date.value) == date


@given(st.integers(1, 999_999))
def test_bce_is_one_off(year: int) -> None:
    assert parse_year(f"{year} BCE") == 1 - year


def _dated(year: int, precision: int = 9, *, preferred: bool = False) -> RankedDate:
    return RankedDate(date=CreationDate(year=year, month=1, day=1, precision=precision), preferred=preferred)


def test_the_best_date_is_by_rank_then_precision_then_earliest() -> None:
    exact, early, coarse = _dated(1520, 11), _dated(1500), _dated(1400, 7)
    assert best_date([coarse, early, exact, _dated(1600, 7, preferred=True)]) == _dated(1600, 7).date
    assert best_date([coarse, early, exact]) == exact.date
    assert best_date([_dated(1501), coarse, early]) == early.date
    assert best_date([_dated(-10), _dated(-20)]) == _dated(-20).date
    assert best_date([]) is None


def test_of_a_date_that_is_stated_twice_the_one_that_is_not_circa_is_taken() -> None:
    about, exact, later = (
        CreationDate(year=year, circa=circa) for year, circa in ((1503, True), (1503, False), (1504, False))
    )
    ranked = [RankedDate(date=date, preferred=False) for date in (later, about, exact)]
    assert best_date(ranked) == exact
    assert best_date(ranked[:2]) == about


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("c. 1503", "1503"),
        ("c.1503", "1503"),
        ("Ca. 460 BCE", "460 BCE"),
        ("circa 1503", "1503"),
        ("c 1503", "1503"),
        ("1503", "1503"),
        ("c1503", "c1503"),
        ("15th c. ", "15th c. "),
        ("", ""),
    ],
)
def test_what_follows_circa(text: str, rest: str) -> None:
    assert without_circa(text) == rest


@given(st.lists(st.builds(_dated, YEARS, st.integers(7, 11), preferred=st.booleans()), min_size=1), st.randoms())
def test_the_order_of_the_statements_does_not_matter(dates: list[RankedDate], random: object) -> None:
    shuffled = list(dates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert best_date(shuffled) == best_date(dates)
