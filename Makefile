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

prove: $(VENV)/.dev ## the long proofs: the whole suite on PostgreSQL, the tests marked `long`, everybody at every route, 5,000 interruptions, 600 live sales, 30 rehearsals cut and killed, a class of twenty on its first day, a county's year recounted, a database that is away, a film of 60 MB over a cut line, uploads, copies that come back, ten minutes of load on several computers that fail one after the other (as root), pages at size and in both languages, both guides followed on empty Debians (as root)
	@./bin/need chromium
	SEQUENCES=25 LADDERS=12 TEST_DATABASE=postgres $(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not browser"
	$(PY) -m pytest -n 2 --dist loadfile -m long
	TEST_DATABASE=postgres $(PY) -m pytest -n 2 --dist loadfile -m "long and not browser"
	PLANS=5000 $(PY) -m pytest tests/outbox/test_plans.py
	PLANS=5000 TEST_DATABASE=postgres $(PY) -m pytest tests/outbox/test_plans.py
	BROWSER_PLANS=40 $(PY) -m pytest tests/browser/test_outbox_plans.py
	LIVE_SALES=200 $(PY) -m pytest tests/live/on_air/test_races.py
	LIVE_SALES=200 TEST_DATABASE=postgres $(PY) -m pytest tests/live/on_air/test_races.py
	SEQUENCES=25 $(PY) -m pytest tests/shops/orders/test_sequences.py
	ACCESS=all $(PY) -m pytest -n 2 --dist loadfile tests/access/test_access.py tests/config/test_admin_access.py tests/config/test_admin_lists.py
	HOSTILE_VALUES=all $(PY) -m pytest -n 2 --dist load tests/access/test_hostile_values.py tests/courses/admin/test_question_pages.py
	HOSTILE_VALUES=all TEST_DATABASE=postgres $(PY) -m pytest -n 2 --dist load tests/access/test_hostile_values.py
	SHOP_STATES_STEP=1 $(PY) -m pytest tests/shops/orders/test_obstacles.py
	BOTH_LANGUAGES=1 $(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder tests/browser -m languages
	STUDIO_PLANS=30 $(PY) -m pytest tests/browser/rehearsing/test_studio_plans.py
	REHEARSAL_SECONDS=20 $(PY) -m pytest tests/browser/rehearsing/test_whole_rehearsal.py
	UPGRADE_CUTS=all $(PY) -m pytest tests/config/processes/test_upgrade.py
	FILM_MEGABYTES=60 $(PY) -m pytest tests/browser/test_films.py -k large
	$(PY) -m bench.proofs.checkpoints
	$(PY) -m bench.proofs.limits
	$(PY) -m bench.proofs.wording
	$(PY) -m bench.proofs.exam_papers
	$(PY) -m bench.proofs.first_day
	$(PY) -m bench.proofs.placements
	$(PY) -m bench.proofs.year
	$(PY) -m bench.proofs.kills
	$(PY) -m bench.proofs.outage
	$(PY) -m bench.proofs.copies
	$(PY) -m bench.proofs.uploads
	$(PY) -m bench.proofs.slow_clients
	$(PY) -m bench.proofs.upgrades
	$(PY) -m bench.proofs.nodes
	$(PY) -m bench.proofs.size
	$(PY) -m bench.proofs.guides.one_computer
	$(PY) -m bench.proofs.guides.several_computers

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
