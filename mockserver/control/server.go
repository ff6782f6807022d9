package control

import (
	"strconv"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func getOverview(h *handler, req *request) (*response, error) {
	s, err := h.server.Status(req.r.Context())
	return ok(controlapi.Overview{
		Version: s.Version, Operations: nonNil(s.Operations), Accounts: nonNil(s.Accounts), Clock: s.Clock,
		Faults: s.Faults, Journal: s.Journal,
	}), err
}

func reset(h *handler, req *request) (*response, error) {
	r, err := decode[controlapi.Reset](req)
	if err != nil {
		return nil, err
	}
	return noContent(), h.server.Reset(req.r.Context(), r)
}

// loadFixture accepts YAML, which includes JSON. The fixture comes from another machine, so that it can't name files
// of this one.
func loadFixture(h *handler, req *request) (*response, error) {
	fixture, err := fixtures.LoadWithoutFolder("fixture", req.body)
	if err != nil {
		return nil, err
	}
	add, _ := strconv.ParseBool(req.query.Get("add")) // checked against the document; false if it is missing
	loaded, err := h.server.LoadFixture(req.r.Context(), req.account(), fixture, add)
	return ok(loaded), err
}

func listAccounts(h *handler, req *request) (*response, error) {
	list, err := h.server.Accounts(req.r.Context())
	return ok(nonNil(list)), err
}

func createAccount(h *handler, req *request) (*response, error) {
	n, err := decode[controlapi.NewAccount](req)
	if err != nil {
		return nil, err
	}
	account, err := h.server.CreateAccount(req.r.Context(), n)
	return created(account), err
}

func deleteAccount(h *handler, req *request) (*response, error) {
	return noContent(), h.server.DeleteAccount(req.r.Context(), req.path["account"])
}
