package control

import "github.com/connectmock/connectmock/openapi/controlapi"

func getClock(h *handler, req *request) (*response, error) {
	c, err := h.server.Clock(req.r.Context(), req.account())
	return ok(c), err
}

func setClock(h *handler, req *request) (*response, error) {
	change, err := decode[controlapi.ClockChange](req)
	if err != nil {
		return nil, err
	}
	c, err := h.server.SetClock(req.r.Context(), req.account(), change)
	return ok(c), err
}
