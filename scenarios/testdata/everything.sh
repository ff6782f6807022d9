#!/bin/sh
# Every key of the format at least once
# Needs curl, and jq for what is captured.
set -u
: "${OP_CONNECT_HOST:?the base URL, as http://127.0.0.1:8080}"
: "${OP_CONNECT_TOKEN:?a token that may read and write}"
run_prefix="connectmock-curl-$$"
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
failed=0
: "${base_id:?id of a vault to use as base}"
: "${OP_CONNECT_TOKEN_SHORT:?a token with the permissions read}"
[ -n "${run_id:-}" ] || run_id=curl
: "${value_1_3:?the value of 1..3}"
[ -n "${inputs_owner:-}" ] || inputs_owner=nobody
[ -n "${matrix_category:-}" ] || matrix_category=LOGIN
: "${OP_CONNECT_TOKEN_ROTATED:?the token rotated}"
: "${notes_vault:?notes.vault}"
: "${notes_item:?notes.item}"
: "${notes_id:?notes.id}"
: "${codes_0:?the value of codes[0]}"
: "${inputs_key:?the value of inputs.key}"
: "${old_id:?old.id}"

expect() { # step, status, patterns of which one must fit
  step=$1 got=$2
  shift 2
  for pattern; do
    case "$got" in $pattern) echo "ok   $step: $got"; return ;; esac
  done
  echo "FAIL $step: $got, expected $*"
  failed=1
}

# opening.create: CreateVaultItem
status=$(curl -sS -g --path-as-is -o "$answer" -w '%{http_code}' \
  -X POST \
  "$OP_CONNECT_HOST"/v1/vaults/"$base_id"/items \
  -H "Authorization: Bearer $OP_CONNECT_TOKEN" \
  -H 'Content-Type: application/json' \
  --data-raw '{"category":"LOGIN","title":"'"$run_prefix"'","vault":{"id":"'"$base_id"'"}}')
expect opening.create "$status" '200'
made="$(jq -r '.["id"]' "$answer")"
version="$(jq -r '.["version"]' "$answer")"

# list: GetVaultItems
status=$(curl -sS -g --path-as-is -o "$answer" -w '%{http_code}' \
  "$OP_CONNECT_HOST"/v1/vaults/"$base_id"/items -G --data-urlencode filter='title eq "'"$made"'"' \
  -H 'X-Trace: '"$run_id" \
  -H "Authorization: Bearer $OP_CONNECT_TOKEN_SHORT")
expect list "$status" '200' '4??'
# to be checked: len(res.json) <= 1000
# to be checked: true

# many: CreateVaultItem
for n in $value_1_3; do
  status=$(curl -sS -g --path-as-is -o "$answer" -w '%{http_code}' \
    -X POST \
    "$OP_CONNECT_HOST"/v1/vaults/"$base_id"/items \
    -H "Authorization: Bearer $OP_CONNECT_TOKEN" \
    -H 'Content-Type: application/json' \
    --data-raw '{"category":"'"$matrix_category"'","title":"'"$run_prefix"' '"$n"' '"$inputs_owner"'","vault":{"id":"'"$base_id"'"}}')
  expect many "$status" '200'
  ids="${ids:-} $(jq -r '.["id"]' "$answer")"
  # to be remembered as codes: res.status
done

# step 4
sleep 30

# step 5
sleep 1

# throttled
# only a mock can be told: {"faults":[{"after":1,"delay":"5ms","name":"slow","operations":["GetVaults","GetVaultById"],"percentage":50,"seed":1,"times":2,"token":"{{ short.name }}","vault":"{{ base.id }}"},{"abort":{"message":"later","status":503},"headers":{"Retry-After":"1"},"nth":2,"operation":"GetVaults"},{"preset":"read-only"},{"operation":"DownloadFileByID","truncate":-1}]}

# step 7
# only a mock can be told: {"remove":"slow"}

# step 8
# only a mock can be told: {"clear":"faults"}

# step 9
# only a mock can be told: {"clock":{"advance":"-1m","frozen":true}}

# step 10
# only a mock can be told: {"token":{"as":"rotated","expiresIn":"1h","name":"rotated","permission":"read","vaults":{"{{ base.id }}":"read"}}}

# step 11
# only a mock can be told: {"change":{"permission":"write","token":"rotated"}}

# step 12
# only a mock can be told: {"revoke":"rotated"}

# step 13
# only a mock can be told: {"snapshot":"before"}

# step 14
# only a mock can be told: {"diff":{"from":"before"}}

# step 15
# only a mock can be told: {"restore":"before"}

# step 16
# only a mock can be told: {"fixture":{"vaults":[{"name":"{{ run.prefix }} more"}]}}

# step 17
# only a mock can be told: {"journal":{"limit":1,"operation":"GetVaults","status":"4xx"}}

# step 18
# only a mock can be told: {"explain":"{{ entry }}"}

# step 19
# only a mock can be told: {"verify":{"expect":[{"min":3,"operation":"CreateVaultItem","status":"200"}],"inOrder":true}}

# step 20
# only a mock can be told: {"clear":"journal"}

# rotated: GetVaults
status=$(curl -sS -g --path-as-is -o "$answer" -w '%{http_code}' \
  "$OP_CONNECT_HOST"/v1/vaults \
  -H "Authorization: Bearer $OP_CONNECT_TOKEN_ROTATED")
expect rotated "$status" '401'

# closed: DownloadFileByID
# needs files
status=$(curl -sS -g --path-as-is -o "$answer" -w '%{http_code}' \
  "$OP_CONNECT_HOST"/v1/vaults/"$notes_vault"/items/"$notes_item"/files/"$notes_id"/content \
  -H "Authorization: Bearer $OP_CONNECT_TOKEN")
expect closed "$status" '200'

# truncated: GetHeartbeat
# to be done again until res.error == 'truncated' or step.attempts > 2, every 10ms, within 1s
status=$(curl -sS -g --path-as-is -o "$answer" -w '%{http_code}' \
  "$OP_CONNECT_HOST"/heartbeat)
# expected: no whole answer (any)

# anything
status=$(curl -sS -g --path-as-is -o "$answer" -w '%{http_code}' \
  -X POST \
  "$OP_CONNECT_HOST"'/v1/nowhere?q='"$codes_0" \
  -H Authorization: \
  -H 'X-Key: '"$inputs_key" \
  -H 'Content-Type: application/json' \
  --data-raw '{"a":[1,null,{"b":"'"$old_id"'"}]}')
expect anything "$status" '404'

# --- finally

# step 1: DeleteVaultItem
for each in $ids; do
  status=$(curl -sS -g --path-as-is -o "$answer" -w '%{http_code}' \
    -X DELETE \
    "$OP_CONNECT_HOST"/v1/vaults/"$base_id"/items/"$each" \
    -H "Authorization: Bearer $OP_CONNECT_TOKEN")
  expect 'step 1' "$status" '204' '404'
done

# step 2: DeleteVaultItem
status=$(curl -sS -g --path-as-is -o "$answer" -w '%{http_code}' \
  -X DELETE \
  "$OP_CONNECT_HOST"/v1/vaults/"$base_id"/items/"$made" \
  -H "Authorization: Bearer $OP_CONNECT_TOKEN")
expect 'step 2' "$status" '204' '404'

exit $failed
