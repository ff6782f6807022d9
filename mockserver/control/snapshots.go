package control

import (
	"io"
	"net/http"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func listSnapshots(h *handler, req *request) (*response, error) {
	list, err := h.server.Snapshots(req.r.Context(), req.account())
	return ok(nonNil(list)), err
}

func saveSnapshot(h *handler, req *request) (*response, error) {
	n, err := decode[controlapi.NewSnapshot](req)
	if err != nil {
		return nil, err
	}
	saved, err := h.server.SaveSnapshot(req.r.Context(), n)
	return created(saved), err
}

func restoreSnapshot(h *handler, req *request) (*response, error) {
	return noContent(), h.server.RestoreSnapshot(req.r.Context(), req.account(), req.path["name"])
}

func deleteSnapshot(h *handler, req *request) (*response, error) {
	return noContent(), h.server.DeleteSnapshot(req.r.Context(), req.account(), req.path["name"])
}

func diffSnapshots(h *handler, req *request) (*response, error) {
	diff, err := h.server.DiffSnapshots(req.r.Context(), req.account(), req.path["name"], req.query.Get("to"))
	diff.Changes = nonNil(diff.Changes)
	return ok(diff), err
}

func exportSnapshot(h *handler, req *request) (*response, error) {
	return &response{status: http.StatusOK, contentType: "application/gzip", stream: func(w io.Writer) error {
		return h.server.ExportSnapshot(req.r.Context(), req.account(), req.path["name"], w)
	}}, nil
}

func importSnapshot(h *handler, req *request) (*response, error) {
	imported, err := h.server.ImportSnapshot(req.r.Context(), req.account(), req.path["name"], req.r.Body)
	return created(imported), err
}
