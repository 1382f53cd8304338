# Every command that a person or CI runs stands here; nothing else runs anything.

MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
BIN := .venv/bin

# pyright brings its own node in a wheel, and is not to look on the network for anything.
export PYRIGHT_PYTHON_GLOBAL_NODE := 0
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help setup run test check fmt bench soak lock clean development system lint

help: ## this list
	@echo 'make WHAT, where WHAT is one of:'
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | while IFS='|' read -r what does; do \
	    printf '  %-8s %s\n' "$$what" "$$does"; done

setup: ## install Codexity and what it needs into .venv
	@setup/python environment.py product

run: setup ## set up, start the server, and print the page's address
	@exec $(BIN)/codexity serve

test: development system lint ## set up, system packages included, and run every check and test
	@echo '==> Tests (pytest, a few at once)'
	@$(BIN)/pytest -m 'not soak and not alone' -n 3 --dist loadfile --no-loadscope-reorder
	@echo '==> Tests that want the machine for themselves (pytest)'
	@exec $(BIN)/pytest -m alone

check: development lint ## the quick checks: style, types, imports, unit tests
	@echo '==> Unit tests (pytest)'
	@exec $(BIN)/pytest -q tests/unit -n 2 --dist loadfile

fmt: development ## format the code, and mend what ruff can mend
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

# Public data sets, where they lie beside the checkout: the one argument that a benchmark may get.
DATA ?= $(wildcard ../shared/data)

# Another checkout, set up, beside which some benchmarks measure this one.
BESIDE ?=

bench: export BENCH_BESIDE = $(BESIDE)
bench: development system ## print the figures; DATA=FOLDER names public data sets, BESIDE=FOLDER another checkout
	@for file in bench/*.py; do \
	    grep -q '__main__' "$$file" || continue; \
	    echo "==> $$file"; \
	    $(BIN)/python "$$file" $(DATA) || exit 1; done

soak: development system ## the tests that take minutes (marked soak)
	@echo '==> Soak tests (pytest)'
	@$(BIN)/pytest tests/unit --hypothesis-profile=default
	@$(BIN)/pytest -m soak || [ $$? -eq 5 ] # 5: there are none

# No address of an index, and no path of the machine that made it, may get into a lock.
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
    --no-emit-find-links --no-annotate --no-header --python-version 3.11 $(if $(UPGRADE),--upgrade)

lock: development ## write requirements/*.txt anew; UPGRADE=1 takes the newest versions
	@$(LOCK) pyproject.toml requirements/product.in -o requirements/product.txt
	@$(LOCK) pyproject.toml -c requirements/product.txt -o requirements/runtime.txt
	@$(LOCK) requirements/product.in -c requirements/product.txt -o requirements/build.txt
	@$(LOCK) requirements/development.in -o requirements/development.txt
	@$(LOCK) requirements/browser.in -o requirements/browser.txt
	@$(LOCK) requirements/semantic.in -o requirements/semantic.txt
	@git diff --stat -- requirements

clean: ## take away everything that make made, .venv too
	@rm -rf .venv .cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

development: setup
	@setup/python environment.py development

system:
	@setup/python system.py

lint:
	@echo '==> Format (ruff format)'
	@$(BIN)/ruff format --check
	@echo '==> Style (ruff check)'
	@$(BIN)/ruff check
	@echo '==> Types (pyright)'
	@$(BIN)/pyright
	@echo '==> Imports (import-linter)'
	@$(BIN)/lint-imports
