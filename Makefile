# kotaku-nlp: `make` alone lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint corpus types benchmark clean

help:  ## list the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,lint]'
	@touch $(READY)

setup: $(READY)  ## make the environment in .venv

demo: $(READY)  ## read the demo interviews and write the report
	$(BIN)/kotaku run corpora/demo --out demo-hasil

test: $(READY)  ## run every test
	$(BIN)/python -m pytest -q

lint: $(READY)  ## check the style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

corpus: $(READY)  ## check the gates of the coded corpus
	$(BIN)/python corpora/check.py

types: $(READY)  ## check the types
	$(BIN)/mypy

benchmark: $(READY)  ## measure the time of a run beside its stages
	$(BIN)/python benchmarks/run_time.py

clean:  ## remove the environment and the demo's run
	rm -rf $(VENV) demo-hasil
