package mutants

import (
	"net/http"
	"strings"
	"sync"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Short names for the ids of connect.Operations.
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

// operations returns its arguments, for the table of a mutant.
func operations(operations ...string) []string { return operations }

// securedOperations returns the operations that need a token.
func securedOperations() []string {
	return connect.OperationIDs(func(o connect.Operation) bool { return strings.HasPrefix(o.Path, "/v1/") })
}

// allOperations returns all operations, and noRoute.
func allOperations() []string {
	return append(securedOperations(), getHealth, getBeat, getMetrics, noRoute)
}

// vaultOperations returns the operations whose path names a vault.
func vaultOperations() []string {
	return connect.OperationIDs(func(o connect.Operation) bool { return strings.Contains(o.Path, "{vaultUuid}") })
}

// itemOperations returns the operations whose responses have items or their summaries.
func itemOperations() []string { return append(singleItemOperations(), listItems) }

// singleItemOperations returns the operations whose responses are one item.
func singleItemOperations() []string { return operations(createItem, getItem, putItem, patchItem) }

// itemAndDeleteOperations returns the operations that create, read, change and delete items.
func itemAndDeleteOperations() []string { return append(itemOperations(), deleteItem) }

// Operation returns the operationId of a request, "" if the API has no such path.
func Operation(r *http.Request) string {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	return routes()[method+" "+pathPattern(r.URL.EscapedPath())]
}

// routes returns the ids of operations by method and pattern of the path.
var routes = sync.OnceValue(func() map[string]string {
	ids := map[string]string{}
	for _, o := range connect.Operations() {
		ids[o.Method+" "+pathPattern(o.Path)] = o.ID
	}
	return ids
})

// pathPattern returns a path with * in place of the ids.
func pathPattern(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for _, i := range []int{2, 4, 6} {
		if i < len(parts) {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}
