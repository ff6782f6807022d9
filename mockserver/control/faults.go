package control

import (
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func listFaults(h *handler, req *request) (*response, error) {
	list, err := h.server.Faults(req.r.Context(), req.account())
	return ok(nonNil(list)), err
}

func addFault(h *handler, req *request) (*response, error) {
	f, err := decode[controlapi.Fault](req)
	if err != nil {
		return nil, err
	}
	added, err := h.server.AddFault(req.r.Context(), f)
	return created(added), err
}

func removeFault(h *handler, req *request) (*response, error) {
	return noContent(), h.server.RemoveFault(req.r.Context(), req.path["name"])
}

func resetFaults(h *handler, req *request) (*response, error) {
	return noContent(), h.server.ResetFaults(req.r.Context(), req.account())
}

func listPresets(*handler, *request) (*response, error) { return ok(faults.Presets()), nil }
