#!/bin/sh
# Builds the image and tries it with testcontainers: the Go package, and the example for Node.js where npm is. It needs
# docker. In a container with Docker's socket set TESTCONTAINERS_HOST_OVERRIDE, as for any test with testcontainers.
#
#   deploy/test/testcontainers.sh
set -eu
cd "$(dirname "$0")/../.."
export CONNECTMOCK_IMAGE=connectmock-test

deploy/test/build-image.sh $CONNECTMOCK_IMAGE
# Testcontainers cleans up with an image of its own. The tests stop their containers without it too.
if ! docker image inspect testcontainers/ryuk >/dev/null 2>&1 && ! docker pull -q testcontainers/ryuk >/dev/null 2>&1; then
  export TESTCONTAINERS_RYUK_DISABLED=true
fi

printf '\n== the Go package\n'
(cd testcontainers/connectmock && go vet . && go test -count 1 .)
if command -v npm >/dev/null; then
  printf '\n== the example for Node.js\n'
  (cd testcontainers/node && npm ci --silent && npm test)
else
  printf '\n== the example for Node.js is skipped: there is no npm\n'
fi
