# Everything here works on a fresh machine with Python 3.11 or newer; `make` alone lists the targets.

VENV ?= .venv
# Tried in this order. To name one yourself: make test PYTHON=/usr/local/bin/python3.12
PYTHON ?= python3.13 python3.12 python3.11 python3 python
# Workers of the test run.
JOBS ?= auto

# Compiled modules are kept: without them every start compiles the whole program again.
unexport PYTHONDONTWRITEBYTECODE

PIP = $(VENV)/bin/python -m pip --disable-pip-version-check --quiet
COMPILE = $(VENV)/bin/python -m compileall -q s3audit checks
SUITABLE = import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

.PHONY: help demo test lint style types format docs fuzz bench clean
.DELETE_ON_ERROR:

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 16

demo: $(VENV)/.installed ## audit examples/ and an account that is played, and write reports
	@$(VENV)/bin/python -m s3audit scan examples/ --exit-zero -o text=- -o html=report.html -o sarif=report.sarif
	@echo "The same as a page: report.html, and for code scanning: report.sarif"
	@echo
	@echo "And a live account, played by a server on 127.0.0.1:"
	@echo
	@$(VENV)/bin/python -m s3audit demo -o text=- -o html=report-live.html
	@echo "The same as a page: report-live.html"

test: $(VENV)/.installed-dev ## run every test
	$(VENV)/bin/python -m pytest -n $(JOBS) --dist loadgroup

lint: style types ## ruff and mypy (with -k, the second though the first fails)

style: $(VENV)/.installed-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(VENV)/.installed-dev
	$(VENV)/bin/mypy

format: $(VENV)/.installed-dev ## let ruff write the code its way
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

docs: $(VENV)/.installed-dev ## write the generated pages under docs/
	$(VENV)/bin/python -m s3audit.docs

fuzz: $(VENV)/.installed-dev ## the property and fuzz tests, with other random input each time
	$(VENV)/bin/python -m pytest -n $(JOBS) -m hypothesis --hypothesis-profile=fuzz

bench: $(VENV)/.installed-dev ## measure
	$(VENV)/bin/python benchmarks/run.py
	$(VENV)/bin/python benchmarks/live.py
	$(VENV)/bin/python benchmarks/policy.py

clean: ## remove the environments and all that was made
	rm -rf .venv .venv-* __pycache__ build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis report.html report.sarif
	find s3audit checks tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@for python in $(PYTHON); do \
	    "$$python" -c '$(SUITABLE)' >/dev/null 2>&1 || continue; \
	    echo "Creating $(VENV) with $$("$$python" --version)"; \
	    exec "$$python" -m venv --clear $(VENV); \
	done; \
	echo "s3audit needs Python 3.11 or newer with its venv module, and none of these is one: $(PYTHON)." >&2; \
	echo "Install it (Debian, Ubuntu: apt install python3 python3-venv) or name it: make PYTHON=/path/to/python3" >&2; \
	exit 1

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml hatch_build.py
	@echo "Installing s3audit into $(VENV)"
	@$(PIP) install --editable '.[live]'
	@$(COMPILE)
	@touch $@

# Holds all that .installed does, so that `make demo` after it installs nothing.
$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml hatch_build.py
	@echo "Installing s3audit and its development tools into $(VENV)"
	@$(PIP) install --editable '.[dev]'
	@$(COMPILE)
	@touch $(VENV)/.installed $@
