package contract

import "github.com/connectmock/connectmock/openapi"

// markUnreachable marks the documented responses that this target can't be made to
// send, by the capabilities found. Such a response counts all the same if it is seen.
func (r *run) markUnreachable() {
	c := r.coverage
	c.MarkUnreachable("", "500", "no request makes a sound server fail")
	c.MarkUnreachable("GetApiActivity", "403", "no token is known that may not read the log")
	for _, op := range []string{"GetVaultById", "GetVaultItems", "CreateVaultItem"} {
		c.MarkUnreachable(op, "404", "a vault that does not exist is answered 403, and no vault can be removed over the API")
	}
	for _, op := range operations(writes) {
		c.MarkUnreachable(op.ID, "413", "where a server's limit lies is not known, and looking for it could harm a real one")
		if why := r.found.missing([]Capability{Write}); why != "" {
			for _, status := range []string{"200", "204", "400", "403", "404", "406", "413"} {
				c.MarkUnreachable(op.ID, status, why)
			}
		}
	}
	r.markMissing(Read, func(op *openapi.Operation) bool { return names(op, "vaultUuid") }, "200", "204", "404", "406", "413")
	r.markMissing(Items, func(op *openapi.Operation) bool { return op.ID == "GetVaultItemById" || op.ID == "GetItemFiles" }, "200")
	r.markMissing(LargeFile, func(op *openapi.Operation) bool { return op.Tag == "Files" }, "413")
	r.markMissing(Files, func(op *openapi.Operation) bool { return names(op, "fileUuid") }, "200")
	r.markMissing(Log, func(op *openapi.Operation) bool { return op.ID == "GetApiActivity" }, "200", "400")
}

func (r *run) markMissing(need Capability, concerned func(*openapi.Operation) bool, statuses ...string) {
	why := r.found.missing([]Capability{need})
	if why == "" {
		return
	}
	for _, op := range operations(concerned) {
		for _, status := range statuses {
			r.coverage.MarkUnreachable(op.ID, status, why)
		}
	}
}
