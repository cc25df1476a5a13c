# Backwell. `make` alone lists what there is.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
PORT   ?= 8000
export PORT

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

demo: $(VENV)/.base  ## run the portal with a living demo clinic at http://127.0.0.1:8000
	@$(BIN)/python manage.py demo

test: $(VENV)/.test  ## run the tests (browser tests where Chromium is installed)
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: $(VENV)/.dev  ## what CI runs: lint, format, types, migrations, layers and all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy .
	$(BIN)/lint-imports
	BACKWELL_MODE=test $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest -n auto --dist loadgroup

run: $(VENV)/.base  ## run the development server on the demo's data, reloading on change
	@BACKWELL_MODE=development $(BIN)/python manage.py demo --no-serve
	@BACKWELL_MODE=development $(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

bench: $(VENV)/.dev  ## measure speed and memory against a bare Django view, side by side
	$(BIN)/python -m tests.bench

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python has no venv here. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
$(VENV)/.%: requirements/%.txt | $(BIN)/python
	@echo "Installing requirements/$*.txt into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r $<
	@touch $@

.PHONY: help demo test check run bench
