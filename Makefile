# Two commands: `make run` and `make test`. Both need only make and python3.
# uv comes into .uv/ and everything else into .venv/; neither touches the machine.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run serve test bench drills lint audit format messages pictures clean free-port

PORT ?= 8000
ADDRESS := http://127.0.0.1:$(PORT)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .uv/bin/uv)
PYENV := $(shell ls -dvr $(HOME)/.pyenv/versions/*/bin 2>/dev/null | paste -sd: -)
export PATH := $(PATH)$(if $(PYENV),:$(PYENV))
export PYTHONUNBUFFERED := 1
export DJANGO_RUNSERVER_HIDE_WARNING := true

TEMPLATES := find templates -name '*.html' -exec
headline = @printf '\n== %s\n' "$(1)"

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: free-port .env .venv/synced ## Serve the portal with the real network and the demonstration (PORT=8000)
	@trap : INT; $(if $(filter-out 8000,$(PORT)),SITE_URL=$(ADDRESS)) $(MANAGE) start $(PORT)

serve: free-port .env .venv/synced ## Serve as in production on this machine, with the mail worker (PORT=8000)
	@$(MANAGE) serve $(PORT)

test: lint ## Prove everything: lint, SQLite, PostgreSQL, Chromium, a short form of the drills
	$(call headline,Tests on SQLite)
	@$(BIN)/pytest --numprocesses 2 --ignore tests/browser
	$(call headline,Tests on PostgreSQL)
	@$(BIN)/python -m tests.on_postgres --numprocesses 2 --ignore tests/browser
	$(call headline,Tests in Chromium)
	@$(BIN)/pytest -r fE --numprocesses 2 tests/browser
	@$(MAKE) --no-print-directory drills SHORT=1

drills: .venv/synced ## Break what breaks in real life, count what is lost (SHORT=1: in three minutes; WRITE=1: into the docs)
	$(call headline,Drills)
	@$(BIN)/python -m tests.drills $(if $(SHORT),--short) $(if $(WRITE),--write)

# Lint looks at the portal as it would be in production.
lint: export DEBUG := off
lint: export SECRET_KEY = $(shell python3 -c "import secrets; print(secrets.token_urlsafe(50))")
lint: export SITE_URL := https://portal.example.org
lint: export ALLOWED_HOSTS := portal.example.org
lint: export DATABASE_URL := sqlite://:memory:
lint: .venv/synced ## Check style, floors between the rooms, migrations, settings
	$(call headline,Python style)
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	$(call headline,Template style)
	@$(TEMPLATES) $(BIN)/djade --check --target-version 6.1 {} +
	$(call headline,Floors between the rooms)
	@$(BIN)/lint-imports --no-logo
	$(call headline,Migrations complete)
	@$(MANAGE) makemigrations --check --dry-run
	$(call headline,Ready to deploy)
	@$(MANAGE) check --deploy --fail-level WARNING
	$(call headline,Theme trimmed)
	@$(MANAGE) trim_theme --check

audit: .venv/synced ## Ask whether a library we ship is known to be unsafe (needs the internet)
	@$(BIN)/python -m tests.audit $(UV)

format: .env .venv/synced ## Put code, templates and theme into the house's style
	@$(BIN)/ruff check --fix --quiet; $(BIN)/ruff format --quiet
	@$(TEMPLATES) $(BIN)/djade --target-version 6.1 {} + || true
	@$(MANAGE) trim_theme

messages: .env .venv/synced ## Collect what is to be translated, compile what is (needs gettext)
	@$(MANAGE) makemessages --locale it --add-location file --no-obsolete --no-wrap \
		--extension html,txt,py --ignore '.*' --ignore tests --ignore var
	@$(MANAGE) compilemessages --locale it --ignore '.*'

pictures: .venv/synced ## Take the README's pictures of the portal (needs Chromium)
	@$(BIN)/pytest tests/browser/pictures.py

bench: .venv/synced ## Measure how fast it is, 20 minutes (QUICK=1: a few; WRITE=1: into docs/performance.md)
	@$(BIN)/python -m tests.bench $(if $(QUICK),--quick) $(if $(WRITE),--write docs/performance.md)

clean: ## Remove tools and caches; data and .env stay
	rm -rf .uv .venv .import_linter_cache .pytest_cache .ruff_cache staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

free-port:
	@! python3 -c "import socket; socket.create_connection(('127.0.0.1', $(PORT)), 1)" 2>/dev/null || \
		{ echo "Port $(PORT) is taken. Try another one: make run PORT=$$(($(PORT) + 1))"; exit 1; }

.env:
	@key=$$(python3 -c "import secrets; print(secrets.token_urlsafe(50))") && umask 077 && \
		printf '%s\n' "SECRET_KEY=$$key" DEBUG=on COORDINATORS_NEED_MFA=off > $@

.venv/synced: pyproject.toml uv.lock | $(filter .uv/%,$(UV))
	@echo "Installing what uv.lock lists into .venv/ (about 130 MB the first time)"
	@$(UV) sync --locked --quiet
	@touch $@

.uv/bin/uv:
	@echo "Bringing uv into .uv/"
	@python3 -m venv .uv && .uv/bin/pip install --quiet --disable-pip-version-check uv
