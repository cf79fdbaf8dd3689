# shellcheck shell=bash
# Sourced by test.sh and verify.sh: runs suites one by one and keeps what each left for the tally.

results=test-results

# begin NAME starts the list of suites that NAME's tally reads.
begin() {
    list=$results/$1.tsv
    mkdir -p "$results"
    : >"$list"
}

# suite NAME REPORT COMMAND... runs a command, shows its output and keeps it in test-results/NAME/output.log.
# REPORT is the JUnit file that the command writes, or - when the command itself is the one check.
suite() {
    local name=$1 report=$2 code start=$EPOCHREALTIME
    shift 2
    rm -rf "${results:?}/$name"
    mkdir -p "$results/$name"
    printf '\n── %s: %s\n' "$name" "$*"
    set +e
    "$@" </dev/null 2>&1 | tee "$results/$name/output.log"
    code=${PIPESTATUS[0]}
    set -e
    printf '%s\t%d\t%s\t%s\n' "$name" "$code" \
        "$(awk -v from="$start" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }')" "$report" >>"$list"
}

# tally LIST... ends a script with the line "N passed, N failed" and the exit code that belongs to it.
tally() {
    printf '\n'
    go build -o bin/tools/tally ./build/tools/tally # `go run` would add a line of its own
    exec bin/tools/tally "$@"
}
