"""Orders of images are those of a sort by all of their keys."""

from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.study import Plan, fill
from workbench.records import Thresholds
from workbench.store import Snapshot, Store
from workbench.tui.columns import Sort
from workbench.tui.filters import Filters
from workbench.tui.ordering import COUNTED, ImageOrder, ImageOrders
from workbench.tui.reader import StudyReader

CELLS = 4
RANKS = pa.table({"label": [3, 1, 1, 2], "model_id": [1, 2, 1, 2], "perturbation": [1, 1, 2, 2]})
IMAGE = st.tuples(
    st.integers(0, CELLS - 1),
    st.sampled_from([0, 1, 2, COUNTED - 1, COUNTED, 2**40]),
    st.integers(1, 3),
    st.none() | st.sampled_from([-1.0, 0.0, 0.25, 1.0]),
    st.none() | st.integers(0, 16),
    st.none() | st.booleans(),
)
TYPES = {
    "cell": pl.Int32,
    "seed": pl.Int64,
    "variant": pl.Int32,
    "s": pl.Float32,
    "vr": pl.UInt8,
    "recognised": pl.Boolean,
}


@pytest.fixture
def grown(tmp_path: Path) -> tuple[Store, Store]:
    """A study as it was, and with more images."""
    stores = Store.create(tmp_path / "a" / "study.duckdb"), Store.create(tmp_path / "b" / "study.duckdb")
    for store, images in zip(stores, (2, 4), strict=True):
        fill(store, Plan(files=False, images=images))
    return stores


@given(
    st.lists(IMAGE, max_size=40),
    st.sampled_from(["s", "vr", "recognised", "seed", "variant", "label", "model_id", "perturbation", "cell"]),
    st.booleans(),
    st.sampled_from([None, "model_id", "perturbation"]),
)
def test_they_are_those_of_a_sort(rows: list[tuple], column: str, descending: bool, group: str | None) -> None:
    frame = pl.DataFrame(rows, schema=TYPES, orient="row")
    ranks = pl.DataFrame(RANKS).with_columns(cell=pl.int_range(CELLS, dtype=pl.Int32))
    whole = frame.with_row_index("number").join(ranks, on="cell", how="left", maintain_order="left")
    keys = [*([group] if group else []), column, "cell", "variant", "seed"]
    down = [*([False] if group else []), descending, False, False, False]
    expected = whole.sort(keys, descending=down, nulls_last=True, maintain_order=True)["number"].to_list()
    orders = ImageOrders(frame.select("cell", "seed", "variant", "s").to_arrow(), RANKS)
    order = ImageOrder(column=column, descending=descending, group=group)
    measured = frame.select("vr", "recognised").to_arrow()
    assert orders.of(order, measured).tolist() == expected
    assert orders.of(order, measured).tolist() == expected


@pytest.mark.parametrize("column", ["vr", "recognised"])
def test_what_a_threshold_changes_is_sorted_anew(column: str) -> None:
    images = pa.table({"cell": [0, 0], "seed": [0, 1], "variant": [1, 1], "s": [0.5, 0.25]})
    orders, order = ImageOrders(images, RANKS), ImageOrder(column=column, descending=True)
    assert orders.of(order, pa.table({column: [1, 0]})).tolist() == [0, 1]
    assert orders.of(order, pa.table({column: [0, 1]})).tolist() == [1, 0]


def test_orders_of_one_snapshot_are_none_of_another(grown: tuple[Store, Store]) -> None:
    """While a question is asked, the file may be loaded anew."""
    small, large = (Snapshot.of(store, Thresholds()) for store in grown)
    reader = StudyReader(grown[0].path)
    reader._snapshot = small
    assert reader._orders(small) is reader._orders(small)
    reader._snapshot = large
    late = reader._orders(small)  # of the question that is still under way
    assert reader._orders(large) is not late
    sort = Sort(column="s", descending=True)
    assert reader.images(Filters(), sort).num_rows == large.images.num_rows > small.images.num_rows
    small.close()
    reader.close()
