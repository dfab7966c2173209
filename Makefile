# make lab             the course, in JupyterLab
# make test            lint, unit tests, and every notebook against what is stored in it
# make record          run the notebooks and store what they say; ONLY="10 24" for some of them,
#                      FRESH=1 for the outputs that no test compares (times, the GPU), too
# make test-browser    every notebook in a real browser (needs Chromium)
# make lint clean

VENV := .venv
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11 python3.14 python3.15 \
    python; do \
    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
    && echo $$python && break; done)
RUN := $(VENV)/bin/python
# Two test processes share the cores: each gets one thread.
SERIAL := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
# Their plots take a list of fonts of their own: that of the home may be damaged.
PLOTS := MPLCONFIGDIR='$(CURDIR)/build/matplotlib'

.PHONY: lab test lint record test-browser clean

lab: $(VENV)/installed
	@$(RUN) -m vidlearn doctor
	$(RUN) -m vidlearn lab

test: lint
	@$(PLOTS) $(RUN) -c "import matplotlib.font_manager"
	$(SERIAL) $(PLOTS) $(RUN) -m pytest --nbval -n2 --dist loadscope -q tests notebooks

lint: $(VENV)/installed-test
	$(RUN) -m ruff check .

record: $(VENV)/installed-test
	$(PLOTS) $(RUN) -m tools.record $(ONLY) $(if $(FRESH),--fresh)

test-browser: WHICH = $(if $(CHROMIUM),--chromium '$(CHROMIUM)')
test-browser: $(VENV)/installed-browser
	$(SERIAL) $(PLOTS) $(RUN) -m tools.browser.drive --planted --out build/browser-planted $(WHICH)
	$(SERIAL) $(PLOTS) $(RUN) -m tools.browser.drive --out build/browser $(WHICH) \
	    $(if $(ONLY),$(foreach n,$(ONLY),notebooks/$(n)_*.ipynb),notebooks/*.ipynb)

clean:
	rm -rf $(VENV) build dist runs .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An extra is installed once, and again when pyproject.toml changes.
$(VENV)/installed: EXTRA :=
$(VENV)/installed-test: EXTRA := [test]
$(VENV)/installed-browser: EXTRA := [test,browser]
$(VENV)/installed $(VENV)/installed-test $(VENV)/installed-browser: pyproject.toml | $(RUN)
	$(RUN) -m pip install $(if $(CI),--quiet) --disable-pip-version-check --editable '.$(EXTRA)'
	@touch $@

$(RUN):
	@test -n "$(PYTHON)" || { echo "vidlearn needs Python 3.11 or newer: see python.org"; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	    echo "On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
