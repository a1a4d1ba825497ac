"""Spelled-out queries give what the bound ones give; nothing in them can be injected."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import ConfigError
from workbench.records import Thresholds
from workbench.store import Order, Store, spelled
from workbench.store.spelled import literal
from workbench.tui.filters import Filters

FILTERS = [
    Filters(),
    Filters(text="van gogh", models=("sd15",)),
    Filters(text="O'Keeffe (a $kind; --", kinds=("static",)),
    Filters(types=("print", "film"), perturbations=("title",), year_min=-500, year_max=1900),
    Filters(popularity_min=3, popularity_max=80, thresholds=Thresholds(tau_static=0.8, tau_reuse=-1e-05)),
    Filters(kinds=("static", "dynamic"), types=("",)),
]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("name", ["ref_scores", "correlation_input"])
def test_it_gives_what_the_query_gives(study: Store, name: str, filters: Filters) -> None:
    text = spelled(name, filters.parameters())
    assert study.sql(text).equals(study.frame(name, **filters.parameters()))
    assert " IS NULL" not in text.split("WHERE")[-1]


def test_the_two_queries_filter_alike(study: Store) -> None:
    for filters in FILTERS:
        rows = study.frame("ref_scores", **filters.parameters())
        pairs = study.frame("correlation_input", **filters.parameters())
        assert set(pairs["qid"]) <= set(rows["qid"])
        known = study.sql("SELECT qid FROM refs WHERE creation_year IS NOT NULL")["qid"]
        assert set(pairs["qid"]) >= set(rows["qid"]) & set(known)


def test_the_order_is_written_out(study: Store) -> None:
    order = Order(column="cra", descending=True)
    cra = study.sql(spelled("ref_scores", Filters().parameters(), order))["cra"].to_list()
    known = [v for v in cra if v is not None]
    assert known == sorted(known, reverse=True) and cra[len(known) :] == [None] * (len(cra) - len(known))
    order = Order(column="label", is_text=True)
    labels = study.sql(spelled("ref_scores", Filters().parameters(), order))["label"].to_list()
    assert labels.index("Café Terrace at Night") < labels.index("Discobolus") < labels.index("Guernica")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**40), 2**40),
        st.floats(-1e9, 1e9),
        st.text().filter(lambda s: "\0" not in s),
    )
)
def test_literals_come_back(store: Store, value: Any) -> None:
    found = store.sql(f"SELECT {literal(value)} AS v")["v"].to_list()[0]
    assert float(found) == pytest.approx(value) if isinstance(value, float) else found == value


def test_lists_and_what_cannot_be_written() -> None:
    assert literal(["a'b", "c"]) == "['a''b', 'c']"
    with pytest.raises(ConfigError):
        literal(object())


def test_filters_count_what_holds_something_back() -> None:
    assert [f.active for f in FILTERS] == [0, 2, 2, 4, 2, 2]
    assert FILTERS[4].kind is None and FILTERS[2].kind == "static" and FILTERS[5].kind is None
