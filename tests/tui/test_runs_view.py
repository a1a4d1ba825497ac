"""A run in full, in the words of a person."""

import json
from datetime import datetime

from workbench.records import Run
from workbench.tui.widgets.runs_view import describe

NOW = datetime(2026, 1, 2, 3, 4, 5)


def test_what_was_asked_is_no_python() -> None:
    asked = {"model": "sd15", "where": None, "qids": ["Q1", "Q2"], "kinds": [], "safety": True, "extra": {"Größe": 8}}
    run = Run(
        run_id="r",
        command="generate",
        arguments=json.dumps(asked),
        versions="{}",
        host="h",
        pid=1,
        started_utc=NOW,
        updated_utc=NOW,
    )
    lines = describe(run, []).plain.splitlines()
    first = lines.index("Settings") + 1
    assert lines[first : first + len(asked)] == [
        "model: sd15",
        "where: –",
        "qids: Q1, Q2",
        "kinds: –",
        "safety: yes",
        'extra: {"Größe": 8}',
    ]
