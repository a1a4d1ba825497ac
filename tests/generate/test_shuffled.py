"""The check of a calibration: where references are shuffled, images are recognised as often as is said, and no more."""

import json
from pathlib import Path

import pytest

from tests.fixtures.images import generated
from tests.fixtures.studies import add_references, drawn
from workbench.store import Store, Write, connection

REFERENCES, EACH = 60, 2
RATE = 0.1


@pytest.fixture
def copies(store: Store) -> Store:
    """References with images that show nearly what they show."""
    add_references(store, count=REFERENCES)
    rows = []
    for prompt_id, qid in store.sql("SELECT prompt_id, qid FROM prompts").iter_rows():
        for seed in range(EACH):
            picture = drawn(f"{qid} 1").crop((seed, seed, 95, 79))
            rows.append(generated(store, picture, prompt_id, seed, "copier"))
    store.write(Write(query="upsert_images", table="images", records=rows))
    return store


def test_shuffled_references_are_recognised_at_the_nominal_rate(wb, copies: Store, weights: Path) -> None:
    encoders = ("--encoder", f"clip:{weights / 'clip'}", "--patch-encoder", f"clip:{weights / 'clip'}")
    printed = json.loads(wb("calibrate", *encoders, "--false-rate", RATE, "--device", "cpu", "--format", "json").out)
    (static,) = [row for row in printed if row["threshold"] == "tau_static"]

    def cra() -> float:
        assert wb("score", *encoders, "--device", "cpu").code == 0
        found = copies.sql("SELECT avg(cra) FROM ref_scores(tau_static := $tau)", {"tau": static["value"]}).item()
        return float(found)

    assert cra() > 0.9
    with connection.writing(copies.path, 5) as con:
        con.execute("UPDATE ref_images SET qid = 'Q' || ((qid[2:]::INTEGER + 22) % $n + 1)", {"n": REFERENCES})
    spread = 3 * (RATE * (1 - RATE) / REFERENCES) ** 0.5
    assert cra() == pytest.approx(RATE, abs=spread)
    assert static["held_out_rate"] == pytest.approx(RATE, abs=0.03)
    assert copies.sql("SELECT avg(cra) FROM ref_scores()").item() > 0.9, "at the study's thresholds all pass"
