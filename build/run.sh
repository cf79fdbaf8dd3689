#!/usr/bin/env bash
# Builds the window and opens it on the sandbox cluster, which the program starts itself.
# Where there is no display it brings a virtual one and leaves a screenshot of the window.
#
#   build/run.sh [ARGUMENT]...   the arguments go to bin/opsdeck
#   OPSDECK_RUN_ONCE=1           end as soon as the first screen is live; CI uses it
set -euo pipefail
cd "$(dirname "$0")/.."

began=${OPSDECK_RUN_BEGAN:-$EPOCHREALTIME}
readonly began live_within=180 shot=test-results/run/window.png

say() { printf 'opsdeck: %s\n' "$*" >&2; }
since_began() { awk -v from="$began" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f s", to - from }'; }

if [ -z "${OPSDECK_RUN_BEGAN:-}" ]; then
    build/setup.sh run
    make --no-print-directory window
    say "built after $(since_began)"
    if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        say 'there is no display here: starting on a virtual one'
        export OPSDECK_RUN_BEGAN=$began
        exec build/with-display.sh "$0" "$@"
    fi
fi
virtual=${OPSDECK_RUN_BEGAN:+yes}

exec {lines}< <(exec bin/opsdeck --sandbox "$@" 2>&1 </dev/null)
window=$!
trap 'kill -TERM "$window" 2>/dev/null || true' INT TERM

show() {
    say "the first screen is live after $(since_began)"
    [ -n "$virtual" ] || return 0
    mkdir -p "$(dirname "$shot")"
    import -silent -window root "$shot"
    say "a screenshot of the window lies in $PWD/$shot"
}

limit=(-t "$live_within") live=''
while IFS= read -r "${limit[@]}" -u "$lines" line; do
    printf '%s\n' "$line" >&2
    case $line in
    'opsdeck: window ready') say "the window is open after $(since_began)" ;;
    'opsdeck: cluster live')
        [ -n "$live" ] || show
        live=yes limit=()
        [ "${OPSDECK_RUN_ONCE:-}" != 1 ] || kill -TERM "$window"
        [ "${OPSDECK_RUN_ONCE:-}" = 1 ] || say 'close the window or press Ctrl+C to end it and its sandbox'
        ;;
    esac
done

# No more output: the program has ended, or was not live in time.
if [ -z "$live" ] && kill -TERM "$window" 2>/dev/null; then
    say "the first screen was not live within $live_within s; what it said stands above"
fi
code=0
wait "$window" || code=$?
[ -n "$live" ] || exit $((code == 0 ? 1 : code))
exit "$code"
