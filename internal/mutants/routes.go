package mutants

import (
	"net/http"
	"strings"
)

// The operations, by the operationIds of the API's document.
const (
	listVaults  = "GetVaults"
	getVault    = "GetVaultById"
	listItems   = "GetVaultItems"
	createItem  = "CreateVaultItem"
	getItem     = "GetVaultItemById"
	putItem     = "UpdateVaultItem"
	patchItem   = "PatchVaultItem"
	deleteItem  = "DeleteVaultItem"
	listFiles   = "GetItemFiles"
	getFile     = "GetDetailsOfFileById"
	getContent  = "DownloadFileByID"
	getActivity = "GetApiActivity"
	getHealth   = "GetServerHealth"
	getBeat     = "GetHeartbeat"
	getMetrics  = "GetPrometheusMetrics"
	noRoute     = ""
)

func at(operations ...string) []string { return operations }

// securedOperations returns the operations that need a token.
func securedOperations() []string {
	return at(listVaults, getVault, listItems, createItem, getItem, putItem, patchItem, deleteItem, listFiles, getFile, getContent, getActivity)
}

func allOperations() []string {
	return append(securedOperations(), getHealth, getBeat, getMetrics, noRoute)
}

// vaultOperations returns the operations whose path names a vault.
func vaultOperations() []string {
	return at(getVault, listItems, createItem, getItem, putItem, patchItem, deleteItem, listFiles, getFile, getContent)
}

// itemOperations returns the operations whose responses have items or their summaries.
func itemOperations() []string { return append(singleItemOperations(), listItems) }

// singleItemOperations returns the operations whose responses are one item.
func singleItemOperations() []string { return at(createItem, getItem, putItem, patchItem) }

// itemAndDeleteOperations returns the operations that create, read, change and delete items.
func itemAndDeleteOperations() []string { return append(itemOperations(), deleteItem) }

// Operation returns the operationId of a request, "" if the API has no such path.
func Operation(r *http.Request) string {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	parts := strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/")
	switch pathPattern(parts) {
	case "heartbeat":
		return ifGet(method, getBeat)
	case "health":
		return ifGet(method, getHealth)
	case "metrics":
		return ifGet(method, getMetrics)
	case "v1/activity":
		return ifGet(method, getActivity)
	case "v1/vaults":
		return ifGet(method, listVaults)
	case "v1/vaults/*":
		return ifGet(method, getVault)
	case "v1/vaults/*/items":
		return map[string]string{"GET": listItems, "POST": createItem}[method]
	case "v1/vaults/*/items/*":
		return map[string]string{"GET": getItem, "PUT": putItem, "PATCH": patchItem, "DELETE": deleteItem}[method]
	case "v1/vaults/*/items/*/files":
		return ifGet(method, listFiles)
	case "v1/vaults/*/items/*/files/*":
		return ifGet(method, getFile)
	case "v1/vaults/*/items/*/files/*/content":
		return ifGet(method, getContent)
	}
	return noRoute
}

// ifGet returns the operation for a GET, otherwise noRoute.
func ifGet(method, operation string) string {
	if method != http.MethodGet {
		return noRoute
	}
	return operation
}

// pathPattern returns a path with * in place of the ids.
func pathPattern(parts []string) string {
	out := append([]string{}, parts...)
	for _, i := range []int{2, 4, 6} {
		if i < len(out) {
			out[i] = "*"
		}
	}
	return strings.Join(out, "/")
}
