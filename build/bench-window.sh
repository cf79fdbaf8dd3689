#!/usr/bin/env bash
# Measures the release window on a sandbox that already runs: from exec to live data on screen, and the memory of all
# its processes over the refreshes of an hour, compressed in time. Writes test-results/bench/window.md.
#
#   build/bench-window.sh [STARTS] [REFRESHES]   7 starts and 1800 refreshes (an hour at one every 2 s)
set -euo pipefail
cd "$(dirname "$0")/.."

readonly starts=${1:-7} refreshes=${2:-1800} report=test-results/bench/window.md
readonly samples=20

if [ -z "${OPSDECK_BENCH_DISPLAY:-}" ]; then
    make --no-print-directory window
    OPSDECK_BENCH_DISPLAY=1 exec build/with-display.sh "$0" "$@"
fi

folder=$(mktemp -d /tmp/opsdeck-bench.XXXXXX) # a short path: sockets lie in it
chmod 711 "$folder"                           # as root, PostgreSQL runs as a system user who has to pass
sandbox=$folder/sandbox
running=()
finish() {
    local i
    for ((i = ${#running[@]} - 1; i >= 0; i--)); do
        kill -TERM "${running[i]}" 2>/dev/null || true
        wait "${running[i]}" 2>/dev/null || true
    done
    rm -rf "$folder"
}
trap finish EXIT

say() { printf 'opsdeck: %s\n' "$*" >&2; }

# await FILE TEXT waits until a program has written a line to a file, and fails when it takes longer than 3 minutes.
await() {
    timeout 180 grep -q -m 1 -- "$2" <(tail -n +1 -f --pid=$$ "$1") && return
    say "no line '$2' in 3 minutes; it said: $(tail -n 3 "$1")"
    exit 1
}

# now prints milliseconds since the epoch.
now() { echo $((${EPOCHREALTIME/./} / 1000)); }

# open_window LOG [ARGUMENT]... starts the window and sets window, ready and live: its process and two times after exec.
open_window() {
    local log=$1 line from
    shift
    from=$(now)
    exec {lines}< <(exec bin/opsdeck --sandbox --sandbox-dir "$sandbox" "$@" 2>&1 </dev/null)
    window=$!
    running+=("$window") ready='' live=''
    while IFS= read -r -t 60 -u "$lines" line; do
        printf '%s\n' "$line" >>"$log"
        case $line in
        'opsdeck: window ready') ready=$(($(now) - from)) ;;
        'opsdeck: cluster live') live=$(($(now) - from)) ;;
        esac
        [ -z "$ready" ] || [ -z "$live" ] || break # they come in any order
    done
    [ -n "$live" ] || {
        say "the window was not live within a minute; it said: $(tail -n 3 "$log")"
        exit 1
    }
    cat <&"$lines" >>"$log" &
}

close_window() {
    kill -TERM "$window"
    wait "$window" 2>/dev/null || true
    unset 'running[-1]'
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# tree PID prints a process and all that descend from it.
tree() {
    local child
    echo "$1"
    for child in $(ps -o pid= --ppid "$1"); do tree "$child"; done
}

# memory PID prints the memory of a process and all that descend from it, in KiB: the proportional share of everything,
# and of what they have written themselves. The first also changes with other programs that share the same libraries.
memory() {
    local pid
    for pid in $(tree "$1"); do cat "/proc/$pid/smaps_rollup" 2>/dev/null || true; done |
        awk '/^Pss:/ { all += $2 } /^Pss_Anon:/ { own += $2 } END { print all, own }'
}

# reads prints how often anybody has asked Redis for the set of workers: each refresh of the dashboard does once.
reads() {
    REDISCLI_AUTH=$(<"$sandbox/redis/password") redis-cli -s "$socket" info commandstats |
        sed -n 's/^cmdstat_smembers:calls=\([0-9]*\),.*/\1/p'
}

say 'starting a sandbox to look at'
bin/opsdeck sandbox --sandbox-dir "$sandbox" --sandbox-history 20000 >"$folder/sandbox.log" 2>&1 &
running+=($!)
await "$folder/sandbox.log" 'The sandbox is running'
socket=$(sed -n 's/.*"addresses":\["\([^"]*\.sock\)".*/\1/p' "$sandbox/connection.json")

say "opening the window $starts times"
for ((i = 0; i < starts; i++)); do
    open_window "$folder/window.log"
    echo "$ready" >>"$folder/ready"
    echo "$live" >>"$folder/live"
    close_window
done

# The cluster itself reads the set too; how often is seen while no window is open.
before=$(reads) from=$(now)
sleep 10
others=$((($(reads) - before) * 1000 / ($(now) - from)))

# WebKit does its full collections while a page rests, which it never does here; old objects would only pile up. Made to
# collect in full each time, it shows what is truly kept.
export JSC_useGenerationalGC=0
say "refreshing $refreshes times, and a sixth of that first to warm up"
open_window "$folder/window.log" --tick 20ms
# refresh N waits until the window has refreshed about N times more.
refresh() {
    local until=$1 base began
    base=$(reads) began=$(now)
    while [ $(($(reads) - base - others * ($(now) - began) / 1000)) -lt "$until" ]; do sleep 0.2; done
}
refresh $((refreshes / 6))
memory "$window" >"$folder/memory"
for ((i = 0; i < samples; i++)); do
    refresh $((refreshes / samples))
    memory "$window" >>"$folder/memory"
done
close_window

mkdir -p "$(dirname "$report")"
{
    printf '## The window\n\n'
    printf 'Release build on a virtual display, %s cores, sandbox already running, dashboard open.\n\n' "$(nproc)"
    printf '| from exec to | median of %d | all, ms |\n|---|---|---|\n' "$starts"
    printf '| the first screen painted | %d ms | %s |\n' "$(median <"$folder/ready")" "$(paste -sd' ' "$folder/ready")"
    printf '| live data on screen | %d ms | %s |\n\n' "$(median <"$folder/live")" "$(paste -sd' ' "$folder/live")"
    # A collector's memory is a saw tooth: what grows is seen at its lowest points, not at its ends.
    awk -v each="$((refreshes / samples))" '
        { all[NR - 1] = $1 / 1024; own[NR - 1] = $2 / 1024 }
        function lowest(from, to,   i, low) {
            low = own[from]
            for (i = from; i <= to; i++) if (own[i] < low) low = own[i]
            return low
        }
        END {
            last = NR - 1
            printf "| memory of all processes, MiB | PSS | of it their own |\n|---|---|---|\n"
            for (i = 0; i <= last; i++) printf "| after %d refreshes | %.1f | %.1f |\n", i * each, all[i], own[i]
            printf "| lowest in the first half, in the second | | %.1f, %.1f |\n", lowest(0, int(last / 2)), lowest(int(last / 2) + 1, last)
        }' "$folder/memory"
} >"$report"
cat "$report"
