"""Static contracts cannot see deferred imports: what each front end really loads is asked in a fresh process."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "torchvision", "diffusers", "transformers", "timm", "open_clip", "accelerate", "ray")


def loaded(statement: str) -> set[str]:
    script = f"import sys; {statement}; print(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "module",
    [
        "workbench.cli",
        "workbench.demo",
        "workbench.commands.analyze",
        "workbench.commands.export",
        "workbench.commands.runs",
        "workbench.commands.schema",
        "workbench.commands.sql",
        "workbench.commands.status",
        "workbench.commands.sweep",
        "workbench.commands.tui",
        "workbench.tui.app",
        "ingest.cli",
        "ingest.commands.elsewhere",
        "ingest.elsewhere.job",
        "generate.cli",
        "generate.engines.sharing",
        "generate.models.cli",
        "generate.benchmark.cli",
        "generate.scoring.cli",
        "generate.showing.cli",
        "generate.showing.show",
    ],
)
def test_front_ends_start_without_model_libraries(module: str) -> None:
    assert loaded(f"import {module}") == set()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["sql", "SELECT 1"], ["status"], ["generate", "--help"], ["score", "--help"]]
)
def test_commands_run_without_model_libraries(arguments: list[str], tmp_path: object) -> None:
    path = f"Path(r'{tmp_path}') / 's.duckdb'"
    create = f"from pathlib import Path; from workbench.store import Store; db = {path}; Store.create(db)"
    db = "'--db', str(db)" if arguments[0] in ("sql", "status") else ""
    assert loaded(f"{create}; from workbench.cli import run; assert run([*{arguments}, {db}]) == 0") == set()


def test_the_probe_sees_a_heavy_import() -> None:
    assert "torch" in loaded("import torch")
