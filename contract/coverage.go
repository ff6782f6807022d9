package contract

import (
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi"
)

// markUnreachable marks the documented responses that the suite can't get from this
// target with the capabilities that it has. Such a response counts if it is seen.
func (r *run) markUnreachable() {
	c := r.coverage
	c.MarkUnreachable("", "500", "no request makes a correct server fail")
	c.MarkUnreachable("GetApiActivity", "403", "the suite has no token that may not read the log")
	for _, op := range []string{"GetVaultById", "GetVaultItems", "CreateVaultItem"} {
		c.MarkUnreachable(op, "404", "a vault that does not exist returns 403, and the API can't delete vaults")
	}
	for _, op := range operation.Where(operation.IsWrite) {
		c.MarkUnreachable(op.ID, "413",
			"the limit of a server is not known, and looking for it could harm a real server")
		if why := r.Server.SkipReason([]rule.Capability{rule.Write}); why != "" {
			for _, status := range []string{"200", "204", "400", "403", "404", "406", "413"} {
				c.MarkUnreachable(op.ID, status, why)
			}
		}
	}
	r.markMissing(rule.Read, func(op *openapi.Operation) bool {
		return operation.HasParameter(op, "vaultUuid")
	}, "200", "204",
		"404", "406", "413")
	r.markMissing(rule.Items,
		func(op *openapi.Operation) bool { return op.ID == "GetVaultItemById" || op.ID == "GetItemFiles" }, "200")
	r.markMissing(rule.LargeFile, func(op *openapi.Operation) bool { return op.Tag == "Files" }, "413")
	r.markMissing(rule.Files, func(op *openapi.Operation) bool { return operation.HasParameter(op, "fileUuid") }, "200")
	r.markMissing(rule.Log, func(op *openapi.Operation) bool { return op.ID == "GetApiActivity" }, "200", "400")
}

// markMissing marks responses of the operations that affected returns true for, if the
// target lacks the capability.
func (r *run) markMissing(need rule.Capability, affected func(*openapi.Operation) bool, statuses ...string) {
	why := r.Server.SkipReason([]rule.Capability{need})
	if why == "" {
		return
	}
	for _, op := range operation.Where(affected) {
		for _, status := range statuses {
			r.coverage.MarkUnreachable(op.ID, status, why)
		}
	}
}
