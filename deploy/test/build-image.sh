#!/bin/sh
# Builds the image under a name. It needs docker. Where golang:1.26 can't be had, the image is built from a program of
# this machine.
#
#   deploy/test/build-image.sh connectmock-test
set -eu
cd "$(dirname "$0")/../.."
image=$1

if docker image inspect golang:1.26 >/dev/null 2>&1 || docker pull -q golang:1.26 >/dev/null 2>&1; then
  printf '\n== the image, as the Dockerfile says\n'
  docker build -q --network host -t "$image" .
  exit
fi
printf '\n== golang:1.26 is not to be had: the last stage of the Dockerfile, with a program of this machine\n'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir -p "$work/out/usr/local/bin" "$work/out/etc/ssl/certs" "$work/out/data" "$work/out/tmp"
CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$work/out/usr/local/bin/connectmock" ./cmd/connectmock
chmod 0775 "$work/out/data" && chmod 1777 "$work/out/tmp"
cp /etc/ssl/certs/ca-certificates.crt "$work/out/etc/ssl/certs/"
sed -n '/^FROM scratch/,$p' Dockerfile | sed 's/^COPY --from=build \/out\/ /COPY out\/ /' >"$work/Dockerfile"
docker build -q --network host -t "$image" "$work"
