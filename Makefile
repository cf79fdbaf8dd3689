# `make` lists the targets. Recipes stay short: what takes more than a line is a script in build/.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
# One set of flags for every build: packages compiled with other flags can't be shared, and a second set is a minute
# of work. The version is stamped by us, so Go needn't ask git.
export GOFLAGS := $(shell go env GOFLAGS 2>/dev/null) -trimpath -buildvcs=false
GO_BUILD := go build -ldflags '-s -w -X main.version=$(VERSION)'

# Pages are built anew only when one of these changed; folders are listed so that a deleted file counts.
PAGE_SOURCES := $(shell find frontend/src frontend/public frontend/wailsjs frontend/*.ts frontend/*.json)
PAGES        := frontend/dist/.vite/manifest.json
MODULES      := frontend/node_modules/.package-lock.json
LINTER       := bin/tools/golangci-lint

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## start the sandbox cluster and open the window on it
	@build/run.sh

.PHONY: test
test: ## run every test suite; results go to test-results/
	@build/test.sh

FORMATS ?= deb

# How many runs the history holds. 1000000,10000000 measures both; ten million take some ten minutes and 8 GB of disk.
BENCH_RUNS ?= 1000000

.PHONY: bench
bench: ## measure lists, dashboard, workers, the scheduler and the window, BENCH_RUNS=1000000
	@build/setup.sh test
	@go run ./backend/bench -runs $(BENCH_RUNS) -archives $(BENCH_RUNS)
	@go test ./backend/node/internal/leader -run '^$$' -bench Tick -benchtime 20x
	@build/bench-window.sh

# How often each fault is put under an operation. `make test` has some dozens of each.
FAULTS ?= 10000

.PHONY: torture
torture: ## kill consoles, lose answers and cut connections at random, FAULTS=10000 times each
	@build/setup.sh test
	@go test ./backend/operations -run 'AtAnyMoment|AnswersThatAreLost|ConnectionsThatBreak' -v -timeout 0 -parallel 8 \
		-kills $(FAULTS) -losses $(FAULTS) -faults $(FAULTS) | grep -vE '^ *(=== |--- PASS.*/[0-9]+ )'

.PHONY: postgres-versions
postgres-versions: ## run what meets PostgreSQL most closely on 14, 16, 17 and 18
	@build/setup.sh test
	@build/postgres-versions.sh

.PHONY: fuzz
fuzz: ## look for inputs that break a parser, FUZZTIME=10s each
	@build/fuzz.sh

.PHONY: generate
generate: ## write backend/workerpb and frontend/wailsjs anew
	@build/generate.sh

.PHONY: verify
verify: ## check format, lints, types, generated code and import rules
	@build/verify.sh

.PHONY: format
format: $(MODULES) ## format Go, TypeScript, CSS and proto files
	@build/format.sh

.PHONY: lint
lint: linter ## run golangci-lint alone
	@$(LINTER) run

.PHONY: build
build: window opsctl ## build bin/opsdeck (window) and bin/opsctl (servers, no window)

.PHONY: modules pages linter tools
modules: $(MODULES) ; @:
pages: $(PAGES) ; @:
linter: $(LINTER) ; @:
tools: linter
	@go tool -modfile=build/tools/buf.mod buf --version >/dev/null

.PHONY: window
window: $(PAGES)
	@$(GO_BUILD) -tags desktop,production,webkit2_41 -o bin/opsdeck .

# The same program as a page in any browser, for the browser suite.
.PHONY: window-dev
window-dev: $(PAGES)
	@$(GO_BUILD) -tags dev,webkit2_41 -o bin/opsdeck-dev .

# The window with a door for WebDriver; never released.
.PHONY: window-e2e
window-e2e: $(PAGES)
	@$(GO_BUILD) -tags desktop,production,webkit2_41,e2e -o bin/opsdeck-e2e .

.PHONY: opsctl
opsctl:
	@CGO_ENABLED=0 $(GO_BUILD) -o bin/opsctl ./backend/cmd/opsctl

.PHONY: package
package: build ## make a Debian package of what was built, FORMATS=deb rpm archlinux
	@build/package.sh $(VERSION) $(FORMATS)

.PHONY: clean
clean: ## remove what was built and what tests left
	@rm -rf bin test-results frontend/node_modules
	@find frontend/dist -mindepth 1 ! -name .gitkeep -delete

# npm writes this copy of the lockfile last, so an interrupted install is repeated.
$(MODULES): frontend/package.json frontend/package-lock.json
	@echo 'opsdeck: installing the page libraries that changed (npm ci)'
	@npm --prefix frontend ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGES): $(MODULES) $(PAGE_SOURCES)
	@echo 'opsdeck: building the pages (vite build)'
	@npm --prefix frontend run --silent build -- --logLevel warn
	@touch $@

# Rebuilt only when the pinned version changed: it is 70 MB and a minute of work.
$(LINTER): build/tools/golangci.mod
	@go build -modfile=build/tools/golangci.mod -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@
