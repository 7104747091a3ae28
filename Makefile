# `make demo` runs the portal from a fresh clone; `make test` runs the suite. Nothing here asks a question.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
DATA_DIR ?= var
ARGS ?=

PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input -qq

export VENV PORT DATA_DIR

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test coverage drills lint format lock messages clean

help:
	@echo "make demo [PORT=8000] [DATA_DIR=var]  the portal with example data, on this machine"
	@echo "make test [ARGS=...]                  the test suite"
	@echo "make coverage [ARGS=...]              the suite without the browser, and what it reaches"
	@echo "make drills [ARGS=...]                faults on real processes: kills, outages, full disk, restore"
	@echo "make lint | format | messages | lock | clean"

# --- libraries: installed again only when the lock file changed ---
$(VENV)/bin/python:
	@command -v "$(PYTHON)" >/dev/null || { echo "$(PYTHON) was not found: install Python 3.11 or newer, or say where it is: make PYTHON=/path/to/python3"; exit 2; }
	@$(PYTHON) -c 'import sys; v = "%d.%d" % sys.version_info[:2]; sys.exit(0 if sys.version_info >= (3, 11) else "The portal needs Python 3.11 or newer; $(PYTHON) is %s. Name a newer one: make PYTHON=python3.12" % v)'
	@echo "Making the virtual environment $(VENV) …"
	@$(PYTHON) -m venv --clear "$(VENV)" || { rm -rf "$(VENV)"; echo "Python could not make a virtual environment; on Debian and Ubuntu the package python3-venv is missing."; exit 2; }

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing libraries … (a minute or two the first time)"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing libraries and the tools of development … (a minute or two the first time)"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(VENV)/.installed
	@exec sh deploy/demo.sh

# --- tests: at the end stands aloud what this machine could not test ---
test: $(VENV)/.installed-dev
	@code=0; $(PY) -m pytest -n auto --dist worksteal $(ARGS) || code=$$?; \
	test -n "$$TEST_DATABASE_URL" || echo "NOT TESTED: PostgreSQL (TEST_DATABASE_URL is not set; the suite ran on SQLite)"; \
	test -n "$$TEST_REDIS_URL" || echo "NOT TESTED: Redis (TEST_REDIS_URL is not set)"; \
	command -v chromium >/dev/null || echo "NOT TESTED: the browser tests (no Chromium on this machine)"; \
	exit $$code

# --- what the tests but those of the browser reach, by branches: rules, steps and rights wholly, the rest down to the floor
RULED := */flow.py,*/rules.py,*/permissions.py

coverage: $(VENV)/.installed-dev
	@$(PY) -m coverage erase
	@$(PY) -m coverage run -m pytest -n auto --dist worksteal --ignore=tests/browser $(ARGS)
	@$(PY) -m coverage combine --quiet
	@$(PY) -m coverage report --include='$(RULED)' --fail-under=100
	@$(PY) -m coverage report

# --- drills: each has servers of its own on this machine, is bounded in time and ends what it began ---
drills: $(VENV)/.installed-dev
	@$(PY) -m pytest -m drill tests/drills $(ARGS)

lint: $(VENV)/.installed-dev
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/mypy

format: $(VENV)/.installed-dev
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

# --- the lock files; they name no index, so that anyone's mirror serves them ---
LOCK := $(VENV)/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

lock: | $(VENV)/bin/python
	@$(PIP) install "pip-tools>=7.5"
	@echo "Locking the libraries …"
	@$(LOCK) $(ARGS) --output-file requirements.txt pyproject.toml
	@$(LOCK) $(ARGS) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

messages: $(VENV)/.installed-dev
	@command -v xgettext >/dev/null || { echo "xgettext was not found: install the package gettext."; exit 2; }
	@$(PY) manage.py makemessages -l en --no-location --no-obsolete --ignore 'var/*' --ignore 'tests/*' --ignore '.venv/*' --ignore 'node_modules/*' -v 0
	@$(PY) manage.py compilemessages -l en -l vi --ignore '.venv/*' -v 0

clean:
	@rm -rf "$(VENV)" .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
	@echo "Clean. The demo's data in $(DATA_DIR) was kept; remove it by hand to start anew."
