"""What the macros cost over the full study's size, against the least SQL that gives the same numbers."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from workbench.store import Store, connection

REFERENCES, MODELS, SEEDS = 767, 5, 50

FILL = [
    "INSERT INTO refs BY NAME SELECT 'Q' || (i + 1) AS qid, 'Label ' || i AS label,"
    " if(i % 2 = 0, 'static', 'dynamic') AS kind, []::VARCHAR[] AS creators, 't' AS source, 'r' AS run_id"
    " FROM range($references) AS t(i)",
    "INSERT INTO ref_images BY NAME SELECT qid, sha256(qid) AS sha256, qid AS path, repeat('0', 16) AS phash,"
    " 4 AS width, 4 AS height, 1 AS rank, 'r' AS run_id FROM refs",
    "INSERT INTO prompts BY NAME SELECT md5(qid) AS prompt_id, qid, 'title' AS perturbation, 1 AS variant,"
    " 'label' AS method, label AS text, true AS active, 'r' AS run_id FROM refs WHERE $references > 0",
    "INSERT INTO images BY NAME SELECT md5(prompt_id || m || '-' || k) AS image_id, prompt_id, 'm' || m AS model_id,"
    " 's' || m AS settings_id, k AS seed, 'ok' AS status, repeat('a', 64) AS sha256, 'a.png' AS path,"
    " now()::TIMESTAMP AS created_utc, 'r' AS run_id FROM prompts, range($models) AS a(m), range($seeds) AS b(k)",
    "INSERT INTO encoders VALUES ('e', 'f', 'e', 'w', '{}', 512, 0, now()::TIMESTAMP)",
    "INSERT INTO similarities BY NAME SELECT images.image_id, 'e' AS encoder_id, 'ok' AS status,"
    " (hash(image_id) % 1000 / 1000)::FLOAT AS s, reference_set, now()::TIMESTAMP AS created_utc,"
    " 'r' AS run_id FROM images JOIN prompts USING (prompt_id) JOIN reference_sets USING (qid)",
    "INSERT INTO patches BY NAME SELECT images.image_id, 'e' AS encoder_id, 4 AS grid, 'ok' AS status,"
    " list_transform(range(16), lambda k: (hash(image_id || k) % 1000 / 1000)::FLOAT) AS p,"
    " list_transform(range(16), lambda k: 8::FLOAT) AS entropy, reference_set,"
    " now()::TIMESTAMP AS created_utc, 'r' AS run_id"
    " FROM images JOIN prompts USING (prompt_id) JOIN reference_sets USING (qid)",
]
BARE = """
    SELECT p.qid, i.model_id, avg((s.s >= 0.7)::INTEGER) AS cra,
        avg(list_avg(list_transform(t.p, lambda x: (x >= 0.6)::INTEGER))) FILTER (WHERE s.s >= 0.7) AS vr
    FROM images AS i JOIN prompts AS p USING (prompt_id) JOIN similarities AS s USING (image_id)
    JOIN patches AS t USING (image_id) GROUP BY ALL
"""


@pytest.fixture(scope="module")
def full_study(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store.create(Path(tmp_path_factory.mktemp("full")) / "full.duckdb")
    sizes = {"references": REFERENCES, "models": MODELS, "seeds": SEEDS}
    with connection.writing(store.path, 5) as con:
        for statement in FILL:
            con.execute(statement, {name: n for name, n in sizes.items() if f"${name}" in statement})
    return store


def least(action: Callable[[], object], repeats: int = 7) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return min(times)


def test_measures_cost_little_more_than_the_least_sql(full_study: Store) -> None:
    bare = least(lambda: full_study.sql(BARE))
    query = "SELECT qid, model_id, cra, vr FROM ref_scores(tau_dynamic := 0.7)"
    by = ["qid", "model_id"]
    assert_frame_equal(full_study.sql(query).sort(by), full_study.sql(BARE).sort(by))
    macro = least(lambda: full_study.sql(query))
    everything = least(lambda: full_study.sql("FROM ref_scores()"))
    models = least(lambda: full_study.sql("FROM model_scores()"), repeats=3)
    taus = [k / 100 for k in range(50, 100)]
    sweep = least(lambda: full_study.frame("sweep", taus=taus, taus_reuse=[0.6]), repeats=3)
    print(
        f"\n{REFERENCES * MODELS * SEEDS:,} images: bare SQL {bare * 1e3:.0f} ms, the same columns of ref_scores "
        f"{macro / bare:.2f}x, all its columns {everything / bare:.2f}x; "
        f"a sweep over 50 taus {sweep / models:.2f}x model_scores at one"
    )
    assert macro < 2 * bare
    assert everything < 4 * bare
    assert sweep < 5 * models
