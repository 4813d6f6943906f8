# Everything below makes its own .venv; it needs python3 (3.11 or newer) with venv, and make.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test test-slow lint docs dashboard screenshots bench bench-dashboard bench-room clean
.DEFAULT_GOAL := help

help:
	@echo "make demo       the verdict on the draft treaty of December 2021"
	@echo "make dashboard  the page in the browser"
	@echo "make test       the tests, some ten minutes on two cores; those in a browser where chromium is"
	@echo "make test-slow  the tests that take minutes"
	@echo "make lint       style and types"
	@echo "make docs       the documentation as a site, in build/docs"
	@echo "make bench      worlds per second against a plain Mesa model, and what a billion cost"
	@echo "make bench-dashboard  seconds to a picture, and the memory of the page (needs chromium)"
	@echo "make bench-room       a live room with two hundred phones (needs chromium)"
	@echo "make screenshots      pictures of every page in build/screenshots (needs chromium)"
	@echo "make clean      remove what the others made"

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "oneveto needs Python 3.11 or newer; write make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: pyproject.toml .venv/made
	@echo "Installing oneveto into .venv, about half a minute ..."
	@$(PIP) --editable .
	@touch $@

.venv/tested: .venv/installed
	@echo "Installing what the tests need ..."
	@$(PIP) --editable '.[test,browser]'
	@touch $@

demo: .venv/installed
	@$(BIN)/oneveto demo

dashboard: .venv/installed
	@$(BIN)/oneveto dashboard

test: .venv/tested
	@$(BIN)/python -m pytest -n auto --dist worksteal

test-slow: .venv/tested
	@$(BIN)/python -m pytest -m slow

lint: .venv/tested
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

docs: .venv/tested
	@$(BIN)/python -m sphinx -q -W --keep-going -b html docs build/docs
	@echo "open build/docs/index.html"

bench: .venv/tested
	@$(BIN)/python -m benchmarks.bench
	@$(BIN)/python -m benchmarks.sweep

bench-dashboard: .venv/tested
	@$(BIN)/python -m benchmarks.dashboard

bench-room: .venv/tested
	@$(BIN)/python -m benchmarks.room

screenshots: .venv/tested
	@$(BIN)/python -m tests.browser.screenshots

clean:
	@rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
