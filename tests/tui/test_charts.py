"""Charts out of characters say what the numbers say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.tui.charts import Axis, axis_of, counts, dots, fit_line, histogram, short_number, sideways, stroke

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50)


@given(NUMBERS, st.integers(1, 60))
def test_every_value_is_counted_once(numbers: list[float], bins: int) -> None:
    values = np.array([*numbers, np.nan])
    assert counts(values, axis_of(values), bins).sum() == len(numbers)
    line = histogram(values, axis_of(values), bins)
    assert len(line) == bins and line.strip()


def test_histograms() -> None:
    unit = Axis(low=0.0, high=1.0)
    assert histogram(np.array([0.0, 0.0, 0.0, 0.0, 1.0]), unit, 4) == "█  ▂"
    assert histogram(np.array([np.nan, 7.0]), unit, 3) == "   "
    assert sideways(np.array([0.1, 0.1, 0.9]), unit, 2, 4) == ["██  ", "████"]
    assert axis_of(np.array([np.nan])) == unit


def test_logarithmic_axes_take_zero() -> None:
    axis = Axis(low=0, high=np.e**2 - 1, log=True)
    assert axis.place(np.array([0, np.e - 1, np.e**2 - 1])).tolist() == pytest.approx([0, 0.5, 1])


@given(st.floats(0, 1), st.floats(0, 1), st.integers(2, 50), st.integers(2, 20))
def test_a_point_is_drawn_where_it_is_found(x: float, y: float, width: int, height: int) -> None:
    unit = Axis(low=0.0, high=1.0)
    canvas = dots(np.array([x]), np.array([y]), unit, unit, width, height)
    column, row = canvas.cell(x, y)
    lines = canvas.lines()
    assert lines[row][column] != " " and "".join(lines).strip() == lines[row][column]


def test_the_fit_is_the_least_squares_line() -> None:
    unit = Axis(low=0.0, high=1.0)
    (_, left), (_, right) = fit_line(np.array([0, 0.5, 1]), np.array([0.2, 0.4, 0.6]), unit, unit)
    assert (left, right) == pytest.approx((0.2, 0.6))
    assert fit_line(np.array([1.0]), np.array([1.0]), unit, unit) == []


def test_the_fit_is_drawn_between_the_dots() -> None:
    rows = [list("    "), list(" ⠁  "), list("    ")]
    assert stroke(rows, [(0.0, 0.5), (1.0, 0.5)]) == [(0, 1), (2, 1), (3, 1)]
    assert ["".join(row) for row in rows] == ["    ", "⠤⠁⠤⠤", "    "]
    rising = [list("   ") for _ in range(3)]
    stroke(rising, [(0.0, 0.0), (1.0, 1.0)])
    assert all(row[n] != " " for n, row in enumerate(reversed(rising))) and rising[0][0] == rising[2][2] == " "
    assert stroke(rising, [(0.0, -3.0), (1.0, -2.0)]) == [] == stroke(rising, [])


def test_short_numbers() -> None:
    assert [short_number(v) for v in (0, 0.25, 156, 25_000, -459)] == ["0", "0.25", "156", "25k", "-459"]
