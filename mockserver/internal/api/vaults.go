package api

// listVaults returns the vaults in the token's scope [D], a bare array, the filter honoured [T]. No match is an empty
// array [T].
func listVaults(h *Handler, c *call) (response, error) {
	filter := c.query("filter")
	list, err := h.backend.Vaults.List(c.context(), c.view(), filter, c.caller.CanSee)
	if err == nil {
		c.validFilter = filter
	}
	return documentResponse(jsonKind, list), err
}

// getVault returns a vault.
func getVault(h *Handler, c *call) (response, error) {
	vault, err := h.backend.Vaults.Vault(c.context(), c.view(), c.vault())
	return documentResponse(jsonKind, vault), err
}
