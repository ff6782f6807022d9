package api

// listVaults returns the vaults in the token's scope [D], a bare array, the filter honoured [T]. No match is an empty
// array [T].
func listVaults(h *Handler, c *call) (response, error) {
	list, err := h.backend.Vaults.List(c.context(), c.view(), c.query("filter"), c.caller.CanSee)
	return documentResponse(jsonKind, list), err
}

// getVault returns a vault.
func getVault(h *Handler, c *call) (response, error) {
	vault, err := h.backend.Vaults.Vault(c.context(), c.view(), c.vault())
	return documentResponse(jsonKind, vault), err
}
