package control

import "github.com/connectmock/connectmock/openapi/controlapi"

func listTokens(h *handler, x *exchange) (*reply, error) {
	list, err := h.server.ListTokens(x.request.Context(), x.account())
	return ok(some(list)), err
}

func issueToken(h *handler, x *exchange) (*reply, error) {
	t, err := decode[controlapi.Token](x)
	if err != nil {
		return nil, err
	}
	issued, err := h.server.IssueToken(x.request.Context(), t)
	return created(issued), err
}

func changeToken(h *handler, x *exchange) (*reply, error) {
	change, err := decode[controlapi.TokenChange](x)
	if err != nil {
		return nil, err
	}
	changed, err := h.server.ChangeToken(x.request.Context(), x.account(), x.path["token"], change)
	return ok(changed), err
}

func revokeToken(h *handler, x *exchange) (*reply, error) {
	return done(), h.server.RevokeToken(x.request.Context(), x.account(), x.path["token"])
}
