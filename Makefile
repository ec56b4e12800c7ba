# What can be done here. `make` alone lists it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help demo test check lint preview golden catalogue docs bench soak wheel pins machine clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(VENV)/run: constraints/run.txt constraints/build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; set PYTHON=…"; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv; } || { echo "python3-venv is missing: apt-get install python3-venv"; exit 2; }
	@echo "Making $(VENV) from pinned, hashed packages …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints/run.txt -r constraints/build.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@# Python 3.11 reads this file in the locale's encoding: a folder with a Korean name would stop it under LC_ALL=C.
	@for path in $(VENV)/lib/python*/site-packages/_publisher.pth; do echo ../../../.. > "$$path"; done
	@$(BIN)/python -m compileall -q publisher
	@touch $@

$(VENV)/dev: constraints/dev.txt | $(VENV)/run
	@echo "Adding what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints/dev.txt
	@touch $@

demo: $(VENV)/run ## Play one Friday: check, render, release, deliver on loopback, site and feeds
	@$(BIN)/publisher demo

preview: $(VENV)/run ## Open the editor's desk on the sample publication
	@$(BIN)/publisher preview

machine: # Chromium, a Hangul font, PostgreSQL and nginx, where this is Debian and we may install
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	fc-list 2>/dev/null | grep -qiE 'noto.*cjk|nanum' || missing="$$missing fonts-noto-cjk fontconfig"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null || missing="$$missing nginx-light"; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing$$missing …"; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } >/dev/null 2>&1 \
	      || echo "could not install$$missing: the tests that need them are skipped"; \
	  else echo "Not here:$$missing. Tests that need them are skipped; to run them: apt-get install$$missing"; fi; \
	fi

test: $(VENV)/dev machine ## Run every test
	@$(BIN)/python -m pytest -q -n auto --dist loadfile

lint: $(VENV)/dev # Style, types, imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test ## Style, types, imports and every test

golden: $(VENV)/dev ## Rewrite the golden outputs; read the diff
	@$(BIN)/python -m tests.golden

catalogue: $(VENV)/dev ## Refresh the translation catalogues
	@$(BIN)/python -m tests.house.catalogue

docs: $(VENV)/dev ## Rewrite the generated references
	@$(BIN)/python -m tests.house.references

bench: $(VENV)/dev ## Measure delivery, site, preview and import beside others
	@$(BIN)/python -m tests.bench

soak: $(VENV)/dev ## The long fault runs: kill -9 at 2,000 moments and the like
	@$(BIN)/python -m pytest -q -m soak -o addopts="" --import-mode=importlib

wheel: $(VENV)/dev ## Build the wheel
	@$(BIN)/python -m hatchling build -t wheel

pins: $(VENV)/dev ## Take the newest versions that pyproject.toml allows; hashes, no addresses
	@for set in run:pyproject.toml: build:constraints/build.in: dev:pyproject.toml:--all-extras\ --group\ dev; do \
	  name=$${set%%:*}; rest=$${set#*:}; from=$${rest%%:*}; more=$${rest#*:}; \
	  $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-annotate --no-header $$from $$more -o constraints/$$name.txt; done

clean: ## Remove what was made here
	@rm -rf $(VENV) build dist out demo .mypy_cache .ruff_cache .import_linter_cache .hypothesis
