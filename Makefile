# Everything a clone needs it installs by itself, into .local/ and .venv/, pinned by hash. `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The interpreter itself, not a shim: the embedded AWS runs every Lambda under it, and the build compiles for it.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys._base_executable)' 2>/dev/null && break; done)
UV := .local/uv/bin/uv
RUN := .venv/bin/
SAM := .local/tools/sam/bin/sam
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
export UV_NO_PROGRESS := 1
export SAM_CLI_TELEMETRY := 0
export PYTHONDONTWRITEBYTECODE ?= 1
export PATH := $(CURDIR)/.venv/bin:$(PATH)

APT := $(if $(filter-out 0,$(shell id -u)),sudo )apt-get
LAYER_REQUIREMENTS := layers/switchboard/requirements.txt

.PHONY: help setup browser build up down status demo test check bench prove network fuzz format lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 12

# --- the tools -------------------------------------------------------------------------------------------------------

setup: .venv/.stamp .local/tools/sam/.stamp .local/tools/ministack/.stamp ## install the tools and the environment
	@:

$(UV): local/locks/uv.txt
	@test -n "$(PYTHON)" || { echo "Switchboard needs Python 3.11 or later; install python3." >&2; exit 1; }
	@echo "· uv"
	@$(PYTHON) -m venv --clear .local/uv >/dev/null 2>&1 || { echo "· python3-venv (apt-get)"; \
		$(APT) update -qq && $(APT) install -y -qq python3-venv >/dev/null && $(PYTHON) -m venv --clear .local/uv; }
	@.local/uv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/.stamp: uv.lock pyproject.toml | $(UV)
	@echo "· .venv, from uv.lock"
	@test -d .venv || $(UV) venv --quiet --python $(PYTHON) .venv
	@$(UV) sync --quiet --frozen
	@touch $@

.local/tools/%/.stamp: local/locks/%.txt | $(UV)
	@echo "· $*, in an environment of its own"
	@$(UV) venv --quiet --clear --python $(PYTHON) .local/tools/$*
	@$(UV) pip install --quiet --python .local/tools/$* --require-hashes -r $<
	@touch $@

browser: ## install Chromium when there is none (Debian)
	@command -v chromium >/dev/null || { echo "· chromium (apt-get)"; \
		$(APT) update -qq && $(APT) install -y -qq --no-install-recommends chromium >/dev/null; }

lock: $(UV) ## lock everything again: uv.lock, the layer's requirements, the tools
	@$(UV) lock
	@for tool in uv sam ministack node; do $(UV) pip compile --quiet --upgrade --no-header --generate-hashes --universal \
		--python-version 3.11 local/locks/$$tool.in -o local/locks/$$tool.txt; done
	@$(MAKE) $(LAYER_REQUIREMENTS)

$(LAYER_REQUIREMENTS): uv.lock | $(UV)
	@$(UV) export --quiet --frozen --no-dev --no-emit-project --no-header --output-file $@ >/dev/null
	@touch $@

# --- the stack -------------------------------------------------------------------------------------------------------

build: setup ## sam build, for the interpreter and the machine at hand
	@$(RUN)python -m local.stack build

up: setup ## start the embedded AWS, build and deploy; says where everything is
	@$(RUN)python -m local.stack up $(UP)

down: .venv/.stamp ## stop the embedded AWS
	@$(RUN)python -m local.stack down

status: .venv/.stamp ## say what is running
	@$(RUN)python -m local.stack status

demo: setup ## play a hospital's day on the embedded AWS; stays up in a terminal
	@$(RUN)python -m local.demo $(DEMO)

# --- the checks ------------------------------------------------------------------------------------------------------

test: setup browser build ## all tests; brings a stack of its own up for those that need it
	@$(RUN)python -m pytest -n 2 -q -m "not stack and not network" tests $(TEST)
	@$(RUN)python -m pytest -q -m stack tests $(TEST)

check: setup ## what a change must pass: style, types, layers, the template
	@echo "· ruff" && $(RUN)ruff check --quiet . && $(RUN)ruff format --quiet --check .
	@echo "· mypy" && $(RUN)mypy functions layers/switchboard/switchboard cli local simulators --no-error-summary
	@echo "· pyright" && $(RUN)pyright --warnings >.local/pyright.log || { cat .local/pyright.log; exit 1; }
	@echo "· import-linter" && $(RUN)lint-imports >.local/imports.log || { cat .local/imports.log; exit 1; }
	@echo "· sam validate --lint" && $(SAM) validate --lint --region us-east-1 >.local/lint.log 2>&1 || { cat .local/lint.log; exit 1; }
	@echo "· tests/architecture" && $(RUN)python -m pytest -q tests/architecture

bench: setup ## measure against the budgets
	@$(RUN)python -m tests.bench $(BENCH)

prove: setup browser ## the promises at full counts, as a table
	@PROVE=full $(RUN)python -m pytest -n 2 -q -m prove tests $(TEST)

network: setup .local/tools/node/.stamp ## against a real Bluesky network and a real WordPress, on this machine
	@tests/network/run $(TEST)

fuzz: setup ## the parsers on mutated bodies, for a minute: FUZZ="--seconds 600 --seed 1000"
	@$(RUN)python -m tests.fuzz $(FUZZ)

format: .venv/.stamp ## let ruff format and mend
	@$(RUN)ruff check --quiet --fix . ; $(RUN)ruff format --quiet .

clean: ## stop the stack; remove what was built and installed
	@test ! -x .venv/bin/python || $(RUN)python -m local.stack down
	@rm -rf .local .venv .aws-sam
