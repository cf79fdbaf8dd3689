#!/usr/bin/env bash
# Runs the test suites, all or those named, and ends with the line "N passed, N failed" over them.
# This is the one list of suites.
#
#   build/test.sh [go] [unit] [types] [e2e] [window]
#   OPSDECK_NO_TALLY=1   leave the last line to the caller
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR
. build/suites.sh

wanted=("$@")
wants() { [ ${#wanted[@]} = 0 ] || [[ " ${wanted[*]} " = *" $1 "* ]]; }

build/setup.sh test
begin test

if wants go; then
    suite go "$results/go/junit.xml" \
        go tool -modfile=build/tools/gotestsum.mod gotestsum --format pkgname --format-hide-empty-pkg \
        --junitfile "$results/go/junit.xml" --junitfile-hide-empty-pkg -- -race -p 2 -timeout 10m ./...
fi

if wants unit || wants types || wants e2e || wants window; then
    suite pages - make --no-print-directory pages
fi
if wants types; then
    suite types - npm --prefix frontend run --silent typecheck
fi
if wants unit; then
    suite unit "$results/unit/junit.xml" \
        npm --prefix frontend run --silent test -- \
        --reporter=default --reporter=junit --outputFile.junit="$PWD/$results/unit/junit.xml"
fi
if wants e2e; then
    suite e2e "$results/e2e/junit.xml" build/e2e.sh "$results/e2e/junit.xml"
fi
if wants window; then
    suite window "$results/window/junit.xml" build/window.sh "$results/window/junit.xml"
fi

[ "${OPSDECK_NO_TALLY:-}" = 1 ] || tally "$results/test.tsv"
