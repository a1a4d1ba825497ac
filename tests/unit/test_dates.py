"""Years and dates as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.dates import parse_year, show_created, show_date, show_year


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1889", 1889),
        (" 1889 ", 1889),
        ("460 BCE", -459),
        ("460bce", -459),
        ("460 BC", -459),
        ("1 bce", 0),
        ("-459", -459),
        ("−459", -459),
        ("0", 0),
        ("79 CE", 79),
        ("AD 79", 79),
        ("79 AD", 79),
        ("", None),
        ("  ", None),
    ],
)
def test_years_that_are_typed(text: str, year: int | None) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize("text", ["abc", "18-89", "0 BCE", "-460 BCE", "1889.5", "16th century", "1234567"])
def test_what_is_no_year(text: str) -> None:
    with pytest.raises(ValueError):
        parse_year(text)


@given(st.integers(-99_998, 99_999))
def test_what_is_shown_can_be_typed(year: int) -> None:
    assert parse_year(show_year(year)) == year


@pytest.mark.parametrize(
    ("iso", "year", "precision", "shown"),
    [
        ("1889-06-14", 1889, 11, "14 June 1889"),
        ("1889-06-14", 1889, 10, "June 1889"),
        ("1889-06-14", 1889, 9, "1889"),
        ("1889", 1889, 11, "1889"),
        ("1889-06", 1889, 11, "June 1889"),
        ("1889-00-00", 1889, 11, "1889"),
        ("1889-06-14", 1889, 8, "1880s"),
        ("1503-01-01", 1503, 7, "16th century"),
        ("1600-01-01", 1600, 7, "16th century"),
        ("1601-01-01", 1601, 7, "17th century"),
        ("0001-01-01", 1, 7, "1st century"),
        ("-0459-01-01", -459, 7, "5th century BCE"),
        ("-0499-01-01", -499, 7, "5th century BCE"),
        ("-0500-01-01", -500, 7, "6th century BCE"),
        ("0000-01-01", 0, 9, "1 BCE"),
        ("0000-01-01", 0, 7, "1st century BCE"),
        ("-0459-01-01", -459, 9, "460 BCE"),
        ("-0459-01-01", -459, 8, "460s BCE"),
        ("-0459-05-07", -459, 11, "7 May 460 BCE"),
        ("1200-01-01", 1200, 7, "12th century"),
        ("2100-01-01", 2100, 7, "21st century"),
        ("-24999-01-01", -24999, 6, "25th millennium BCE"),
        ("-24999-01-01", -24999, 5, "about 25000 BCE"),
        (None, 1889, None, "1889"),
        (None, None, None, "date unknown"),
        (None, None, 7, "date unknown"),
    ],
)
def test_a_date_is_no_more_precise_than_it_is_known(
    iso: str | None, year: int | None, precision: int | None, shown: str
) -> None:
    assert show_date(iso, year, precision) == shown


@pytest.mark.parametrize(
    ("iso", "year", "precision", "shown"),
    [
        ("1503", 1503, 9, "c. 1503"),
        ("1401", 1401, 7, "c. 15th century"),
        ("-0459", -459, 9, "c. 460 BCE"),
        ("-0199", -199, 7, "c. 2nd century BCE"),
        ("1889-06", 1889, 10, "c. June 1889"),
        ("1480", 1480, 8, "c. 1480s"),
        ("-24999", -24999, 5, "about 25000 BCE"),
        (None, None, None, "date unknown"),
    ],
)
def test_a_date_that_is_circa_says_so(iso: str | None, year: int | None, precision: int | None, shown: str) -> None:
    assert show_date(iso, year, precision, circa=True) == shown


def test_a_julian_day_says_so() -> None:
    assert show_date("1503-03-01", 1503, 11, "julian") == "1 March 1503 (Julian)"
    assert show_date("1503-03-01", 1503, 9, "julian") == "1503"


@pytest.mark.parametrize(
    ("year", "precision", "circa", "shown"),
    [
        (1401, 7, False, "15th c."),
        (1401, 7, True, "c. 15th c."),
        (1503, 9, True, "c. 1503"),
        (-459, 9, False, "460 BCE"),
        (-459, 7, False, "5th c. BCE"),
        (1889, 11, False, "1889"),
        (1480, 8, False, "1480s"),
        (-24999, 6, False, "25th mill. BCE"),
        (-24999, 5, True, "about 25000 BCE"),
        (1889, None, False, "1889"),
    ],
)
def test_a_column_of_dates_is_narrow_and_no_more_precise(
    year: int, precision: int | None, circa: bool, shown: str
) -> None:
    assert show_created(year, precision, circa) == shown
    assert len(shown) <= 16
