# FlinkJobRunner from a bare clone. It needs Python 3.11 or newer, a JDK 17 or newer, and Maven;
# everything else is fetched into .venv and build/ when it is first needed.
#
#   make run      start everything, deploy the example plant, show its alerts
#   make test     all tests, Python and Java, from unit to end-to-end
#   make check    lint, types, layers, house rules
#   make bench    the benchmark (FULL=1 for figures that count)
#   make crash    300 crashes of the real processes, and what came of them (FULL=1: 1,500)
#   make build    only the environment, the runtime jars and the job's jar
#   make clean    remove what was built or fetched (the data in .flinkjobrunner stays)

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory --no-builtin-rules
.DEFAULT_GOAL := help

PYTHON ?= python3
export PYTHON
BIN := .venv/bin
MAVEN := mvn -B
QUIETLY = $(PYTHON) tools/quietly.py
PIP = $(BIN)/python -m pip --disable-pip-version-check install --require-hashes --progress-bar off

POMS := validator/parent.xml $(wildcard validator/runtime/pom.xml validator/runtime/*/pom.xml)
JOB_SOURCES := validator/pom.xml validator/parent.xml $(shell find validator/src/main -type f 2>/dev/null)

# One stamp per thing that is bootstrapped; each lies in what it vouches for.
ENVIRONMENT := .venv/.installed
TOOLS := .venv/.installed-dev
JARS := build/runtime/.copied
JOB := build/runtime/validator.jar
SUITE := build/w3c/.unpacked

.PHONY: help run test test-java test-python check check-java check-python bench crash build clean environment

help:
	@sed -n 's/^#   //p' $(firstword $(MAKEFILE_LIST))

run: build
	@$(BIN)/flinkjobrunner demo

# The environment and the jars come over the network from different places: fetched side by side.
build:
	@$(MAKE) -s -j2 $(ENVIRONMENT) $(JOB)

environment:
	@$(MAKE) -s -j2 $(TOOLS) $(JOB) $(SUITE)

test: environment
	@$(MAKE) test-java
	@$(MAKE) test-python

test-java: $(JARS)
	@tools/require.sh java maven
	@echo "Java tests"
	@$(MAVEN) -q -ntp -f validator/pom.xml verify

test-python: environment
	@echo "Python tests"
	@CHROMIUM="$$($(BIN)/python tools/chromium.py)" $(BIN)/python -m pytest

check: environment
	@$(MAKE) check-python
	@$(MAKE) check-java

check-python: $(TOOLS)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry src
	@$(BIN)/python -m pytest -q tests/house

check-java:
	@tools/require.sh java maven
	@$(MAVEN) -q -ntp -f validator/pom.xml spotless:check test-compile

bench: environment
	@$(BIN)/flinkjobrunner bench $(if $(FULL),--full)

# A trial that failed says how to run it again: with TRIALS, SEED, and its number as ONLY.
TRIALS = $(if $(FULL),1500,300)
SEED = 1
crash: environment
	@PYTHONPATH=src:tests $(BIN)/python -m crash --trials $(TRIALS) --seed $(SEED) $(if $(ONLY),--only $(ONLY))

clean:
	rm -rf .venv build validator/target .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests examples -name __pycache__ -type d -prune -exec rm -rf {} +

$(ENVIRONMENT): requirements.txt
	@tools/require.sh python
	@$(PYTHON) -m venv .venv
	@$(QUIETLY) "Python packages" --count '^Collecting ' --of requirements.txt '^[a-z0-9].*==' -- \
		$(PIP) -r requirements.txt
	@tools/link.sh
	@touch $@

$(TOOLS): requirements-dev.txt $(ENVIRONMENT)
	@$(QUIETLY) "Python tools for tests" --count '^Collecting ' -- $(PIP) -r requirements-dev.txt
	@touch $@

# The W3C's cases are nobody's package; pySHACL's source distribution brings them along.
$(SUITE): tests/w3c/suite.txt $(ENVIRONMENT)
	@rm -rf build/w3c && mkdir -p build/w3c
	@$(QUIETLY) "The W3C test suite" -- $(BIN)/python -m pip --disable-pip-version-check download \
		--no-deps --no-binary :all: --require-hashes --dest build/w3c -r tests/w3c/suite.txt
	@tar -xzf build/w3c/pyshacl-*.tar.gz -C build/w3c --strip-components=3 \
		--wildcards '*/test/resources/sht_tests' '*/test/resources/dash_tests'
	@touch $@

$(JARS): $(POMS)
	@tools/require.sh python java maven
	@mkdir -p build/runtime
	@# An older version of a jar must not stay on the class path beside the newer one.
	@rm -rf build/runtime/flink build/runtime/kafka build/runtime/jena
	@$(QUIETLY) "Flink, Kafka and Jena (about 200 MB)" --count 'Downloaded from .*\.jar' -- \
		$(MAVEN) -T 3 -f validator/runtime/pom.xml dependency:copy-dependencies
	@touch $@

# Phase and goal, not `package`: that would fetch what only the tests need.
$(JOB): $(JARS) $(JOB_SOURCES)
	@$(QUIETLY) "The Flink job" --count 'Downloaded from .*\.jar' -- \
		$(MAVEN) -f validator/pom.xml process-classes jar:jar
	@cp validator/target/validator.jar build/runtime/validator.jar.draft
	@mv build/runtime/validator.jar.draft $@
