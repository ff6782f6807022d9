package connect

import (
	"slices"
	"strings"
)

// The words of an activity record [D].
const (
	ActionRead   = "READ"
	ActionCreate = "CREATE"
	ActionUpdate = "UPDATE"
	ActionDelete = "DELETE"

	ResultSuccess = "SUCCESS"
	ResultDeny    = "DENY"

	ResourceVault = "VAULT"
	ResourceItem  = "ITEM"
)

// Actions returns the actions that an activity record can have.
func Actions() []string { return []string{ActionRead, ActionCreate, ActionUpdate, ActionDelete} }

// Operation describes an operation of the API: its route, as the document has it, its activity record and the
// permission it needs, which the document does not say.
type Operation struct {
	ID       string     // operationId
	Method   string     // upper case
	Path     string     // from the root of the server, with {parameters}
	Tag      string     // as in the document
	Action   string     // of the activity record; empty: not recorded [R for the log itself, G for the open paths]
	Resource string     // type of resource in the activity record
	Needs    Permission // in the vault of the path; zero if the path names none
}

// IsWrite reports whether the operation changes items.
func (o Operation) IsWrite() bool { return o.Method != "GET" }

// Verb returns the word for the operation in errors: read, create, update or delete. It is empty without an Action.
func (o Operation) Verb() string { return strings.ToLower(o.Action) }

// Operations returns all operations in the order of the document.
func Operations() []Operation {
	const (
		vaults = "/v1/vaults"
		vault  = vaults + "/{vaultUuid}"
		items  = vault + "/items"
		item   = items + "/{itemUuid}"
		files  = item + "/files"
		file   = files + "/{fileUuid}"
	)
	return []Operation{
		{"GetApiActivity", "GET", "/v1/activity", "Activity", "", "", 0},
		{"GetVaults", "GET", vaults, "Vaults", ActionRead, ResourceVault, 0},
		{"GetVaultById", "GET", vault, "Vaults", ActionRead, ResourceVault, View},
		{"GetVaultItems", "GET", items, "Items", ActionRead, ResourceVault, View},
		{"CreateVaultItem", "POST", items, "Items", ActionCreate, ResourceItem, Create},
		{"GetVaultItemById", "GET", item, "Items", ActionRead, ResourceItem, Read},
		{"UpdateVaultItem", "PUT", item, "Items", ActionUpdate, ResourceItem, Update},
		{"PatchVaultItem", "PATCH", item, "Items", ActionUpdate, ResourceItem, Update | Read},
		{"DeleteVaultItem", "DELETE", item, "Items", ActionDelete, ResourceItem, Archive},
		{"GetItemFiles", "GET", files, "Files", ActionRead, ResourceItem, Read},
		{"GetDetailsOfFileById", "GET", file, "Files", ActionRead, ResourceItem, Read},
		{"DownloadFileByID", "GET", file + "/content", "Files", ActionRead, ResourceItem, Read},
		{"GetHeartbeat", "GET", "/heartbeat", "Health", "", "", 0},
		{"GetServerHealth", "GET", "/health", "Health", "", "", 0},
		{"GetPrometheusMetrics", "GET", "/metrics", "Metrics", "", "", 0},
	}
}

// OperationByID returns the operation with that id, or the zero value if there is none.
func OperationByID(id string) Operation {
	all := Operations()
	if i := slices.IndexFunc(all, func(o Operation) bool { return o.ID == id }); i >= 0 {
		return all[i]
	}
	return Operation{}
}

// OperationIDs returns the ids of the operations that keep selects, in the order of the document.
func OperationIDs(keep func(Operation) bool) []string {
	var ids []string
	for _, o := range Operations() {
		if keep(o) {
			ids = append(ids, o.ID)
		}
	}
	return ids
}
