PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test project lint

# Set up, and print the ledger of a real report.
run: $(VENV)/run.done
	$(BIN)/baogao extract corpus/texts/xicheng-rd-2022.txt --pipeline models/zh_baogao_sm

# Set up, and pass the tests.
test: $(VENV)/dev.done
	$(BIN)/python -m pytest

# Train, evaluate and package everything.
project: $(VENV)/dev.done
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/spacy project run all

lint: $(VENV)/dev.done
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

$(VENV)/run.done: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/dev.done: $(VENV)/run.done
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@
