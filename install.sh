#!/bin/sh
# Installs a release of connectmock after checking its checksum.
#
#   curl -fsSL https://raw.githubusercontent.com/connectmock/connectmock/main/install.sh | sh
#   sh install.sh [--version v1.2.3] [--dir DIR] [--from URL_OR_FOLDER] [--man DIR]
#
# It needs a POSIX shell, tar, gzip, curl or wget, and one of sha256sum, shasum and openssl. It changes one file,
# DIR/connectmock (and with --man the manual pages), and asks for no password. On Windows take the .zip of the release.
set -eu

repository=https://github.com/connectmock/connectmock
version=latest
dir=
from=
man=

say() { printf 'install.sh: %s\n' "$*" >&2; }

fail() {
  say "$@"
  exit 1
}

usage() {
  cat <<'TEXT'
usage: sh install.sh [--version v1.2.3] [--dir DIR] [--from URL_OR_FOLDER] [--man DIR]

  --version  release to install; without it the newest
  --dir      folder for the program; without it ~/.local/bin
  --from     address or folder that has the files of the release, for mirrors and machines without a network
  --man      folder for the manual pages, as ~/.local/share/man/man1; without it none are installed
TEXT
}

while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --version | --dir | --from | --man)
      if [ $# -lt 2 ] || [ -z "$2" ]; then
        say "$1 needs a value"
        usage >&2
        exit 2
      fi
      case $1 in
        --version) version=$2 ;;
        --dir) dir=$2 ;;
        --from) from=$2 ;;
        --man) man=$2 ;;
      esac
      shift 2
      ;;
    *)
      say "unknown argument $1"
      usage >&2
      exit 2
      ;;
  esac
done

build_it="with Go: go install github.com/connectmock/connectmock/cmd/connectmock@latest"

has() { command -v "$1" >/dev/null 2>&1; }

# The system and the processor, as releases name them.
case $(uname -s) in
  Linux) os=linux ;;
  Darwin) os=darwin ;;
  MINGW* | MSYS* | CYGWIN* | Windows*)
    fail "on Windows unpack the .zip file of $repository/releases, or use WSL"
    ;;
  *) fail "there is no release for the system $(uname -s); $build_it" ;;
esac
case $(uname -m) in
  x86_64 | amd64) arch=amd64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) fail "there is no release for the processor $(uname -m); $build_it" ;;
esac

if [ -z "$dir" ]; then
  [ -n "${HOME:-}" ] || fail 'HOME is not set: name a folder with --dir'
  dir=$HOME/.local/bin
fi
if [ -z "$from" ]; then
  case $version in
    latest) from=$repository/releases/latest/download ;;
    v*) from=$repository/releases/download/$version ;;
    *) from=$repository/releases/download/v$version ;;
  esac
fi

# download NAME FILE copies a file of the release.
download() {
  case $from in
    http://* | https://*)
      if has curl; then
        curl -fsSL --retry 2 -o "$2" "$from/$1"
      elif has wget; then
        wget -q -O "$2" "$from/$1"
      else
        fail 'neither curl nor wget is installed: install one, or download the release and use --from FOLDER'
      fi || fail "$from/$1 can't be downloaded: does the release exist, and does this machine reach it?"
      ;;
    *)
      [ -f "$from/$1" ] || fail "$from has no file $1: --from is an address or a folder with the files of a release"
      cp "$from/$1" "$2"
      ;;
  esac
}

# sha256 FILE prints its checksum.
sha256() {
  if has sha256sum; then
    sha256sum <"$1" | cut -d ' ' -f 1
  elif has shasum; then
    shasum -a 256 <"$1" | cut -d ' ' -f 1
  elif has openssl; then
    openssl dgst -sha256 -r <"$1" | cut -d ' ' -f 1
  else
    fail 'sha256sum, shasum and openssl are missing: without one the download cannot be checked: nothing was installed'
  fi
}

# The folder is tried first: nothing is downloaded that could not be installed.
mkdir -p "$dir" 2>/dev/null || fail "$dir can't be made: choose another folder with --dir, or make it"
dir=$(CDPATH='' cd -- "$dir" && pwd) || fail "$dir can't be entered: choose another folder with --dir"
[ ! -d "$dir/connectmock" ] || fail "$dir/connectmock is a folder: choose another one with --dir, or move it away"
new=$dir/.connectmock-new-$$
work=
cleanup() {
  rm -f "$new"
  if [ -n "$work" ]; then rm -rf "$work"; fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
(: >"$new") 2>/dev/null || fail "$dir can't be written to: choose another folder with --dir, or let its owner run this"
work=$(mktemp -d)

download checksums.txt "$work/checksums.txt"
line=$(grep -E "^[0-9a-f]{64} [ *]connectmock_[^ /]*_${os}_${arch}\.tar\.gz\$" "$work/checksums.txt" || true)
[ "$(printf '%s\n' "$line" | grep -c .)" = 1 ] ||
  fail "$from/checksums.txt names no archive, or several, for $os/$arch: is it of a release of connectmock?"
want=${line%% *}
archive=${line##*[ *]}
given=${version#v}
case $given:$archive in
  latest:* | "$given:connectmock_${given}_${os}_${arch}.tar.gz") ;;
  *) fail "$from has $archive, not version $version" ;;
esac
download "$archive" "$work/$archive"
got=$(sha256 "$work/$archive")
[ "$got" = "$want" ] || fail "the checksum of $archive is wrong, so nothing was installed:
  expected $want
  actual   $got
Try again; if it stays so, do not use the file, and report it (SECURITY.md)."

(cd "$work" && gzip -dc "$archive" | tar -xf -) || fail "$archive can't be unpacked"
[ -f "$work/connectmock" ] || fail "$archive has no program connectmock"
cp "$work/connectmock" "$new"
chmod 755 "$new"
"$new" version >"$work/version" 2>&1 || fail "the program does not run on this machine: $(cat "$work/version")"
mv -f "$new" "$dir/connectmock"
if [ -n "$man" ]; then
  { mkdir -p "$man" && cp "$work"/man/*.1 "$man"; } || fail "the program is installed, but $man can't be written to"
fi
say "$(sed -n 1p "$work/version") is in $dir/connectmock"
case ":${PATH:-}:" in
  *":$dir:"*) ;;
  *) say "$dir is not in PATH: add it, as with  export PATH=\"$dir:\$PATH\"" ;;
esac
