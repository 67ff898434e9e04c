# Everything a person or a machine does here. Needs Python 3.11 or newer and make; no compiler.
PYTHON ?= python3
BIN := .venv/bin
EXTRAS ?=
RUNTIME := .venv/.runtime
DEV := .venv/.dev

COMPILE := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml

.PHONY: demo test bench fuzz zones chaos soak lint format install lock clean

demo: $(RUNTIME)  ## try it in the browser, with a local Slack
	@$(BIN)/chatcron demo $(ARGS)

install: $(RUNTIME) $(EXTRAS:%=.venv/.extra-%)  ## make .venv/bin/chatcron; EXTRAS="kubernetes agents postgres"
	@echo "Ready: $(BIN)/chatcron"

test: $(DEV)  ## everything that must hold: style, types, layers, tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m tests.say_what_is_skipped
	@$(BIN)/pytest -n 2 $(ARGS)

bench: $(DEV)  ## measure: a table of latency, start, memory and size
	@$(BIN)/python -m tests.bench $(ARGS)

fuzz: $(DEV)  ## read 21,000 texts of any kind with the offline grammar
	@$(BIN)/pytest -q -n 2 --hypothesis-profile fuzz --timeout 3600 tests/bot/intent/test_fuzz.py

zones: $(DEV)  ## the common crons in every time zone for two years, beside an oracle's
	@$(BIN)/python -m tests.zones

chaos: $(DEV)  ## kill -9 in the midst of bursts, on a real Postgres; ARGS="--seconds 5" for less
	@$(BIN)/python -m tests.chaos $(ARGS)

soak: $(DEV)  ## 50 people and 500 tasks for ten minutes; ARGS="--minutes 2" for less
	@$(BIN)/python -m tests.soak $(ARGS)

lint: $(DEV)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache

format: $(DEV)
	@$(BIN)/ruff check --fix-only --quiet . && $(BIN)/ruff format --quiet .

lock: $(DEV)  ## renew the locks; needs uv
	$(COMPILE) --upgrade --group dev -o requirements-dev.lock
	$(COMPILE) --upgrade --group build -c requirements-dev.lock -o requirements.lock
	for extra in kubernetes agents postgres; do \
	  $(COMPILE) --upgrade --group build --extra $$extra -c requirements-dev.lock -o requirements-$$extra.lock || exit; \
	done

clean:
	rm -rf .venv build dist *.egg-info

$(RUNTIME): requirements.lock pyproject.toml
	@PYTHON="$(PYTHON)" sh ./.ci/set-up requirements.lock
	@touch $@

.venv/.extra-%: requirements-%.lock $(RUNTIME)
	@PYTHON="$(PYTHON)" sh ./.ci/set-up $<
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.lock
	@PYTHON="$(PYTHON)" sh ./.ci/set-up requirements-dev.lock
	@touch $@
