#!/bin/sh
# Prints two fields of an item that is found by the names of its vault and itself.
set -eu
get() {
	path=$1
	shift
	curl -fsS -G -H "Authorization: Bearer $OP_CONNECT_TOKEN" "$OP_CONNECT_HOST$path" "$@"
}
vault=$(get /v1/vaults --data-urlencode 'filter=name eq "Deployments"' | jq -r '.[0].id')
item=$(get "/v1/vaults/$vault/items" --data-urlencode 'filter=title eq "Orders Database"' | jq -r '.[0].id')
get "/v1/vaults/$vault/items/$item" | jq -r '(.fields | map({(.id): .value}) | add) | "\(.username) logs in to \(.hostname)"'
