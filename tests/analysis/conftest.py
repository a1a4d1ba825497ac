"""One study that the commands of the analysis are tried on; it is only read."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.tui.study import Plan, fill
from workbench.store import Store, connection

ANNOTATE = """
    INSERT INTO annotations
    SELECT i.image_id, a.annotator, (hash(i.image_id || a.annotator) % 10 < 8) = (s.s > 0.7),
        CASE WHEN s.vr > 0.5 THEN 'replication' WHEN s.s > 0.6 THEN 'transformation' ELSE 'neither' END, NULL, $now
    FROM images AS i JOIN image_scores() AS s ON s.image_id = i.image_id,
        (VALUES ('ann'), ('bob'), ('cy')) AS a(annotator)
    WHERE s.s IS NOT NULL AND i.seed < 2
"""
WORDS = "UPDATE prompts SET changes = '{\"a\": \"b\"}' WHERE perturbation = 'synonym' AND hash(qid) % 2 = 0"
MORE_WORDS = (
    'UPDATE prompts SET changes = \'{"a": "b", "c": "d"}\' WHERE perturbation = \'synonym\' AND changes IS NULL'
)


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """28 references, two models, two prompt conditions, 6 images each, scored and judged by three people."""
    store = Store.create(Path(tmp_path_factory.mktemp("measured")) / "study.duckdb")
    fill(store, Plan(refs=28, images=6, files=False))
    with connection.writing(store.path, 5) as con:
        con.execute(WORDS)
        con.execute(MORE_WORDS)
        con.execute(ANNOTATE, {"now": datetime(2026, 11, 1)})
    return store
