# Everything a newcomer and CI need, with nothing but Python >= 3.11 and make.
# The first Python that really runs and is new enough (a version manager's stub may exist and refuse).
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet

.DEFAULT_GOAL := help
.PHONY: help chat demo run test check format soak bench bench-rules bench-ledger bench-moderation scale conformance brain train docs lock words clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|' 2>/dev/null \
	 || grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST)

# Two stamps: what is needed to run, and what is needed to develop. Both install by hash.
$(VENV)/.run: requirements.txt pyproject.toml
	@echo "Setting up in $(VENV) (once, about a minute) ..."
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: make chat PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing the development tools ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.bench: requirements-bench.txt $(VENV)/.dev
	@echo "Installing what the benchmarks compare with ..."
	@$(PIP) install --require-hashes -r requirements-bench.txt
	@touch $@

chat: $(VENV)/.run ## install what is needed and talk to the Cofounder here in the terminal
	@$(BIN)/nexus chat

demo: $(VENV)/.run ## talk in a small lively Nexus, in a store of its own
	@$(BIN)/nexus demo

run: $(VENV)/.run ## start every platform that is configured
	@$(BIN)/nexus run

test: $(VENV)/.dev ## install what is needed and run every check and test
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest -n logical --maxprocesses 4

check: $(VENV)/.dev ## format, lint, types and the walls between the packages
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-cache > /dev/null || $(BIN)/lint-imports --no-cache
	@$(BIN)/mypy

format: $(VENV)/.dev ## put the code into the project's format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

soak: $(VENV)/.dev ## the long tests: kill loops and large worlds
	@$(BIN)/python -m pytest -o addopts="-q --strict-markers --strict-config" tests/soak

bench: $(VENV)/.dev ## speed and memory beside a bare bot of each platform in the same run
	@$(BIN)/python -m benchmarks.bot

bench-rules: $(VENV)/.bench ## what a check and a list cost under the rules, beside one read of a row, Cedar and Casbin
	@$(BIN)/python -m benchmarks.rules

bench-ledger: $(VENV)/.dev ## what posting and confirming cost beside bare inserts, and the books with a million entries
	@$(BIN)/python -m benchmarks.ledger

bench-moderation: $(VENV)/.bench ## the classifiers beside a baseline, evasions, unseen sources, ordinary chat, attacks, cost
	@$(BIN)/python -m benchmarks.moderation

scale: $(VENV)/.dev ## many servers, workspaces and groups in one process: what it costs, and that they are kept apart
	@$(BIN)/python -m benchmarks.scale

conformance: $(VENV)/.dev ## every request against the platforms' contracts: make conformance SPECS=folder
	@test -n "$(SPECS)" || { echo "Which contracts? make conformance SPECS=folder (docs/howto/conformance.md)"; exit 1; }
	@folder=$$(mktemp -d) && trap "rm -rf $$folder" EXIT && \
	  NEXUS_RECORD=$$folder $(BIN)/python -m pytest tests/adapters tests/contract tests/bot/model && \
	  $(BIN)/python -m benchmarks.conformance $$folder $(SPECS)

brain: $(VENV)/.run ## train the offline brain anew, after phrasings have changed
	@$(BIN)/python -m bot.cofounder.offline.train

train: $(VENV)/.run ## train the classifiers for spam and abuse anew, always to the same bytes
	@$(BIN)/python -m core.moderation.classify.train

docs: $(VENV)/.dev ## write the generated pages and files: reference, config.example.toml
	@$(BIN)/python -m bot.docs.generate
	@NEXUS_WRITE_DAY=1 $(BIN)/python -m pytest -q -p no:cacheprovider tests/contract/moderation/test_day.py > /dev/null

lock: $(VENV)/.dev ## pin the requirements anew, with hashes and without an index address
	@$(BIN)/python -m pip --quiet install uv
	@$(BIN)/$(LOCK) pyproject.toml --group build -o requirements.txt
	@$(BIN)/$(LOCK) pyproject.toml --group build --group dev -o requirements-dev.txt
	@$(BIN)/$(LOCK) --group bench -o requirements-bench.txt

words: $(VENV)/.dev ## collect the words that people read into bot/words/nexus.pot
	@$(BIN)/pybabel --quiet extract -k N_ --no-location --sort-output --omit-header -o bot/words/nexus.pot bot core adapters

clean: ## remove what was built here (never a store)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
