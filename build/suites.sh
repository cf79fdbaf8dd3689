# shellcheck shell=bash
# Sourced by test.sh and verify.sh: runs suites one by one and keeps what each left for the tally.

results=test-results
export GOFLAGS="${GOFLAGS:-}"

# begin NAME starts the list of suites that NAME's tally reads.
begin() {
    list=$results/$1.tsv
    mkdir -p "$results"
    : >"$list"
}

# suite NAME REPORT COMMAND... runs a command, shows its output and keeps it in test-results/NAME/output.log.
# REPORT is the JUnit file that the command writes, or - when the command itself is the one check.
suite() {
    local name=$1 report=$2 code=0 start=$EPOCHREALTIME
    shift 2
    rm -rf "${results:?}/$name"
    mkdir -p "$results/$name"
    printf '\n── %s: %s\n' "$name" "$*"
    "$@" </dev/null > >(tee "$results/$name/output.log") 2>&1 || code=$?
    wait $! # tee has the last lines
    printf '%s\t%d\t%s\t%s\n' "$name" "$code" \
        "$(awk -v from="$start" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }')" "$report" >>"$list"
}

# tally LIST... ends a script with the line "N passed, N failed" and the exit code that belongs to it.
tally() {
    printf '\n'
    exec go run ./build/tools/tally "$@"
}
