#!/bin/sh
# Follows the install paths in an empty Debian that has Go and nothing else. It needs root and debootstrap. Of the
# network it needs Debian's packages alone: modules come from the cache of this machine.
#
#   DIST=dist ROOT=/tmp/debian deploy/test/empty-debian.sh
#
# DIST names a release that `make dist` built (at least for this machine), ROOT a folder that keeps the empty Debian for
# the next run. Without DIST the release is built for this machine.
set -eu
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo 'this needs root, for chroot' >&2; exit 2; }
command -v debootstrap >/dev/null || { echo 'debootstrap is missing: apt-get install debootstrap' >&2; exit 2; }

work=$(mktemp -d)
base=${ROOT:-$work/base}
root=$work/root
cleanup() {
  for at in proc modules; do
    if mountpoint -q "$root/$at"; then umount "$root/$at"; fi
  done
  chmod -R u+w "$work"
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

say() { printf '\n== %s\n' "$*"; }

if [ ! -x "$base/bin/sh" ]; then
  say 'an empty Debian'
  debootstrap --variant=minbase bookworm "$base" >"$work/debootstrap.log" 2>&1 || {
    tail -n 20 "$work/debootstrap.log" >&2
    exit 1
  }
fi
cp -a "$base" "$root"
mkdir -p "$root/modules" "$root/src" "$root/release" "$root/proxy"
mount -t proc proc "$root/proc"
mount --bind -o ro "$(go env GOMODCACHE)/cache/download" "$root/modules"
cp -a "$(go env GOROOT)" "$root/usr/local/go"

say 'what is installed: this commit as a module, its sources, and a release'
git clone -q . "$work/clone"
(cd "$work/clone" && go run ./internal/dist proxy "$work/proxy" v0.99.0)
cp -a "$work/proxy/." "$root/proxy/"
git archive HEAD | tar -x -C "$root/src"
if [ -z "${DIST:-}" ]; then
  DIST=$work/dist
  (cd "$work/clone" && go run ./internal/dist all "$DIST" "$(go env GOOS)/$(go env GOARCH)")
fi
cp "$DIST"/* "$root/release/"

# inside NAME SCRIPT runs a script in the empty Debian, with a home of its own.
inside() {
  say "$1"
  mkdir -p "$root/home/$1"
  chroot "$root" /usr/bin/env -i HOME="/home/$1" PATH=/usr/local/go/bin:/usr/bin:/bin GOTOOLCHAIN=local \
    GOPROXY=file:///proxy,file:///modules GOSUMDB=off GOFLAGS=-modcacherw GOCACHE=/home/cache GOMODCACHE=/home/modules \
    sh -euc "$2"
}

# What a new user does first, with the program in PATH.
first_minute='
connectmock version
connectmock exec -- connectmock ping
connectmock contract run --rule "health/*" --rule "vaults/*" >/tmp/contract.txt || { cat /tmp/contract.txt; exit 1; }
tail -n 1 /tmp/contract.txt
'

inside go-install "
go install github.com/connectmock/connectmock/cmd/connectmock@latest
PATH=\$HOME/go/bin:\$PATH
$first_minute
connectmock version | grep -q v0.99.0
"
inside from-source "
cd /src && go install ./cmd/connectmock
PATH=\$HOME/go/bin:\$PATH
$first_minute
"
inside install.sh "
sh /src/install.sh --from /release --man \$HOME/man1
PATH=\$HOME/.local/bin:\$PATH
$first_minute
ls \$HOME/man1 | grep -c connectmock
"
inside archive "
mkdir -p \$HOME/bin && cd \$HOME/bin
(cd /release && sha256sum --ignore-missing -c checksums.txt)
tar -xzf /release/connectmock_*_linux_\$(go env GOARCH).tar.gz
PATH=\$PWD:\$PATH
$first_minute
bash -c 'source completions/connectmock.bash && complete -p connectmock'
"
inside in-a-go-test "
mkdir -p \$HOME/mine && cd \$HOME/mine
cat >go.mod <<'TEXT'
module example.com/mine
go 1.26.0
TEXT
cat >mine_test.go <<'TEXT'
package mine

import (
	\"net/http\"
	\"testing\"

	\"github.com/connectmock/connectmock/mockserver/connecttest\"
)

func TestMine(t *testing.T) {
	server := connecttest.NewServer(t)
	response, err := http.Get(server.URL + \"/heartbeat\")
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(response, err)
	}
	response.Body.Close()
}
TEXT
go get github.com/connectmock/connectmock@latest
go mod tidy
go test ./...
"
say 'every path works'
