"""What is held in memory gives the numbers of the file's macros, to the last filter."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.tui.study import Plan, fill
from workbench.records import StudyFacts, Thresholds
from workbench.store import Order, Snapshot, Store, connection
from workbench.tui.columns import Sort
from workbench.tui.filters import Filters
from workbench.tui.reader import StudyReader
from workbench.tui.shown_sql import images_sql

TAUS = [
    Thresholds(),
    Thresholds(tau_static=0.8, tau_dynamic=0.5, tau_reuse=0.7),
    Thresholds(tau_static=-1, tau_dynamic=1, tau_reuse=0),
]
FILTERS = [
    Filters(),
    Filters(text="VAN gogh", models=("sd15",)),
    Filters(perturbations=("title",), kinds=("static",), types=("painting", "")),
    Filters(creators=("Raphael", "Myron")),
    Filters(popularity_min=20, popularity_max=120, year_min=-500, year_max=1900),
    Filters(frequency_min=3, frequency_max=5000),
    Filters(uniqueness_min=0.1),
    Filters(cra_min=0.25, cra_max=0.8, vr_min=0.2),
    Filters(vi_max=0.7, crt_min=0.1, crt_max=0.6, vi_min=0.0, vr_max=0.9, uniqueness_max=5),
    Filters(annotations=("replication", "not recognised")),
    Filters(annotations=("not labelled",), models=("sdxl",)),
]


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A study of which a part is scored and a part is labelled."""
    store = Store.create(Path(tmp_path_factory.mktemp("snapshot")) / "study.duckdb")
    fill(store, Plan(files=False, scored=0.8))
    with connection.writing(store.path, 5) as con:
        con.execute(
            "INSERT INTO annotations SELECT image_id, 'ann', hash(image_id) % 2 = 0,"
            " ['replication', 'transformation', 'neither'][(hash(image_id) % 3 + 1)::INTEGER], NULL, now()::TIMESTAMP"
            " FROM images WHERE hash(image_id) % 4 = 0"
        )
        con.execute(
            "INSERT INTO covariates SELECT qid, 'textual_uniqueness', 'rarity', hash(qid) % 100 / 10, 'bits', NULL,"
            " 't', 'r' FROM refs WHERE hash(qid) % 3 > 0"
        )
        con.execute("UPDATE prompts SET active = false WHERE qid = 'Q1005' AND perturbation = 'synonym'")
    return store


@pytest.fixture(scope="module")
def snapshot(labelled: Store) -> Iterator[Snapshot]:
    snapshot = Snapshot.of(labelled, Thresholds())
    yield snapshot
    snapshot.close()


CASES = [(f, TAUS[i % len(TAUS)]) for i, f in enumerate(FILTERS)] + [(Filters(), t) for t in TAUS[1:]]


@pytest.mark.parametrize(("filters", "thresholds"), CASES, ids=lambda v: "-".join(getattr(v, "chosen", "")))
def test_measures_are_those_of_the_file(
    labelled: Store, snapshot: Snapshot, filters: Filters, thresholds: Thresholds
) -> None:
    asked = filters.parameters() | thresholds.parameters()
    held = pl.DataFrame(snapshot.ref_scores(**{k: v for k, v in asked.items() if "encoder" not in k}))
    file = labelled.frame("ref_scores", **asked)
    assert_frame_equal(held.drop("cell"), file, check_dtypes=False)
    pairs = pl.DataFrame(snapshot.arrow("correlation_input", held.to_arrow()))
    assert_frame_equal(pairs, labelled.frame("correlation_input", **asked), check_dtypes=False)


def test_every_filter_holds_something_back(snapshot: Snapshot) -> None:
    def rows(filters: Filters) -> int:
        asked = {k: v for k, v in filters.parameters().items() if "encoder" not in k}
        return snapshot.ref_scores(**asked).num_rows

    everything = rows(Filters())
    assert all(0 < rows(f) < everything for f in FILTERS[1:])


@pytest.mark.parametrize("group", [None, "model_id", "perturbation"])
@pytest.mark.parametrize("column", ["label", "model_id", "s", "vr", "recognised", "seed"])
@pytest.mark.parametrize("descending", [False, True])
def test_images_are_those_of_the_rows_that_pass(
    labelled: Store, column: str, descending: bool, group: str | None
) -> None:
    reader = StudyReader(labelled.path)
    filters = Filters(kinds=("static",), cra_min=0.1, thresholds=TAUS[1])
    held = pl.DataFrame(reader.images(filters, Sort(column=column, descending=descending), group))
    is_text = column in ("label", "model_id")
    order = Order(column=column, descending=descending, is_text=is_text, group=group)
    file = labelled.sql(images_sql(filters, order))
    names = list(dict.fromkeys([*([group] if group else []), column]))
    shown = [pl.col(name).cast(pl.String) if name in ("label", "model_id", "perturbation") else name for name in names]
    assert held.height > 0
    assert_frame_equal(held.select(shown), file.select(shown), check_dtypes=False)
    whole = ["qid", "model_id", "perturbation", "seed", "s", "vr", "recognised"]
    one, other = (
        frame.select(pl.col("qid", "model_id", "perturbation").cast(pl.String), *whole[3:]) for frame in (held, file)
    )
    assert_frame_equal(one.sort(whole[:4]), other.sort(whole[:4]), check_dtypes=False)
    reader.close()


def test_it_takes_the_encoders_that_the_measures_take(labelled: Store, snapshot: Snapshot) -> None:
    facts = labelled.rows("study_facts", StudyFacts)[0]
    assert (snapshot.encoder_id, snapshot.patch_encoder_id) == (facts.encoder_id, facts.patch_encoder_id)
    none = Snapshot.of(labelled, Thresholds(encoder="other", patch_encoder="other"))
    assert pl.DataFrame(none.ref_scores(tau_static=0.7, tau_dynamic=0.7, tau_reuse=0.6))["n"].sum() == 0
    none.close()


def test_an_empty_study(store: Store) -> None:
    snapshot = Snapshot.of(store, Thresholds())
    assert snapshot.encoder_id is None
    passing = snapshot.ref_scores(tau_static=0.7, tau_dynamic=0.7, tau_reuse=0.6)
    assert passing.num_rows == 0
    assert snapshot.at_thresholds("image_scores", {"tau_reuse": 0.6}).num_rows == 0
    assert snapshot.arrow("correlation_input", passing).num_rows == 0
    snapshot.close()
