#!/usr/bin/env bash
# Installs what Opsdeck needs and this machine lacks. Does nothing, fast, when all is there.
#
#   build/setup.sh run     what `make run` needs
#   build/setup.sh test    that, and what `make test` and `make verify` need
#
# Only Debian and Ubuntu are installed to. Elsewhere it prints what is missing and goes on,
# so that `make run` works once the same things were installed by hand.
# Set OPSDECK_NO_SETUP=1 to have nothing checked and nothing installed.
set -euo pipefail

readonly go_wanted=1.26 node_wanted=20.19

# Go fetches modules over TLS; the window is C (GTK 3, WebKitGTK 4.1) linked into a Go program.
window=(ca-certificates gcc libc6-dev pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev)
# The sandbox starts private servers from the installed binaries.
sandbox=(postgresql redis-server)
# A window without a display: a virtual screen, a session bus, a screenshot, Latin and Japanese letters.
headless=(xvfb dbus imagemagick fonts-dejavu-core fonts-noto-cjk)
# A browser, a driver for the true window, a Secret Service, keys and clicks, a linter for the scripts, and Django, beside
# which the gate is installed.
testing=(chromium webkit2gtk-driver gnome-keyring xdotool shellcheck python3-django python3-psycopg2)
# What the scheduler of the field is written with that the node's tests run beside ours.
testing+=(python3-grpcio python3-protobuf python3-psycopg2 python3-redis)

say() { printf 'opsdeck: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# at_least WANTED FOUND compares dotted versions.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

check_go() {
    command -v go >/dev/null ||
        die "Go is not installed. Opsdeck needs Go $go_wanted or newer; Debian's own package is too old. Get it from https://go.dev/dl/ and put its bin folder on the PATH."
    local found
    # Fails where the toolchain is older than go.mod asks for and may not fetch a newer one.
    found=$(go env GOVERSION 2>/dev/null) || found=$(cd / && GOTOOLCHAIN=local go env GOVERSION 2>&1) ||
        die "Go does not work here: $found"
    found=${found#go}
    at_least "$go_wanted" "$found" ||
        die "Go $found is too old. Opsdeck needs Go $go_wanted or newer; Debian's own package is too old. Get it from https://go.dev/dl/ and put its bin folder first on the PATH."
}

check_node() {
    { command -v node && command -v npm; } >/dev/null ||
        die "Node.js with npm is not installed. Opsdeck needs Node.js $node_wanted or newer; Debian's own package is too old. Get it from https://nodejs.org/ or https://deb.nodesource.com/."
    local found
    found=$(node --version)
    found=${found#v}
    at_least "$node_wanted" "$found" ||
        die "Node.js $found is too old. Opsdeck needs $node_wanted or newer; Debian's own package is too old. Get it from https://nodejs.org/ or https://deb.nodesource.com/."
}

# Ubuntu's chromium is a snap: confined to its own folders, and not to be driven by a suite that has others. So a browser
# is not installed there, and the suite is told of one.
bring_browser() {
    local id
    # shellcheck source=/dev/null
    id=$(. /etc/os-release 2>/dev/null && printf '%s' "${ID:-}")
    [ "$id" = ubuntu ] || return 0
    local package kept=()
    for package in "${testing[@]}"; do [ "$package" = chromium ] || kept+=("$package"); done
    testing=("${kept[@]}")
    [ ! -x "${OPSDECK_CHROMIUM:-/usr/bin/google-chrome}" ] || return 0
    die "Ubuntu has Chromium as a snap only, which the browser suite can't drive. Install Google Chrome's .deb (https://www.google.com/chrome/), or set OPSDECK_CHROMIUM to another Chromium's program, then try again. Only the tests need it: make run doesn't."
}

# missing PACKAGE... prints those that are not installed.
missing() {
    local have
    have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
    local package
    for package in "$@"; do
        grep -qx "installed $package" <<<"$have" || printf '%s\n' "$package"
    done
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

check_root() {
    [ "$(id -u)" = 0 ] && return
    local how="As root: apt-get install --no-install-recommends $*"
    command -v sudo >/dev/null ||
        die "Installing packages needs root, and there is no sudo here. $how"
    # Without a terminal sudo can't ask for a password.
    [ -t 0 ] || sudo -n true 2>/dev/null ||
        die "Installing packages needs root, and sudo wants a password that nobody can type here. $how"
}

# Debian starts a server as soon as its package is installed. Opsdeck wants the programs only:
# its sandbox runs them privately. So services are held back while installing.
hold_services_back() {
    undo=()
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
        as_root chmod +x /usr/sbin/policy-rc.d
        undo+=('as_root rm -f /usr/sbin/policy-rc.d')
    fi
    trap release_services EXIT
}

release_services() {
    local step
    for step in "${undo[@]}"; do $step; done
    undo=()
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" </dev/null >>"$log" 2>&1 ||
        die "apt-get could not install $*. The end of $log says why: $(tail -n 3 "$log" | tr '\n' ' ')"
}

# Installs PostgreSQL without the cluster that its package makes and enables by default.
install_postgresql() {
    local conf=/etc/postgresql-common/createcluster.conf
    apt_install postgresql-common
    as_root cp -p "$conf" "$conf.opsdeck"
    undo+=("as_root mv -f $conf.opsdeck $conf")
    echo 'create_main_cluster = false' | as_root tee -a "$conf" >/dev/null
    apt_install postgresql
}

install_packages() {
    check_root "$@"
    log=$(mktemp "${TMPDIR:-/tmp}/opsdeck-setup.XXXXXX")
    say "installing $# packages: $*"
    say "(from your distribution by apt-get; output in $log)"
    as_root apt-get update -q -o APT::Update::Error-Mode=any </dev/null >>"$log" 2>&1 ||
        say 'the package lists could not be refreshed (is there a network?); trying with the old ones'
    hold_services_back

    local package services=() rest=()
    for package in "$@"; do
        case $package in
        postgresql) install_postgresql; services+=(postgresql) ;;
        redis-server) apt_install redis-server; services+=(redis-server) ;;
        *) rest+=("$package") ;;
        esac
    done
    [ ${#rest[@]} = 0 ] || apt_install "${rest[@]}"
    release_services

    if [ ${#services[@]} != 0 ]; then
        if command -v systemctl >/dev/null; then
            as_root systemctl disable --quiet "${services[@]}" >>"$log" 2>&1
        fi
        say "PostgreSQL and Redis are installed as programs only: no service was started or enabled"
    fi
    rm -f "$log"
    say 'installed'
}

main() {
    [ "${OPSDECK_NO_SETUP:-}" != 1 ] || return 0
    local packages=("${window[@]}" "${sandbox[@]}")
    case ${1:-} in
    run) [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || packages+=("${headless[@]}") ;;
    test)
        bring_browser
        packages+=("${headless[@]}" "${testing[@]}")
        ;;
    *) die 'usage: build/setup.sh run|test' ;;
    esac
    check_go
    check_node
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        say "this is not Debian or Ubuntu, so nothing is installed for you. Needed, by Debian's names: ${packages[*]}"
        return
    fi
    local wanted=()
    mapfile -t wanted < <(missing "${packages[@]}")
    [ ${#wanted[@]} = 0 ] || install_packages "${wanted[@]}"
}

main "$@"
