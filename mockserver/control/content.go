package control

import (
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func listVaults(h *handler, req *request) (*response, error) {
	list, err := h.server.Vaults(req.r.Context(), req.account())
	return ok(nonNil(list)), err
}

func listItems(h *handler, req *request) (*response, error) {
	list, err := h.server.Items(req.r.Context(), controlapi.ItemQuery{
		Account: req.account(), Vault: req.path["vault"], Search: req.query.Get("search"),
		Category: req.query.Get("category"), Offset: int(parseUint(req.query.Get("offset"))),
		Limit: int(parseUint(req.query.Get("limit"))),
	})
	return ok(list), err
}

func getItem(h *handler, req *request) (*response, error) {
	it, err := h.server.Item(req.r.Context(), req.account(), req.path["vault"], req.path["item"], req.reveal())
	return ok(it), err
}

func getItemDocument(h *handler, req *request) (*response, error) {
	document, err := h.server.ItemDocument(
		req.r.Context(), req.account(), req.path["vault"], req.path["item"], req.reveal())
	return ok(document), err
}

// reveal reports whether the request asks for secrets.
func (req *request) reveal() bool { return req.query.Get("reveal") == "true" }
