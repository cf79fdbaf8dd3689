#!/usr/bin/env bash
# Formats Go, proto, TypeScript and CSS. With --check it changes nothing and fails where a file would change.
set -euo pipefail
cd "$(dirname "$0")/.."

# All of git's Go files: golangci-lint sees only those of the build tags it runs with.
mapfile -d '' -t go_files < <(git ls-files -z --cached --others --exclude-standard '*.go')
existing=()
for file in "${go_files[@]}"; do [ ! -e "$file" ] || existing+=("$file"); done

if [ "${1:-}" = --check ]; then
    unformatted=$(gofmt -l "${existing[@]}")
    if [ -n "$unformatted" ]; then
        printf 'opsdeck: not formatted; run `make format`:\n%s\n' "$unformatted" >&2
        exit 1
    fi
    npm --prefix frontend run --silent lint
    go tool -modfile=build/tools/buf.mod buf format --diff --exit-code proto
else
    gofmt -w "${existing[@]}"
    npm --prefix frontend run --silent format
    go tool -modfile=build/tools/buf.mod buf format --write proto
fi
