# Everything starts here: `make help` prints these lines.
PYTHON ?= python3
BOOT = $(PYTHON) huoke/app/bootstrap.py

.PHONY: help demo test test-postgres check bench mutate web wheel wheel-check lock migration openapi clean
.DEFAULT_GOAL := help

help: ## Say what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

demo: ## Install, build and start Huoke with two demo banks; Ctrl-C stops it
	@$(BOOT) demo

test: ## Install what the tests need and run them all
	@$(BOOT) test

test-postgres: ## Run the suite on a real PostgreSQL 15 from Debian's packages
	@$(BOOT) test --postgres 15

check: ## Style, types, contracts, web: the gates (under 3 minutes)
	@$(BOOT) check

bench: ## Measure the headline figures against their baselines (under 60 minutes)
	@$(BOOT) bench

mutate: ## Change the pure rules of the money core one by one: a test must turn red each time
	.venv/bin/python -m bench.mutate

web: ## Build the pages
	@$(BOOT) web

wheel: ## Build dist/huoke-*.whl with the pages in it
	@$(BOOT) wheel

wheel-check: ## Build the wheel, install it into an empty environment, start its demo there
	@$(BOOT) wheel-check

lock: ## Lock the Python dependencies anew, versions and hashes only
	@$(BOOT) lock

migration: ## Write a migration of what the tables have and the running instance has not: make migration MESSAGE="…"
	@$(BOOT) run -- migrate make "$(MESSAGE)"

openapi: ## Write web/openapi.json, the typed client, and what the fuzz sends to operations that changed
	@$(BOOT) run -- openapi web/openapi.json
	@cd web && npm run openapi
	@.venv/bin/python -m tests.api.drawn

clean: ## Forget what was built and installed (never a bank's data)
	rm -rf .venv web/node_modules huoke/app/static .mypy_cache .ruff_cache .pytest_cache .hypothesis
