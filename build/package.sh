#!/usr/bin/env bash
# Makes packages of what `make build` has built: bin/packages/opsdeck_VERSION_ARCH.deb, and .rpm or .pkg.tar.zst when asked.
#
#   build/package.sh VERSION [deb|rpm|archlinux]...
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:?usage: build/package.sh VERSION [deb|rpm|archlinux]...}
shift
[ $# -gt 0 ] || set -- deb

# A package's version begins with a digit; what git describes between two releases sorts before the next one.
case $version in
v[0-9]* | [0-9]*) version=${version#v} ;;
*) version=0.0.0~${version} ;;
esac
OPSDECK_VERSION=${version//-/\~}
OPSDECK_ARCH=$(go env GOARCH)
export OPSDECK_VERSION OPSDECK_ARCH

mkdir -p bin/packages
for format in "$@"; do
    go tool -modfile=build/tools/nfpm.mod nfpm package --config build/packaging/linux/nfpm.yaml --packager "$format" --target bin/packages/
done
