# `make` alone says what there is. Every target works from a fresh clone; nothing is installed outside .venv.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up test rehearsal faults bench bench-history bench-judging bench-page bench-view lint words lock chaos nightly mutation clean reconstruction screenshots

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTHON ?=
CHAOS_KILLS ?= 50
NIGHTLY_STEPS ?= 100000
MUTATION_FILES ?=
MUTATION_MINUTES ?= 10
MUTATION_SAMPLE ?= 0
SOURCES := pyproject.toml monitor/__init__.py

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

up: $(VENV)/.runtime ## watch the country: monitor and web page, http://127.0.0.1:8050 by default
	@exec $(BIN)/vigie up

rehearsal: $(VENV)/.runtime ## play 6 April 2021 without any network, then leave the page up to look at
	@exec $(BIN)/vigie rehearse 2021-04-06 --between 07:30-10:00 --between 11:30-14:00 --serve

reconstruction: $(VENV)/.dev ## play 6 April 2021 (some minutes), and write the day that the package ships
	@exec $(BIN)/python tools/reconstruction/make.py 2021-04-06 monitor/reports/data/2021-04-06.json

test: $(VENV)/.dev ## every test, linters and types included; pytest's summary comes last
	@bash tools/needs.sh $(BIN)
	@exec $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder \
	    --cov=monitor.domain --cov-branch --cov-fail-under=100 --cov-report=term-missing:skip-covered

lint: $(VENV)/.dev ## what the tests check too: ruff, formatting, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

words: $(VENV)/.dev ## bring the English of the pages up to date, and print what waits for its translation
	@exec $(BIN)/python tools/words.py

chaos: $(VENV)/.dev ## kill the monitor many times (CHAOS_KILLS=50) and look for what was lost
	@VIGIE_CHAOS_KILLS=$(CHAOS_KILLS) $(BIN)/python -m pytest -m chaos --timeout=3600

nightly: $(VENV)/.dev ## whatever may happen, in any order (NIGHTLY_STEPS=100000): how many steps, and that no promise was broken
	@exec $(BIN)/python -m tests.stories.nightly $(NIGHTLY_STEPS)

faults: $(VENV)/.dev ## ask a house of more than 200 broken servers, and print what was expected against what was said
	@exec $(BIN)/python -m tests.faults

mutation: $(VENV)/.dev ## how many small changes to monitor/domain its tests notice (MUTATION_FILES="line gap", MUTATION_MINUTES=10, MUTATION_SAMPLE=500)
	@exec $(BIN)/python -m tests.mutation --minutes $(MUTATION_MINUTES) --sample $(MUTATION_SAMPLE) $(MUTATION_FILES)

bench: $(VENV)/.dev ## measure what the documents promise
	@for bench in tests/bench/bench_*.py; do echo "== $$bench"; $(BIN)/python "$$bench"; done

bench-judging: $(VENV)/.dev ## is the true cause named? 1,000 made-up failures, and what judging costs
	@for bench in judging evaluation; do echo "== $$bench"; $(BIN)/python "tests/bench/bench_$$bench.py"; done

bench-history: $(VENV)/.dev ## ingest, roll-ups, archive, exports, seals, and every figure of a rehearsal week counted again in SQL
	@for bench in tests/bench/bench_history_*.py; do echo "== $$bench"; $(BIN)/python "$$bench"; done

bench-page: $(VENV)/.dev ## how many visitors one core serves, beside nginx, and whether the monitor stays punctual (needs wrk and nginx)
	@exec $(BIN)/python tests/bench/bench_page.py

bench-view: $(VENV)/.dev ## how soon something stands there on a bad line, what is fetched, what moves (needs Chromium)
	@exec $(BIN)/python tests/bench/bench_first_view.py

screenshots: $(VENV)/.dev ## every page and every view in light, dark, 320 pixels and print: build/screenshots/index.html (needs Chromium)
	@exec $(BIN)/python -m tests.screenshots

lock: $(VENV)/.dev ## compile requirements*.txt again: exact versions, hashes, no address
	@bash tools/lock.sh $(BIN)

clean: ## remove what was built here; data/ stays
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find monitor dashboard migrations tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made: tools/venv.sh
	@bash tools/venv.sh $(VENV) $(PYTHON)
	@touch $@

# Hashes are demanded of every package; ours is installed last, without its dependencies and with the locked build tools.
$(VENV)/.runtime: $(VENV)/.made requirements.txt $(SOURCES)
	@echo "Installation… / Installing…" >&2
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.made requirements-dev.txt $(SOURCES)
	@echo "Installation (tests compris)… / Installing (tests included)…" >&2
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.runtime
