#!/usr/bin/env bash
# Runs a command on a virtual display (Xvfb) and a session bus of its own, and ends both afterwards.
#
#   build/with-display.sh COMMAND [ARGUMENT]...
set -euo pipefail

logs=$(mktemp -d "${TMPDIR:-/tmp}/opsdeck-display.XXXXXX")
helpers=()

finish() {
    local pid
    for pid in "${helpers[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$logs"
}
trap finish EXIT

# helper COMMAND... starts a program that answers with one line where it can be reached, and sets answer to it.
# It gets a session of its own, so that Ctrl+C does not take it from a program that still needs it.
helper() {
    local output
    exec {output}< <(exec setsid "$@" 2>"$logs/$1" </dev/null)
    helpers+=($!)
    read -r -t 30 -u "$output" answer || {
        echo "opsdeck: $1 did not start: $(tail -n 1 "$logs/$1")" >&2
        exit 1
    }
}

helper Xvfb -displayfd 1 -screen 0 1280x860x24 -nolisten tcp
export DISPLAY=:$answer
export NO_AT_BRIDGE=1 # nobody reads this screen aloud; GTK would start the service for it and leave it behind
unset WAYLAND_DISPLAY
helper dbus-daemon --session --nofork --nopidfile --print-address=1
export DBUS_SESSION_BUS_ADDRESS=$answer

"$@" &
command=$!
trap 'kill -TERM "$command" 2>/dev/null || true' INT TERM
code=0
wait "$command" || code=$?
# A signal ends the first wait early; the command still has things to put away.
while kill -0 "$command" 2>/dev/null; do
    code=0
    wait "$command" || code=$?
done
exit "$code"
