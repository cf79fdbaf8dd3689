#!/usr/bin/env bash
# Makes packages of what `make build` has built: bin/packages/opsdeck_VERSION_ARCH.deb, and .rpm or .pkg.tar.zst when asked.
#
#   build/package.sh VERSION [deb|rpm|archlinux]...
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:?usage: build/package.sh VERSION [deb|rpm|archlinux]...}
shift
[ $# -gt 0 ] || set -- deb

# A release is named as a version; the name of any other commit, which may begin with a digit too, sorts before all of them.
if [[ $version =~ ^v?([0-9]+\.[0-9].*)$ ]]; then
    OPSDECK_VERSION=${BASH_REMATCH[1]//-/\~}
else
    OPSDECK_VERSION=0.0.0~${version//-/\~}
fi
OPSDECK_ARCH=$(go env GOARCH)
export OPSDECK_VERSION OPSDECK_ARCH

rm -rf bin/packages/files
mkdir -p bin/packages
go run ./build/tools/packaging "$version" bin/packages/files
gzip -9n bin/packages/files/man/*.1
for format in "$@"; do
    go tool -modfile=build/tools/nfpm.mod nfpm package --config build/packaging/linux/nfpm.yaml --packager "$format" --target bin/packages/
done
