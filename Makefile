# make run    starts everything on this machine      PORT=8000 (0: a free one)  DATA_DIR=data  REDIS_URL=  DATABASE_URL=
# make test   every test that this machine can run   CI=1 makes the absence of a part a failure
# make bench  what everything costs here, beside the floor: into bench/RESULTS.md (ARGS=--quick: in a minute, printed)
# make screenshots  every screen of the demo, three widths, light and dark, Chinese and English, into screenshots/
# make lint   style, types, import contracts         make messages   brings the catalogue to the sources

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

export PORT DATA_DIR REDIS_URL DATABASE_URL

.PHONY: run test bench screenshots lint format messages venv

run: LOCK := requirements.txt
run: venv
	@$(BIN)/python -m planner.serve

test: LOCK := requirements-dev.txt
test: venv
	@$(BIN)/python -m tests

bench: LOCK := requirements-dev.txt
bench: ARGS := --write
bench: venv
	@$(BIN)/python -m bench $(ARGS)

screenshots: LOCK := requirements-dev.txt
screenshots: venv
	@$(BIN)/python -m tests.e2e.screenshots $(ARGS)

lint: LOCK := requirements-dev.txt
lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy planner staff campaigns
	$(BIN)/lint-imports --no-logo
	$(BIN)/djangofmt --check --quiet templates
	@BIN=$(BIN) .ci/scan

format: LOCK := requirements-dev.txt
format: venv
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djangofmt --quiet templates

messages: LOCK := requirements.txt
messages: venv
	@$(BIN)/python -m planner.messages extract
	@$(BIN)/python -m planner.messages check

# A virtual environment whose Python is gone or too old is made anew. It keeps the lock that it was installed from,
# so only a lock that says something else installs anything. The lock for tests holds the other one.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
WITH_PIP := import sys, pip; sys.exit(sys.version_info < (3, 11))

venv:
	@if ! $(BIN)/python -c "$(WITH_PIP)" 2>/dev/null; then \
	  for python in $(PYTHON) python3.14 python3.13 python3.12 python3.11; do \
	    if "$$python" -c "$(NEW_ENOUGH)" 2>/dev/null; then found="$$python"; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "Python 3.11 or newer is needed, but $(PYTHON) is $$($(PYTHON) --version 2>&1 | head -n 1): name one with PYTHON=…"; \
	    exit 1; \
	  fi; \
	  if ! "$$found" -c "import ensurepip, venv" 2>/dev/null; then \
	    echo "$$found cannot make virtual environments: install its venv module (Debian, Ubuntu: apt install python3-venv)."; \
	    exit 1; \
	  fi; \
	  echo "Making the virtual environment with $$("$$found" --version) …"; \
	  rm -rf $(VENV); \
	  if ! "$$found" -m venv $(VENV); then rm -rf $(VENV); echo "The virtual environment could not be made: see above."; exit 1; fi; \
	fi
	@if ! cmp -s $(LOCK) $(VENV)/$(LOCK); then \
	  echo "Installing $(LOCK) …"; \
	  if ! $(BIN)/python -m pip --disable-pip-version-check --no-input install --require-hashes -r $(LOCK); then \
	    echo "$(LOCK) could not be installed: see above."; exit 1; \
	  fi; \
	  if [ $(LOCK) = requirements-dev.txt ]; then cp requirements.txt $(VENV)/; fi; \
	  cp $(LOCK) $(VENV)/; \
	fi
