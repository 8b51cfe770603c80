# make run: the desk in a text console, or on Slack where its tokens are set. make test: everything.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
SLACK = tests/e2e/node_modules/.package-lock.json
PYTHONS ?= python3.11 python3.12 python3.13

.PHONY: run test test-all bench campaign campaign-postgres fuzz audit check-data move-store lock

run: $(VENV)/run
	exec $(BIN)/errbot -c config.py

test: $(VENV)/test $(SLACK)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=plugins $(BIN)/lint-imports --no-logo
	$(BIN)/pytest -n auto --dist worksteal

test-all:
	@for python in $(PYTHONS); do \
	  $$python --version >/dev/null 2>&1 || { echo "$$python: not on this machine"; continue; }; \
	  $(MAKE) test PYTHON=$$python VENV=.venv-$$python || exit 1; \
	done

# DESK_CAMPAIGN=60 of these evenings are part of make test. `make campaign DESK_CAMPAIGN_FROM=1000` plays others.
campaign: $(VENV)/test
	DESK_CAMPAIGN=1000 DESK_CAMPAIGN_FROM=$(or $(DESK_CAMPAIGN_FROM),0) $(BIN)/pytest -n auto tests/summary/test_campaign.py

# Evenings of two and three desks on one PostgreSQL; some of them are part of make test.
# `make campaign-postgres DESK_CAMPAIGN_POSTGRES_FROM=1000` plays others.
campaign-postgres: $(VENV)/test
	DESK_CAMPAIGN_POSTGRES=1000 DESK_CAMPAIGN_POSTGRES_FROM=$(or $(DESK_CAMPAIGN_POSTGRES_FROM),0) \
	  $(BIN)/pytest -n auto tests/summary/test_several_desks.py

# A minute for each way in, and other examples of what is true of any; `make fuzz DESK_FUZZ=600` for longer.
fuzz: $(VENV)/test
	DESK_FUZZ=$(or $(DESK_FUZZ),60) $(BIN)/pytest -n auto tests/fuzz
	DESK_FUZZ=$(or $(DESK_FUZZ),60) $(BIN)/pytest -n auto -m hypothesis

# What is known to be wrong with anything installed. Says so, and fails, where nothing could be looked up.
audit: $(VENV)/test
	@$(BIN)/python .ci/audit.py

bench: $(VENV)/test $(SLACK)
	$(BIN)/pytest tests/bench --benchmark-enable --show-capture=no

check-data: $(VENV)/run
	PYTHONPATH=plugins $(BIN)/python -m opsdesk.check_data $${DESK_DATA_DIR:-data}

# All that the desk keeps, to DESK_DATABASE_URL (TO=database) or back (TO=folder): README, "Moving".
move-store: $(VENV)/run
	@DESK_STATE_DIR=$${DESK_STATE_DIR:-data/state} PYTHONPATH=plugins $(BIN)/python -m opsdesk.move_store $(TO) $(WITHOUT)

# Everything that requirements.txt draws in, each by its hash, for every Python the desk is for. Run it after an edit.
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
	.venv-lock/bin/uv pip compile requirements.txt --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --output-file requirements.lock

$(VENV)/run: requirements.lock
	@echo "Once, for a minute or two: installing what requirements.lock names into $(VENV)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --progress-bar off --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

$(VENV)/test: requirements.txt tests/requirements.txt $(VENV)/run
	$(BIN)/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	touch $@

# The Slack that the end-to-end tests run against. Without it they are skipped, and pytest says so.
$(SLACK): tests/e2e/package-lock.json
	@if command -v npm >/dev/null; then \
	  npm ci --prefix tests/e2e --silent --no-audit --no-fund --ignore-scripts || echo "npm ci failed in tests/e2e"; \
	fi
