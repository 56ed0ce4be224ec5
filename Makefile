# Everything a person types. Each goal makes the environment first when it is not there or is out of date.

PORT ?= 8000
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test test-faults test-all bench bench-growth lint lock environment

help: ## show this list
	@echo '邻里 Linli'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r goal says; do printf '%-16s %s\n' "$$goal" "$$says"; done

run: environment ## start everything and serve on http://127.0.0.1:8000 (PORT=8001 changes the port)
	@$(PY) -m deploy run --port '$(PORT)'

test: environment ## all tests but the long ones
	@$(PY) -m pytest -n 2 --dist loadfile -m "not long"

test-faults: environment ## kill everything at random under load, 200 times, and look for what was lost
	@$(PY) -m pytest -m "" tests/faults

test-all: environment ## all tests
	@$(PY) -m pytest -n 2 --dist loadfile

bench: environment ## measure the hot paths against a bare floor
	@$(PY) -m tests.bench

bench-growth: environment ## the hot requests at 10,000 and at 1,000,000 petitions (a quarter of an hour)
	@$(PY) -m tests.bench growth

lint: environment ## style, types and import contracts
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

lock: environment ## choose versions anew for requirements.lock (hashes, no index address)
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	  --group dev pyproject.toml --output-file requirements.lock

environment:
	@sh deploy/environment.sh
