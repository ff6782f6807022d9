package control

import (
	"fmt"
	"net/http"

	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func listFaults(h *handler, x *exchange) (*reply, error) {
	id, err := h.accountID(x)
	if err != nil {
		return nil, err
	}
	return ok(some(h.server.Faults(id))), nil
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
	id, err := h.accountID(x)
	if err != nil {
		return nil, err
	}
	h.server.ResetFaults(id)
	return done(), nil
}

func presets(*handler, *exchange) (*reply, error) { return ok(faults.Presets()), nil }

// accountID is the id of the account of the query, "" if none is given. An
// unknown one must not pass for none: that would be all.
func (h *handler) accountID(x *exchange) (string, error) {
	wanted := x.account()
	if wanted == "" {
		return "", nil
	}
	all, err := h.server.Accounts(x.request.Context())
	for _, a := range all {
		if a.ID == wanted || a.Name == wanted {
			return a.ID, nil
		}
	}
	if err == nil {
		err = refuse(http.StatusNotFound, fmt.Sprintf("no account %q", wanted))
	}
	return "", err
}
