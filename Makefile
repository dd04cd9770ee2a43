# The one door. Every target is a script of Scripts/, which says what it does; this page only names them.
#
#   LAZULI_BIN   use this built program instead of building one
#   DEMO_HOME    the state folder of `make demo` (default: LAZULI_HOME, else ~/.lazuli)
#   PREFIX       where `make install` puts a link to the program (default: ~/.local)

SHELL := /bin/bash
.DEFAULT_GOAL := help
PREFIX ?= $(HOME)/.local

.PHONY: help setup build demo test check contract samples bench format docs install

help: ## list the targets
	@echo "Lazuli: the machine-learning workspace you own"
	@echo
	@awk -F ' *## *' '/^[a-z-]+:.*##/ { sub(/:.*/, "", $$1); printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "On a fresh machine: make demo"

demo: setup build ## from nothing to a trained, registered model (installs what is missing)
	@Scripts/demo

setup: ## check for what is needed, and install what is missing
	@Scripts/setup

build: setup ## build the program (debug): .build/debug/lazuli
	@Scripts/build

test: setup ## every test: Swift, the Python host, stock clients, samples, scripts
	@Scripts/test

check: setup ## format, floors, names, secrets, schema, warnings, Python style
	@Scripts/check

contract: setup build ## the stock clients' tests alone, against the built program
	@Scripts/test contract

samples: setup build ## run every sample as its test does
	@Scripts/test samples

bench: setup ## measure; results in Benchmarks/RESULTS.md
	@Scripts/bench

format: ## bring every Swift and Python file to the project's style
	@Scripts/format

docs: setup build ## write Documentation/schema.sql and Documentation/Coverage.md anew
	@Scripts/dump-schema --write
	@Scripts/coverage --write

install: setup build ## put a link to the built program into PREFIX/bin (~/.local/bin)
	@Scripts/install "$(PREFIX)"
