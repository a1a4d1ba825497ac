"""How the study came about: models, settings, runs."""

import json
from collections.abc import Sequence
from typing import Any

from workbench.report.blocks import Block
from workbench.report.study import Study
from workbench.report.tables import Column, Row, count, general, nothing, rows_of, table, text, written


def provenance(study: Study) -> Sequence[Block]:
    """The settings of every model, and every run with what it was asked."""
    settings, runs = rows_of(study.frame("all_settings")), rows_of(study.frame("all_runs"))
    shown = (
        table("Models and settings", settings, _settings_columns()) if settings else nothing("no image is generated")
    )
    return [shown, *_runs(runs)]


def _settings_columns() -> list[Column]:
    return [
        text("settings_id", "Settings"),
        text("model_id", "Model"),
        text("hub_id", "From"),
        text("revision", "Revision"),
        text("licence", "Licence"),
        text("pipeline", "Pipeline"),
        count("steps", "Steps"),
        general("guidance", "Guidance"),
        Column(title="Size", cell=lambda row: f"{row['width']} × {row['height']}"),
        text("dtype", "Type"),
        text("scheduler", "Scheduler"),
        text("negative_prompt", "Negative prompt"),
        text("extra", "More"),
    ]


def _runs(rows: Sequence[Row]) -> list[Block]:
    if not rows:
        return [nothing("no run is recorded")]
    columns = [
        text("command", "Command"),
        Column(title="Started, UTC", numeric=False, cell=lambda row: f"{row['started_utc']:%Y-%m-%d %H:%M}"),
        text("outcome", "Outcome"),
        count("planned", "Planned"),
        count("done", "Done"),
        count("failed", "Failed"),
        text("device", "Device"),
        Column(title="Asked", numeric=False, cell=lambda row: _pairs(row["arguments"])),
        Column(title="Versions", numeric=False, cell=lambda row: _pairs(row["versions"])),
        text("git_commit", "Commit"),
        text("run_id", "Run"),
    ]
    return [table("Runs", rows, columns)]


def _pairs(text: str) -> str:
    """The entries of a JSON object that say anything, as ``name value``."""
    found = json.loads(text)
    kept = {name: value for name, value in found.items() if value not in (None, "", [], {}, False)}
    return written(", ".join(f"{name} {_plain(value)}" for name, value in kept.items())) or "–"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
