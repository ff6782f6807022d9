package control

import "github.com/connectmock/connectmock/openapi/controlapi"

func clock(h *handler, x *exchange) (*reply, error) {
	c, err := h.server.Clock(x.account())
	return ok(c), err
}

func setClock(h *handler, x *exchange) (*reply, error) {
	change, err := decode[controlapi.ClockChange](x)
	if err != nil {
		return nil, err
	}
	c, err := h.server.SetClock(x.request.Context(), x.account(), change)
	return ok(c), err
}
