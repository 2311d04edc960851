# make install | demo | test | soak | bench | dev | lint | lock
# Every target but `lock` calls `install` first; once installed, that takes no time.

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq

# Tried in this order by running each, since a name on PATH may be a shim without a Python behind
# it. To choose: make install PYTHON=/path/to/python
PYTHON ?=
PYTHONS := $(if $(PYTHON),$(PYTHON),python3.13 python3.12 python3.11 python3.14 python3)

# Nothing here may call home: the target network is closed.
export DAGSTER_DISABLE_TELEMETRY := 1
export DO_NOT_TRACK := 1

.PHONY: install demo test soak bench dev lint lock
.DEFAULT_GOAL := install

install: .venv/.installed
	@:

.venv/.installed: requirements.lock pyproject.toml
	@found=; \
	supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'; \
	for python in $(PYTHONS); do \
	  "$$python" -c "$$supported" >/dev/null 2>&1 || continue; \
	  found="$$python"; \
	  "$$python" -c 'import venv, ensurepip' >/dev/null 2>&1 && break; \
	  found="without venv: $$python"; \
	done; \
	case "$$found" in \
	  '') echo 'make install: no working Python 3.11-3.14 among: $(PYTHONS)'; \
	      echo '没有找到可用的 Python 3.11—3.14。请先安装，或指明位置：make install PYTHON=/路径/python3'; \
	      exit 1;; \
	  'without venv: '*) echo "make install: $${found#*: } has no venv module"; \
	      echo '该 Python 缺少 venv 模块，请先安装（Debian、Ubuntu：apt-get install python3-venv）。'; \
	      exit 1;; \
	esac; \
	if ! { $(BIN)/python -c "$$supported" && $(BIN)/python -m pip --version; } >/dev/null 2>&1; then \
	  "$$found" -m venv --clear .venv || exit 1; \
	fi; \
	echo "Installing into .venv ($$($(BIN)/python --version)); the first time takes minutes ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

demo: install
	@$(BIN)/hrstats demo

# The checks and the fast tests; pytest's closing line comes last.
test: lint
	@$(BIN)/python -m pytest

soak: install
	@$(BIN)/python -m pytest -m soak

bench: install
	@$(BIN)/python -m tests.benchmarks.run

# Dagster's page, on this machine only, port 3000
dev: install
	@$(BIN)/python -m pipelines.orchestration.dev

lint: install
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	PYTHONWARNINGS=ignore:resource_tracker $(BIN)/sqlfluff lint --disable-progress-bar --processes 2 sql
	$(BIN)/mypy --num-workers 2
	$(BIN)/lint-imports --no-logo

# Needs uv and a package index. Pins stay unless: make lock UPGRADE=--upgrade
UV ?= uv
UPGRADE ?=
lock:
	$(UV) pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --fork-strategy fewest --no-strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command 'make lock' --quiet $(UPGRADE) --output-file requirements.lock
