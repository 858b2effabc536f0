# Two commands: `make report` runs the main job, `make test` proves the library. What takes too
# long to be run after every change stands in `make slow`.
# Both make their own environment from constraints.txt and are quick the second time.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where this is set, every worker and every command under test compiles the library anew.
unexport PYTHONDONTWRITEBYTECODE

INPUTS := pyproject.toml constraints.txt
RUN_READY := $(VENV)/.ready-run
DEV_READY := $(VENV)/.ready-dev

.PHONY: report test slow machine fuzz fuzz-coverage mutants lint iamc oldest oldest-all pyright docs wheels bench notebooks font clean

report: $(RUN_READY)
	@$(BIN)/corridor publish --out $(OUT)
	@$(BIN)/corridor publish --example --as-of 2021-09 --out $(OUT)/example

test: lint
	@$(BIN)/pytest -n 2 --dist loadscope -m "not slow and not fuzz" --cov --cov-report=term $(PYTEST_ARGS)

slow: $(DEV_READY)
	@HYPOTHESIS_PROFILE=$${HYPOTHESIS_PROFILE:-thorough} $(BIN)/pytest -n 2 --dist loadscope -m "(slow or hypothesis) and not fuzz" --no-cov $(PYTEST_ARGS)

# What needs a browser or an office, and all else that is slow but not long.
machine: $(DEV_READY)
	@$(BIN)/pytest -n 2 --dist loadscope -m "slow and not long and not fuzz" --no-cov $(PYTEST_ARGS)

fuzz: $(DEV_READY)
	@$(BIN)/pytest -n 2 -m fuzz --no-cov $(PYTEST_ARGS)

# Readers led by coverage: SECONDS each (atheris, in an environment of its own).
fuzz-coverage: .venv-fuzz/.ready
	@.venv-fuzz/bin/python scripts/fuzz_readers.py --seconds $${SECONDS:-60}

.venv-fuzz/.ready: pyproject.toml constraints.txt constraints-fuzz.txt
	@$(PYTHON) -m venv .venv-fuzz
	@.venv-fuzz/bin/python -m pip install --quiet --constraint constraints.txt --constraint constraints-fuzz.txt --editable . atheris
	@touch $@

# Mistakes put into the arithmetic, one at a time; LIMIT of each room (every one: LIMIT=100000).
mutants: $(DEV_READY)
	@$(BIN)/python scripts/mutants.py --limit $${LIMIT:-60}

lint: $(DEV_READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/house.py --journeys

# pyam, which opens our IAMC tables in a test, asks for other versions of pandas.
iamc: .venv-iamc/.ready

.venv-iamc/.ready: constraints-iamc.txt
	@$(PYTHON) -m venv .venv-iamc
	@.venv-iamc/bin/python -m pip install --quiet --no-compile --constraint constraints-iamc.txt pyam-iamc
	@touch $@

# The oldest versions that are allowed, in an environment of their own: what hangs on them most,
# or every quick test.
OLDEST := tests/growth/test_cases.py $(addprefix tests/ground/test_,distributions.py files.py frozen.py \
	labels.py options.py units.py) tests/tabular $(addprefix tests/doors/test_,conventions.py frames.py \
	results.py ten_questions.py) tests/scenario/test_results.py tests/forecasting/test_methods.py \
	tests/plot/test_axes.py tests/report/test_report.py

oldest: .venv-oldest/.ready
	@.venv-oldest/bin/python -m pytest -n 2 --dist loadscope -m "not slow and not fuzz" --no-cov $(OLDEST) $(PYTEST_ARGS)

oldest-all: .venv-oldest/.ready
	@.venv-oldest/bin/python -m pytest -n 2 --dist loadscope -m "not slow and not fuzz" --no-cov $(PYTEST_ARGS)

.venv-oldest/.ready: pyproject.toml constraints-oldest.txt
	@$(PYTHON) -m venv .venv-oldest
	@.venv-oldest/bin/python -m pip install --quiet --constraint constraints-oldest.txt --editable '.[test]'
	@touch $@

# Wheels of the library and all that it needs, for machines without a network.
wheels:
	@$(PYTHON) -m pip wheel --quiet --wheel-dir $(OUT)/wheels --constraint constraints.txt '.[all]'
	@echo "$(OUT)/wheels: pip install --no-index --find-links wheels \"corridor-model[all]\""

# The site, in an environment of its own; a warning is an error.
docs: .venv-docs/.ready
	@.venv-docs/bin/python -m sphinx -q -W --keep-going -b html -c docs . $(OUT)/site
	@echo "$(OUT)/site/docs/index.html"

.venv-docs/.ready: pyproject.toml constraints.txt constraints-docs.txt
	@$(PYTHON) -m venv .venv-docs
	@.venv-docs/bin/python -m pip install --quiet --no-compile --constraint constraints.txt --constraint constraints-docs.txt --editable '.[all,docs]'
	@touch $@

# A second reader of the types, in an environment of its own; its Node comes as a wheel.
pyright: .venv-pyright/.ready $(DEV_READY)
	@.venv-pyright/bin/basedpyright --pythonpath $(BIN)/python tests/doors/test_ten_questions.py

.venv-pyright/.ready: constraints-pyright.txt
	@$(PYTHON) -m venv .venv-pyright
	@.venv-pyright/bin/python -m pip install --quiet --no-compile --constraint constraints-pyright.txt basedpyright
	@touch $@

bench: $(DEV_READY)
	$(BIN)/python -m benchmarks

notebooks: $(DEV_READY)
	$(BIN)/python scripts/run_notebooks.py

font: $(DEV_READY)
	$(BIN)/python scripts/make_font_subset.py

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "corridor-model needs Python 3.11 or newer; try: make PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV)

$(RUN_READY): $(BIN)/python $(INPUTS)
	@echo "Installing corridor-model (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[report]'
	@touch $@

$(DEV_READY): $(BIN)/python $(INPUTS)
	@echo "Installing corridor-model with its development tools (once) ..."
	@$(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt --editable '.[dev]'
	@$(BIN)/python -m compileall -qq -j 2 $(VENV)/lib || true
	@touch $@ $(RUN_READY)

clean:
	rm -rf $(VENV) .venv-oldest .venv-iamc .venv-pyright .venv-docs .venv-fuzz docs/reference $(OUT) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
