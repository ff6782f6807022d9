#!/usr/bin/env bash
# serve.sh: the step of action.yml beside it. Starts connectmock serve, waits until it responds, and writes outputs and
# variables. The server goes on after the step; the runner ends it with the job.
set -euo pipefail
folder="$RUNNER_TEMP/connectmock"
mkdir -p "$folder"
log="$folder/serve.log"
rm -f "$folder/ready.json"

set --
[ -z "$TOKEN" ] || export CONNECTMOCK_TOKEN="action=$TOKEN"
while IFS= read -r flag; do
  [ -z "$flag" ] || set -- "$@" "$flag"
done <<<"$ARGS"
export CONNECTMOCK_ADDR="${CONNECTMOCK_ADDR:-127.0.0.1:0}"

# Without the input and output of the step, which would wait for it.
connectmock serve --store memory: --control 127.0.0.1:0 --ready-file "$folder/ready.json" "$@" \
  </dev/null >"$log" 2>&1 &
server=$!
disown

until [ -s "$folder/ready.json" ]; do
  if ! kill -0 "$server" 2>/dev/null; then
    echo '::error title=connectmock::The mock could not start; the end of its log is below'
    tail -n 20 "$log" | sed 's/^/    /'
    exit 1
  fi
  sleep 0.1
done

# member NAME prints a member of the ready line.
member() { sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p" "$folder/ready.json"; }

host=$(member url)
# Of the tokens that the server signed, "token" has the one for clients; a token of the job comes first.
token=${TOKEN:-$(member token)}
control=$(member control)
control_token=$(member controlToken)
{
  echo "host=$host"
  echo "token=$token"
  echo "control=$control"
  echo "control-token=$control_token"
  echo "log=$log"
} >>"$GITHUB_OUTPUT"
if [ "$EXPORT" != false ]; then
  {
    echo "OP_CONNECT_HOST=$host"
    echo "OP_CONNECT_TOKEN=$token"
    echo "CONNECTMOCK_CONTROL=$control"
    echo "CONNECTMOCK_CONTROL_TOKEN=$control_token"
  } >>"$GITHUB_ENV"
fi
echo "connectmock serves at $host, its control is at $control"
