package api

import (
	"encoding/json"
	"net/http"

	"github.com/connectmock/connectmock/openapi/connect"
)

// listItems returns the summaries of a vault's items, a bare array.
func listItems(h *Handler, c *call) (response, error) {
	filter := c.query("filter")
	list, err := h.backend.Vaults.ListItems(c.context(), c.view(), c.vault(), filter)
	if err == nil {
		c.validFilter = filter
	}
	return documentResponse(jsonKind, list), err
}

// getItem returns an item.
func getItem(h *Handler, c *call) (response, error) {
	it, err := h.backend.Vaults.Item(c.context(), c.view(), c.vault(), c.item())
	c.version = it.Version
	return documentResponse(jsonKind, it.Document), err
}

// createItem returns the new item, version 1, with 200 [D].
func createItem(h *Handler, c *call) (response, error) {
	in, err := decodeItem(c.body)
	if err != nil {
		return response{}, err
	}
	vault, err := h.vaultRef(c)
	if err != nil {
		return response{}, err
	}
	written, err := h.backend.Vaults.Create(c.context(), c.write(), vault, in)
	return c.written(written), err
}

// replaceItem stores an item in place of the one of the path.
func replaceItem(h *Handler, c *call) (response, error) {
	in, err := decodeItem(c.body)
	if err != nil {
		return response{}, err
	}
	written, err := h.backend.Vaults.Replace(c.context(), c.write(), c.vault(), c.item(), in)
	return c.written(written), err
}

// patchItem changes members of an item.
func patchItem(h *Handler, c *call) (response, error) {
	var operations []connect.PatchOperation
	if err := json.Unmarshal(c.body, &operations); err != nil {
		return response{}, connect.InvalidBody("", "is not an array of patch operations")
	}
	written, err := h.backend.Vaults.Patch(c.context(), c.write(), c.vault(), c.item(), operations)
	return c.written(written), err
}

// deleteItem removes an item and its files.
func deleteItem(h *Handler, c *call) (response, error) {
	written, err := h.backend.Vaults.Delete(c.context(), c.write(), c.vault(), c.item())
	c.written(written)
	return response{status: http.StatusNoContent}, err
}

func decodeItem(body []byte) (in connect.ItemInput, err error) {
	if json.Unmarshal(body, &in) != nil {
		err = connect.InvalidBody("", "is not an item")
	}
	return in, err
}
