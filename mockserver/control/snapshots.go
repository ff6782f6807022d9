package control

import (
	"io"
	"net/http"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func snapshots(h *handler, x *exchange) (*reply, error) {
	list, err := h.server.Snapshots(x.request.Context(), x.account())
	return ok(some(list)), err
}

func saveSnapshot(h *handler, x *exchange) (*reply, error) {
	n, err := decode[controlapi.NewSnapshot](x)
	if err != nil {
		return nil, err
	}
	saved, err := h.server.SaveSnapshot(x.request.Context(), n)
	return created(saved), err
}

func restoreSnapshot(h *handler, x *exchange) (*reply, error) {
	return done(), h.server.RestoreSnapshot(x.request.Context(), x.account(), x.path["name"])
}

func deleteSnapshot(h *handler, x *exchange) (*reply, error) {
	return done(), h.server.DeleteSnapshot(x.request.Context(), x.account(), x.path["name"])
}

func diffSnapshots(h *handler, x *exchange) (*reply, error) {
	diff, err := h.server.DiffSnapshots(x.request.Context(), x.account(), x.path["name"], x.query.Get("to"))
	diff.Changes = some(diff.Changes)
	return ok(diff), err
}

func exportSnapshot(h *handler, x *exchange) (*reply, error) {
	return &reply{status: http.StatusOK, kind: "application/gzip", stream: func(w io.Writer) error {
		return h.server.ExportSnapshot(x.request.Context(), x.account(), x.path["name"], w)
	}}, nil
}

func importSnapshot(h *handler, x *exchange) (*reply, error) {
	imported, err := h.server.ImportSnapshot(x.request.Context(), x.account(), x.path["name"], x.request.Body)
	return created(imported), err
}
