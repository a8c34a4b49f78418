# demo    a simulated site and the server on it, from a fresh clone     SITE (factory, house), DEMO_PORT, DEMO_DIR, DEMO_MODBUS
# test    everything that is checked: lint, then unit, spec, faults, browser (each is a target of its own)
# bench   measures, and writes docs/measured.md
# soak    the heavy checks in full, and writes their part of docs/measured.md
# screenshots   the pictures of README and docs, from the demo
# assets  the scripts of the pages, from npm
# pages   the pages of docs/ that are written by programs: devices, quantities, the schema of maps
# messages  the catalogues of all languages, after sentences were changed
# sbom    what a release consists of, into build/sbom.json
# venv    the virtual environment                                        clean  removes all that make made

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
ASSETS := webui/assets
CHARTS := webui/static/vendor/charts.js

DEMO_PORT ?= 8080
DEMO_DIR ?= .demo
DEMO_MODBUS ?= 127.0.0.1:1502
SITE ?= factory
export SITE DEMO_PORT DEMO_DIR DEMO_MODBUS

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test bench soak screenshots sbom pages messages assets venv lint unit spec faults browser clean

help:
	@sed -n 's/^# //p' Makefile

demo: venv assets
	@$(PY) packaging/demo.py

test: venv
	@packaging/prepare-tests.sh
	@$(MAKE) --no-print-directory assets
	@$(MAKE) --no-print-directory lint
	@$(PY) packaging/test_stages.py unit spec faults browser

unit spec faults: venv
	@packaging/prepare-tests.sh
	@$(PY) packaging/test_stages.py $@

browser: venv
	@packaging/prepare-tests.sh
	@$(MAKE) --no-print-directory assets
	@$(PY) packaging/test_stages.py $@

lint: venv
	@echo "== lint: ruff check"
	@$(VENV)/bin/ruff check --quiet .
	@echo "== lint: ruff format"
	@$(VENV)/bin/ruff format --quiet --diff .
	@echo "== lint: import contracts"
	@$(VENV)/bin/lint-imports --no-logo
	@echo "== lint: types"
	@$(VENV)/bin/mypy

bench: venv
	@$(PY) -m tests.bench

soak: venv
	@packaging/prepare-tests.sh
	@WATTKEEPER_SOAK=full $(PY) -m tests.bench.soak

screenshots: venv assets
	@packaging/prepare-tests.sh
	@$(PY) -m tests.browser.screenshots

pages: venv
	@$(PY) -m drivers.tool.devicepage tests/frames > docs/devices.md.new && mv docs/devices.md.new docs/devices.md
	@$(PY) -m drivers.tool.quantitypage > docs/quantities.md.new && mv docs/quantities.md.new docs/quantities.md
	@$(PY) -m drivers.tool.mapschema > docs/map.schema.json.new && mv docs/map.schema.json.new docs/map.schema.json

messages: venv
	@$(PY) packaging/messages.py

sbom: venv
	@$(PY) packaging/sbom.py

assets: $(CHARTS)
	@:

venv: $(VENV)/.stamp
	@:

$(VENV)/.stamp: setup.cfg pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Wattkeeper needs Python 3.11 or newer: make PYTHON=python3.12 …" >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) \
	    || { rm -rf $(VENV); echo "Python cannot make a virtual environment (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@echo "== venv: installing into $(VENV)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt setuptools
	@$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --no-build-isolation \
	    --config-settings editable_mode=compat --editable '.[test]'
	@touch $@

$(CHARTS): $(ASSETS)/package.json $(ASSETS)/package-lock.json $(ASSETS)/.npmrc $(ASSETS)/build.mjs $(ASSETS)/charts.js $(ASSETS)/saving.js
	@command -v node >/dev/null && command -v npm >/dev/null \
	    || { echo "The pages' scripts need Node.js 20 or newer with npm (Debian: apt-get install nodejs npm)" >&2; exit 1; }
	@echo "== assets: $@"
	@cd $(ASSETS) && npm ci --no-audit --no-fund --loglevel=error && node build.mjs
	@touch $@

clean:
	rm -rf $(VENV) .demo build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	rm -rf $(ASSETS)/node_modules webui/static/vendor
	find runtime drivers actors webui simulator tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +
