# The verbs of the README. Each sets up what it needs, and is quick the second time.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
STUDY ?= questionnaires/genai-adoption.study.yaml
EXPORTS := $(wildcard ../shared/exports)

.PHONY: help analyze test check fuzz reference benchmark example schemas clean

help:  ## Say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

analyze: .venv/.run  ## Analyse the shipped study, and say where the report is
	@$(BIN)/survey analyze $(STUDY)

test: .venv/.dev  ## Run the tests, and say what was skipped and why
	@$(if $(EXPORTS),,echo "no ../shared/exports: tests on real exports are skipped")
	$(BIN)/python -m pytest -n 2 -q

check: .venv/.dev  ## Format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py

fuzz: .venv/.dev  ## Read 20,000 damaged exports: each gives a result or a message
	$(BIN)/python benchmarks/fuzz.py

reference: .venv/.dev  ## Rerun the R scripts behind the reference numbers (needs R)
	bash tests/reference/run.sh

benchmark: .venv/.dev  ## Measure side by side with peers
	OPENBLAS_NUM_THREADS=1 $(BIN)/python benchmarks/tables.py

example: .venv/.run  ## Make the two figures of the README again
	$(BIN)/python reports/example/make_example.py

schemas: .venv/.run  ## Write the JSON Schemas of questionnaires and studies again
	@$(BIN)/python -c 'import pathlib, survey.schemas as s; [pathlib.Path("questionnaires", n).write_text(t, "utf-8") for n, t in s.schemas().items()]'

clean:  ## Remove the virtual environment and caches
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or run make PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/python pyproject.toml constraints.txt
	@echo "installing (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/.dev: .venv/bin/python pyproject.toml constraints.txt
	@echo "installing with development tools (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ .venv/.run
