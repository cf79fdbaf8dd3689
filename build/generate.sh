#!/usr/bin/env bash
# Writes generated code anew: backend/workerpb from proto/, frontend/wailsjs from the bound structs.
#
#   build/generate.sh           write into the tree
#   build/generate.sh --check   change nothing; fail and show the difference when the tree is out of date
set -euo pipefail
cd "$(dirname "$0")/.."

out=.
if [ "${1:-}" = --check ]; then
    out=$(mktemp -d "${TMPDIR:-/tmp}/opsdeck-generate.XXXXXX")
    trap 'rm -rf "$out"' EXIT
fi

go tool -modfile=build/tools/buf.mod buf lint proto
go tool -modfile=build/tools/buf.mod buf generate --template proto/buf.gen.yaml --output "$out"

# Wails writes below the folder that wails.json names, seen from where the generator runs.
go build -tags bindings -o bin/bindgen .
generator=$PWD/bin/bindgen
mkdir -p "$out/frontend"
[ "$out" = . ] || cp wails.json "$out"
said=$(cd "$out" && "$generator" -tsoutputtype interfaces 2>&1) || { # it names every field: of use only when it fails
    printf '%s\n' "$said" >&2
    exit 1
}

[ "$out" != . ] || exit 0
code=0
for written in "$out"/backend/workerpb/*.go; do
    diff -u "backend/workerpb/${written##*/}" "$written" || code=1
done
diff -ru frontend/wailsjs "$out/frontend/wailsjs" || code=1
[ $code = 0 ] || echo 'opsdeck: generated code is out of date: run `make generate` and commit what it changed' >&2
exit $code
