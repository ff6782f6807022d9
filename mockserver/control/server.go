package control

import (
	"strconv"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func overview(h *handler, x *exchange) (*reply, error) {
	o, err := h.server.Control(x.request.Context())
	o.Operations, o.Accounts = some(o.Operations), some(o.Accounts)
	return ok(o), err
}

func reset(h *handler, x *exchange) (*reply, error) {
	r, err := decode[controlapi.Reset](x)
	if err != nil {
		return nil, err
	}
	return done(), h.server.Reset(x.request.Context(), r)
}

// loadFixture takes YAML, which every JSON text is too. It comes from somebody
// else's disk, so it can't lead to files of this one.
func loadFixture(h *handler, x *exchange) (*reply, error) {
	world, err := fixtures.LoadWithoutFolder("fixture", x.body)
	if err != nil {
		return nil, err
	}
	add, _ := strconv.ParseBool(x.query.Get("add")) // the document has been asked; none is false
	loaded, err := h.server.LoadFixture(x.request.Context(), x.account(), world, add)
	return ok(loaded), err
}

func accounts(h *handler, x *exchange) (*reply, error) {
	list, err := h.server.Accounts(x.request.Context())
	return ok(some(list)), err
}

func createAccount(h *handler, x *exchange) (*reply, error) {
	n, err := decode[controlapi.NewAccount](x)
	if err != nil {
		return nil, err
	}
	account, err := h.server.CreateAccount(x.request.Context(), n)
	return created(account), err
}

func deleteAccount(h *handler, x *exchange) (*reply, error) {
	return done(), h.server.DeleteAccount(x.request.Context(), x.path["account"])
}
