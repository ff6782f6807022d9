package api

import (
	"errors"

	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/openapi/connect"
)

// validateAddress checks ids and parameters against the document. A malformed id has a text of its own [R].
func (h *Handler) validateAddress(c *call) error {
	if h.quirks.DeleteScopeFirst && c.op.ID == "DeleteVaultItem" {
		// A malformed id is in no scope, not even in that of a token for every vault.
		if !connect.IsID(c.vault()) || !c.caller.CanSee(c.vault()) {
			return h.vaultDenied(c.vault())
		}
	}
	v := c.op.CheckParameters(c.request, c.path)
	switch {
	case v == nil:
		return nil
	case v.In != "path":
		return connect.InvalidParameter(v.Name, v.Rule)
	case v.Name == "vaultUuid":
		return connect.InvalidVaultUUID()
	case v.Name == "itemUuid":
		return connect.InvalidItemUUID()
	case v.Name == "fileUuid":
		return connect.InvalidFileUUID()
	}
	return connect.InvalidParameter(v.Name, v.Rule)
}

// authorize checks that the vault of the path is in the caller's scope, then that the caller has the permission there.
// A vault that does not exist gets the response of one out of scope [T].
func (h *Handler) authorize(c *call) error {
	if c.vault() == "" || c.caller == nil {
		return nil
	}
	if !c.caller.CanSee(c.vault()) {
		return h.vaultDenied(c.vault())
	}
	if _, err := h.vaultRef(c); err != nil {
		return err
	}
	if c.caller.Can(c.vault(), c.op.needs) {
		return nil
	}
	if h.quirks.LegacyWriteDenied && !c.caller.Can(c.vault(), c.op.needs&connect.Write) {
		return connect.WriteDeniedLegacy()
	}
	verb := c.op.verb
	if c.op.needs&connect.Read != 0 && !c.caller.Can(c.vault(), c.op.needs&connect.Read) {
		verb = "read" // a PATCH by a write-only token is refused as the read it would be [D]
	}
	return connect.PermissionDenied(verb, c.vault())
}

// vaultDenied returns the error for a vault out of the token's scope.
func (h *Handler) vaultDenied(vault string) error {
	if h.quirks.DocumentedTexts {
		return connect.VaultDeniedDocumented(vault)
	}
	return connect.VaultDenied(vault)
}

// vaultRef returns the vault of the path by id and name. One that does not exist is refused as one out of scope [T].
func (h *Handler) vaultRef(c *call) (connect.VaultRef, error) {
	ref, err := h.backend.Vaults.Ref(c.context(), c.view(), c.vault())
	switch {
	case errors.Is(err, backend.ErrNotFound) && h.quirks.UnknownVault404:
		return ref, connect.VaultNotFound(c.vault())
	case errors.Is(err, backend.ErrNotFound):
		return ref, h.vaultDenied(c.vault())
	}
	return ref, err
}
