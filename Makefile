# Everything runs in a virtual environment that these targets make themselves: Python 3.11 or newer is all they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help install demo lint test check format benchmark clean

help:
	@echo "make install    the workbench with all it can do, and the developers' tools, in $(VENV)"
	@echo "make demo       a whole study in two minutes, in wb-demo/, and its terminal UI"
	@echo "make test       the tests"
	@echo "make check      formatting, lint, types, layers, tests: what has to pass before a commit"
	@echo "make format     let ruff format and fix"
	@echo "make benchmark  ratios measured side by side (minutes)"

install: $(STAMP)

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(STAMP)

demo: $(STAMP)
	$(BIN)/wb demo wb-demo
	@if [ -t 1 ]; then $(BIN)/wb tui --thresholds calibrated --db wb-demo/workbench.duckdb; fi

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(STAMP)
	$(BIN)/python -m pytest

check: lint test

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

benchmark: $(STAMP)
	$(BIN)/python -m pytest tests/benchmarks --benchmarks -s

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
