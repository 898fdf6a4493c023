# `make` lists what can be done. Every target sets up what it needs, in .venv, from Python >= 3.11 and pip alone.
# To choose the Python yourself: make test PYTHON=/path/to/python3

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test check lint generate examples mutants bench instructions clean

PY := .venv/bin/python
RULES := $(PY) -m trainingrules

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo: .venv/core ## ask the bundled policies a few questions
	@$(PY) demo/demo.py

test: .venv/dev ## run every test, with coverage
	$(PY) -m pytest -n auto --dist worksteal --cov --cov-report=term

check: lint test ## everything that CI checks

lint: .venv/dev ## style, types, architecture, generated files, the policies' own examples
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports --no-cache
	$(RULES) check
	$(RULES) schema --check
	$(RULES) coverage --quiet
	$(RULES) test

generate: .venv/dev ## rewrite the generated files: schemas, coverage records, the reference, the pictures
	$(RULES) schema --write
	$(RULES) coverage --record --quiet
	$(PY) docs/generate.py
	$(PY) -m benchmarks --draw

examples: .venv/core ## run the examples of every bundled policy
	$(RULES) test

mutants: .venv/core ## change every bundled policy in every small way: does an example notice? (a minute or two)
	$(RULES) test --mutate --suggest 0

bench: .venv/bench ## measure: every other engine and us, in one table; draws the plots (a few minutes)
	$(PY) -m benchmarks

instructions: .venv/core ## count the instructions of a decision, and hold them against those recorded (needs valgrind)
	$(PY) -m benchmarks.instructions $(RECORD)

clean: ## remove .venv and everything built
	rm -rf .venv build dist .coverage .coverage.* htmlcov .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: installed again whenever what is to be installed may have changed.
.venv/core: pyproject.toml .ci/setup
	@PYTHON='$(PYTHON)' sh .ci/setup core

.venv/dev: .venv/core tests/editor/package-lock.json
	@PYTHON='$(PYTHON)' sh .ci/setup dev

.venv/bench: .venv/core
	@PYTHON='$(PYTHON)' sh .ci/setup bench
