#!/bin/sh
# Builds the image and tries it: as the user it names, as any other user, read-only, with TLS, with a credentials file,
# and as a command. It needs docker.
#
#   PORT=18080 deploy/test/image.sh
set -eu
cd "$(dirname "$0")/../.."
port=${PORT:-18080}
image=connectmock-test
work=$(mktemp -d)
cleanup() {
  docker rm -f connectmock-test >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

say() { printf '\n== %s\n' "$*"; }

deploy/test/build-image.sh $image

# serve NAME [OPTION...] [-- FLAG...] runs a server until its health check passes, and removes it.
serve() {
  say "$1"
  shift
  options=
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    options="$options $1"
    shift
  done
  [ $# -eq 0 ] || shift
  # shellcheck disable=SC2086 # options are words without spaces
  docker run -d --name connectmock-test --network host --health-interval 1s \
    -e CONNECTMOCK_ADDR="127.0.0.1:$port" -e CONNECTMOCK_CONTROL_ADDR=off $options $image "$@" >/dev/null
  tries=0
  until [ "$(docker inspect -f '{{.State.Health.Status}}' connectmock-test)" = healthy ]; do
    tries=$((tries + 1))
    if [ $tries -gt 120 ] || [ "$(docker inspect -f '{{.State.Running}}' connectmock-test)" != true ]; then
      docker logs connectmock-test
      docker inspect -f '{{json .State}}' connectmock-test
      exit 1
    fi
    sleep 0.5
  done
  echo healthy
}
stop() {
  docker stop -t 10 connectmock-test >/dev/null
  echo "exit code $(docker inspect -f '{{.State.ExitCode}}' connectmock-test)"
  docker rm connectmock-test >/dev/null
}

serve 'as it is' -- --token ci=any-word-you-like
[ "$(docker inspect -f '{{.Config.User}}' $image)" = 65532:0 ]
docker exec -e OP_CONNECT_HOST="http://127.0.0.1:$port" -e OP_CONNECT_TOKEN=any-word-you-like connectmock-test \
  connectmock contract run --rule 'vaults/*' | tail -n 1
stop

serve 'as user 1234, in group 0' --user=1234:0
stop

serve 'as user 1000840000, in group 0, as OpenShift does, read-only but for /data and /tmp' \
  --user=1000840000:0 --read-only --tmpfs=/tmp
stop

serve 'without capabilities, and no new ones' --cap-drop=ALL --security-opt=no-new-privileges
stop

serve 'with a certificate of its own' -e CONNECTMOCK_TLS_SELF_SIGNED=true
stop

echo '{"verifier":"not read"}' >"$work/1password-credentials.json"
serve "with 1Password's mounts" --user=0:0 -e CONNECTMOCK_STORE=/home/opuser/.op/data/connectmock.db \
  "--volume=$work/1password-credentials.json:/home/opuser/.op/1password-credentials.json" \
  "--volume=$work/data:/home/opuser/.op/data"
stop
[ -f "$work/data/connectmock.db" ]

say 'as a command'
docker run --rm --network host $image version
docker run --rm --network host $image contract run --rule 'health/*' | tail -n 1

say 'what is in it'
docker create --name connectmock-test $image >/dev/null
docker export connectmock-test | tar -t |
  grep -E '^(etc/ssl/certs/ca-certificates.crt|usr/local/bin/connectmock|data/|tmp/)$'
docker image inspect -f '{{.Size}} bytes' $image
say 'the image works'
