# New Farmwork. `make` alone lists what there is.
# The system's own Python, which every user may read and Debian compiles with care, before one that a person has installed.
PYTHON ?= $(or $(shell for each in /usr/bin/python3 python3; do \
 $$each -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done),python3)
VENV := .venv
PY := $(VENV)/bin/python
export UV_PYTHON_DOWNLOADS := never
# Without compiled modules every process of a run, and of a test, takes three times as long to begin.
unexport PYTHONDONTWRITEBYTECODE

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(VENV)/.run ## set up and serve with demo data (HOST, PORT; DEMO=0 for a real site)
	@$(PY) -m config.up

install: $(VENV)/.run ## as root: serve from the computer's start on, by systemd (HOST, PORT, VAR_DIR, HTTPS)
	@$(PY) -m config.processes.installation

upgrade: $(VENV)/.run ## as root: bring the installed site to this code, or leave it as it was (BACK=1: back from an upgrade that did not end)
	@$(PY) -m config.processes.upgrade $(if $(BACK),--back)

uninstall: $(VENV)/.run ## as root: stop and remove the installed site; data, settings and key stay (USERS=1: without its users)
	@$(PY) -m config.processes.installation --uninstall

# Four at once on two cores: a browser's test waits for half of its time. One that missed its time beside the others is run
# once more, alone, and named; what fails again is red.
ALONE := $(PY) -m pytest -rfEp --tb=short --last-failed --last-failed-no-failures none

test: $(VENV)/.dev ## the suite on SQLite, the browser's tests, and on PostgreSQL what depends on the database
	@./bin/need chromium
	$(PY) -m pytest -n 4 --dist loadfile --no-loadscope-reorder || $(ALONE)
	TEST_DATABASE=postgres $(PY) -m pytest -n 4 --dist loadfile --no-loadscope-reorder -m "(both_databases or race) and not browser" \
	 || TEST_DATABASE=postgres $(ALONE) -m "(both_databases or race) and not browser"

long: $(VENV)/.dev ## the tests that take an eighth of a second of CPU or more each (marked `long`); CI runs them after `make test`
	@./bin/need chromium
	$(PY) -m pytest -n 4 --dist loadfile --no-loadscope-reorder -m long || $(ALONE) -m long
	HOSTILE_VALUES=more $(PY) -m pytest -n 2 --dist load tests/access/test_hostile_values.py
	TEST_DATABASE=postgres $(PY) -m pytest -n 4 --dist loadfile --no-loadscope-reorder -m "long and (both_databases or race) and not browser" \
	 || TEST_DATABASE=postgres $(ALONE) -m "long and (both_databases or race) and not browser"

bench: $(VENV)/.dev ## speed and weight, beside the floor measured in the same run
	@./bin/need chromium
	$(PY) -m bench

prove: $(VENV)/.dev ## the long proofs on both databases, about two hours (AMOUNT=all: five; PROOFS="year kills": only these): the whole suite on PostgreSQL, everybody at every route, thousands of interruptions, 600 live sales, recordings cut and killed, a class of twenty on its first day, a county's year recounted, a database that is away, a film of 60 MB over a cut line, uploads, copies that come back, load on several computers that fail one after the other (as root), pages at size and in both languages, both guides followed on empty Debians (as root)
	@./bin/need chromium
	@[ "$$(id -u)" != 0 ] || ./bin/need debootstrap systemd-nspawn slirp4netns
	$(PY) -m bench.prove $(PROOFS)

coverage: $(VENV)/.dev ## what CI runs on SQLite without the browser, with the lines and branches that it reaches
	$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not browser" --cov --cov-report=
	$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "long and not browser" --cov --cov-append --cov-report=term:skip-covered

lint: $(VENV)/.dev ## format, lint, layers, types, migrations, advisories of dependencies
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/oxlint --deny-warnings
	$(VENV)/bin/lint-imports --no-cache
	$(VENV)/bin/mypy
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) bin/audit_dependencies.py requirements.txt requirements-dev.txt

shell: $(VENV)/.run ## Django's shell with the run's data
	$(PY) manage.py shell

messages: $(VENV)/.dev ## collect the English catalogue's entries and compile it (needs gettext)
	@./bin/need xgettext
	@mkdir -p ui/locale
	$(PY) manage.py makemessages -l en --no-location --no-obsolete --no-wrap \
	 -i 'var/*' -i 'tests/*' -i 'bench/*' -i 'demo/*'
	$(PY) manage.py compilemessages -l en -i .venv

lock: $(VENV)/.dev ## write the lock files from requirements.in and requirements-dev.in (needs the package index)
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	 requirements.in -o requirements.txt
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	 -c requirements.txt requirements-dev.in -o requirements-dev.txt

$(VENV)/bin/uv: bin/uv.txt
	@echo "Setting up a virtual environment…"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r bin/uv.txt
	@touch $@

$(VENV)/.run: requirements.txt | $(VENV)/bin/uv
	@echo "Installing what the product needs…"
	@$(VENV)/bin/uv pip install -q --require-hashes --python $(PY) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/uv
	@echo "Installing what the tests need…"
	@$(VENV)/bin/uv pip install -q --require-hashes --python $(PY) -r requirements-dev.txt
	@echo "Compiling the tests, once instead of in each process that runs them…"
	-@$(PY) -m pytest --collect-only -qq >/dev/null
	@echo "Migrating the tests' databases, once instead of in each run…"
	-@$(PY) -m pytest -qq tests/test_migrated.py >/dev/null
	-@TEST_DATABASE=postgres $(PY) -m pytest -qq tests/test_migrated.py >/dev/null
	@touch $@ $(VENV)/.run

.PHONY: help run install upgrade uninstall test long bench prove coverage lint shell messages lock
.DEFAULT_GOAL := help
