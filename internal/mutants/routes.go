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

// secured are the operations that need a token.
func secured() []string {
	return at(listVaults, getVault, listItems, createItem, getItem, putItem, patchItem, deleteItem, listFiles, getFile, getContent, getActivity)
}

func everything() []string { return append(secured(), getHealth, getBeat, getMetrics, noRoute) }

// inVaults are the operations whose path names a vault.
func inVaults() []string {
	return at(getVault, listItems, createItem, getItem, putItem, patchItem, deleteItem, listFiles, getFile, getContent)
}

// ofItems are the operations that answer items, whole or in summary.
func ofItems() []string { return append(ofOne(), listItems) }

// ofOne are the operations that answer one whole item.
func ofOne() []string { return at(createItem, getItem, putItem, patchItem) }

// aroundItems are the operations that make, show, change and remove items.
func aroundItems() []string { return append(ofItems(), deleteItem) }

// Operation is the operationId of a request, "" where the API has no such path.
func Operation(r *http.Request) string {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	parts := strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/")
	switch shape(parts) {
	case "heartbeat":
		return only(method, getBeat)
	case "health":
		return only(method, getHealth)
	case "metrics":
		return only(method, getMetrics)
	case "v1/activity":
		return only(method, getActivity)
	case "v1/vaults":
		return only(method, listVaults)
	case "v1/vaults/*":
		return only(method, getVault)
	case "v1/vaults/*/items":
		return map[string]string{"GET": listItems, "POST": createItem}[method]
	case "v1/vaults/*/items/*":
		return map[string]string{"GET": getItem, "PUT": putItem, "PATCH": patchItem, "DELETE": deleteItem}[method]
	case "v1/vaults/*/items/*/files":
		return only(method, listFiles)
	case "v1/vaults/*/items/*/files/*":
		return only(method, getFile)
	case "v1/vaults/*/items/*/files/*/content":
		return only(method, getContent)
	}
	return noRoute
}

func only(method, operation string) string {
	if method != http.MethodGet {
		return noRoute
	}
	return operation
}

// shape is a path with its ids left out.
func shape(parts []string) string {
	out := append([]string{}, parts...)
	for _, i := range []int{2, 4, 6} {
		if i < len(out) {
			out[i] = "*"
		}
	}
	return strings.Join(out, "/")
}
