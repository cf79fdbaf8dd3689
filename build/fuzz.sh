#!/usr/bin/env bash
# Runs every fuzz test for FUZZTIME (10s). Their seeds run with `make test` anyway; this looks for new inputs.
set -euo pipefail
cd "$(dirname "$0")/.."

git grep -n --untracked -o '^func Fuzz[A-Za-z0-9_]*' -- '*_test.go' | while IFS=: read -r file _ match; do
    name=${match#func }
    echo "── $name in $(dirname "$file")"
    go test -run '^$' -fuzz "^$name\$" -fuzztime "${FUZZTIME:-10s}" "./$(dirname "$file")"
done
