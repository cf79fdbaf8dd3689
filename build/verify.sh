#!/usr/bin/env bash
# Checks what no test runs: format, lints, types, generated code, import rules. Ends with the line "N passed, N failed".
#
#   OPSDECK_NO_TALLY=1   leave the last line to the caller
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR
. build/suites.sh

build/setup.sh test
begin verify

suite tools       - make --no-print-directory modules tools
suite format      - build/format.sh --check
suite scripts     - shellcheck build/*.sh .ci/run
suite modules     - go mod tidy -diff
suite lint        - bin/tools/golangci-lint run
suite vet-window  - go vet -tags desktop,production,webkit2_41 .
suite types       - npm --prefix frontend run --silent typecheck
suite generated   - build/generate.sh --check
suite imports     - go test -count=1 ./backend

[ "${OPSDECK_NO_TALLY:-}" = 1 ] || tally "$results/verify.tsv"
