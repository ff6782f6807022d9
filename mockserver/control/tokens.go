package control

import "github.com/connectmock/connectmock/openapi/controlapi"

func listTokens(h *handler, req *request) (*response, error) {
	list, err := h.server.ListTokens(req.r.Context(), req.account())
	return ok(nonNil(list)), err
}

func issueToken(h *handler, req *request) (*response, error) {
	t, err := decode[controlapi.Token](req)
	if err != nil {
		return nil, err
	}
	issued, err := h.server.IssueToken(req.r.Context(), t)
	return created(issued), err
}

func changeToken(h *handler, req *request) (*response, error) {
	change, err := decode[controlapi.TokenChange](req)
	if err != nil {
		return nil, err
	}
	changed, err := h.server.ChangeToken(req.r.Context(), req.account(), req.path["token"], change)
	return ok(changed), err
}

func revokeToken(h *handler, req *request) (*response, error) {
	return noContent(), h.server.RevokeToken(req.r.Context(), req.account(), req.path["token"])
}
