"""Benchmarks are ratios measured side by side; they run only when asked for."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--benchmarks"):
        for item in items:
            if "benchmarks" in item.path.parts:
                item.add_marker(pytest.mark.skip(reason="opt in with --benchmarks"))
