# Two commands for somebody new: `make demo` and `make test`. Each sets up .venv by itself.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test test-all bench lint types format lock clean

# What the demo needs is installed in seconds; the tests also need torch (5 GB, some minutes).
$(VENV)/.installed-crawl: EXTRA = crawl
$(VENV)/.installed-dev: EXTRA = dev
$(VENV)/.installed-%: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 12) <= v < (3, 14) else f"Python 3.12 or 3.13 is needed, this is {v[0]}.{v[1]}: set PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing gaokerena-data[$(EXTRA)] into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep '^uv==' requirements.lock)"
	@$(BIN)/uv pip install --quiet --system-certs --compile-bytecode --python $(BIN)/python --constraint requirements.lock --editable '.[$(EXTRA)]'
	@touch $@

demo: $(VENV)/.installed-crawl
	$(BIN)/gaokerena demo

# Bytecode of ours is kept even where the machine keeps none: hundreds of processes read it.
test test-all: export PYTHONDONTWRITEBYTECODE =

# Every kind of behaviour at least once: minutes, for while one works.
test: $(VENV)/.installed-dev
	$(BIN)/pytest -m "not thorough and not real_data"

# All that is checked of a change: a Ray cluster, a browser, kills at many moments, the demo twice.
test-all: $(VENV)/.installed-dev
	$(BIN)/pytest

# Minutes to hours; on a machine that does nothing else.
bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python -m benchmarks.normalize
	$(BIN)/python -m benchmarks.language
	$(BIN)/python -m benchmarks.crawl
	$(BIN)/python -m benchmarks.near_duplicates.run
	$(BIN)/python -m benchmarks.curation.run
	$(BIN)/python -m benchmarks.packing

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Every version of every extra, for Python 3.12 and 3.13; run it after a change of pyproject.toml.
lock:
	$(BIN)/uv pip compile --quiet --system-certs --universal --python-version 3.12 --all-extras --no-header --no-annotate --no-emit-package setuptools pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
