# Every target makes what it needs first: on a fresh machine `make lab` or `make test` is all there is to type.
.DEFAULT_GOAL := help
.PHONY: help env lab new check app report serve-leaders test browser lint demo bench long studies sample pictures problems words constraints clean

# The first Python on the path that will do; `make PYTHON=/path/to/python3.12 ...` names another.
SUITS := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11 python; do \
	$$each -c '$(SUITS)' 2> /dev/null && echo $$each && break; done)
BIN := .venv/bin
WORKERS ?= 2
LOG ?= data/sample
OUT ?= private/report.html
# What else a command is told, as ARGS='--word "S=met"'.
ARGS ?=
BUNDLE ?= data/sample_bundle
HASHED := import json; found = json.load(open("build/report.json"))["install"]; print(*sorted((one["metadata"]["name"] \
	+ "==" + one["metadata"]["version"] + " --hash=sha256:" + one["download_info"]["archive_info"]["hashes"]["sha256"] \
	for one in found), key=str.casefold), sep="\n")
# What pip says, in one line a package; a failure is that of the whole.
PROGRESS := /^Collecting/ { printf "  fetched %3d: %s\n", ++n, $$2 } \
	/^Installing collected/ { print "  Unpacking them; the last step, of a minute or two ..." } \
	/^Successfully/ { print "  Done." } \
	{ fflush() } \
	/^FAILED$$/ { failed = 1 } \
	END { exit failed }
AXE := axe-core@4.14.1

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: .venv/dev.stamp ## Make the environment in .venv, with what the tests need

lab: .venv/notebooks.stamp ## Open JupyterLab on the teacher's notebook (or print its address where there is no screen)
	@$(BIN)/reflectlab lab

new: .venv/notebooks.stamp ## Write a workbook to keep a log in, LOG=my_class.xlsx or else private/my_class.xlsx
	@$(BIN)/reflectlab new '$(if $(filter file,$(origin LOG)),private/my_class.xlsx,$(LOG))' $(ARGS)

check: .venv/notebooks.stamp ## Say what is understood of a log: `make check LOG=my_class.xlsx`
	@$(BIN)/reflectlab check '$(LOG)' $(ARGS) || test $$? -eq 1  # some rows are left out: it says which, and that is all

app: .venv/notebooks.stamp ## Open the class board as a page of its own; `make app LOG=my_class.xlsx` shows your log
	@$(BIN)/reflectlab app '$(LOG)' $(ARGS)

report: .venv/notebooks.stamp ## Write a class's term into one page to take away: `make report LOG=my_class.xlsx OUT=term3.html`
	@$(BIN)/reflectlab report '$(LOG)' -o '$(OUT)' $(ARGS)

serve-leaders: .venv/notebooks.stamp ## Serve leaders a bundle, and no log, behind a token; `make serve-leaders BUNDLE=bundle`
	@env -u LOG $(BIN)/reflectlab leaders '$(BUNDLE)'

test: lint ## Run every check and every test
	$(BIN)/pytest -n $(WORKERS) --dist worksteal
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --nbval --nbval-current-env notebooks

browser: .venv/dev.stamp build/npm/$(AXE).stamp ## Drive the notebooks and the board in a real browser
	$(BIN)/pytest -m browser tests/browser

lint: .venv/dev.stamp ## Check style, types and layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

demo: .venv/notebooks.stamp ## Run the notebooks, without a screen, into pages in build/
	@mkdir -p build
	$(BIN)/jupyter nbconvert --to html --embed-images --execute --output-dir build notebooks/*.ipynb

bench: .venv/dev.stamp ## Time what is promised to be quick
	$(BIN)/python -m benchmarks

long: .venv/dev.stamp ## Run the tests that take minutes
	$(BIN)/pytest -m long --hypothesis-profile long tests
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fuzz]'
	$(BIN)/python -m tests.long.fuzz

studies: .venv/dev.stamp ## Go on with docs/recovery.md (an hour or two in all; may be stopped), and docs/follow_through.md
	$(BIN)/python -m studies.recovery
	$(BIN)/python -m studies.follow_through

sample: .venv/dev.stamp ## Make the simulated school in data/sample anew
	$(BIN)/python data/make_sample.py
	rm -rf data/sample_bundle
	$(BIN)/reflectlab publish data/sample -o data/sample_bundle

pictures: .venv/dev.stamp ## Make the picture in the README anew
	$(BIN)/python docs/make_pictures.py

words: .venv/dev.stamp ## Write the messages that people read into reflectlab/locale anew, for each language
	$(BIN)/python docs/make_catalogues.py

problems: .venv/dev.stamp ## Write docs/problems.md anew, from the table of problems
	$(BIN)/python docs/make_problems.py

constraints: ## Resolve every version anew, into constraints.txt
	rm -rf build/resolve
	$(PYTHON) -m venv build/resolve
	sed -n '/^# By hand/,$$p' constraints.txt > build/by-hand.txt
	build/resolve/bin/pip install --quiet -c build/by-hand.txt --editable '.[dev]'
	{ sed -n 1p constraints.txt; build/resolve/bin/pip freeze --exclude-editable | grep -vxFf build/by-hand.txt | sort -f; \
	  cat build/by-hand.txt; } > build/constraints.txt
	mv build/constraints.txt constraints.txt

hashes: ## Ask for the hash of each version in constraints.txt, into constraints-hashes.txt (Python 3.11, Linux, x86-64)
	@mkdir -p build
	sed '/^#/d; /^atheris/d; /^py4j/d; /^pyspark/d' constraints.txt > build/pinned.txt
	$(BIN)/pip install --quiet --dry-run --ignore-installed --no-deps --report build/report.json -r build/pinned.txt
	{ sed -n 1p constraints-hashes.txt; $(BIN)/python -c '$(HASHED)'; } > build/hashes.txt
	mv build/hashes.txt constraints-hashes.txt

audit: .venv/dev.stamp ## Check each package against its hash, and against known faults where the network allows; fail on either
	$(BIN)/pip install --quiet --dry-run --ignore-installed --no-deps --require-hashes -r constraints-hashes.txt
	@echo 'Each package has the hash that is written down.'
	@rm -rf build/audit build/audit.json
	@$(PYTHON) -m venv build/audit && build/audit/bin/pip install --quiet pip-audit==2.9.0 \
	  && build/audit/bin/pip-audit --disable-pip --no-deps -r constraints-hashes.txt --format json -o build/audit.json \
	  2> build/audit.txt || true
	@$(BIN)/python .ci/audited.py build/audit.json

clean: ## Remove the environment and all that was made
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache

build/npm/%.stamp:
	@mkdir -p build/npm
	@npm install --prefix build/npm --no-save --no-package-lock --no-audit --no-fund --silent $*
	@touch $@

.venv/%.stamp: pyproject.toml constraints.txt
	@test -n '$(PYTHON)' || { echo 'make: Python 3.11, 3.12 or 3.13 with venv is needed (on Debian: apt-get install python3-venv)' >&2; exit 1; }
	@echo 'Making the environment in .venv; the first time, this takes some minutes.'
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@{ $(BIN)/pip install --disable-pip-version-check -c constraints.txt -e '.[$*]' || echo FAILED; } | awk '$(PROGRESS)'
	@touch $@
