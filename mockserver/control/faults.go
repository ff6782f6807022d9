package control

import (
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func listFaults(h *handler, x *exchange) (*reply, error) {
	list, err := h.server.Faults(x.account())
	return ok(some(list)), err
}

func addFault(h *handler, x *exchange) (*reply, error) {
	f, err := decode[controlapi.Fault](x)
	if err != nil {
		return nil, err
	}
	added, err := h.server.AddFault(x.request.Context(), f)
	return created(added), err
}

func removeFault(h *handler, x *exchange) (*reply, error) {
	return done(), h.server.RemoveFault(x.path["name"])
}

func resetFaults(h *handler, x *exchange) (*reply, error) {
	return done(), h.server.ResetFaults(x.account())
}

func presets(*handler, *exchange) (*reply, error) { return ok(faults.Presets()), nil }
