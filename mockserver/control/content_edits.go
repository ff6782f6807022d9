package control

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// itemInput returns the item in the body. Like the Connect API it ignores members that clients can't set, so that an
// item can be read, changed and sent back.
func (req *request) itemInput() (in connect.ItemInput, err error) {
	if json.Unmarshal(req.body, &in) != nil { // the error may quote a value
		err = apiError(http.StatusBadRequest, "body: it is not an item as clients of Connect send it")
	}
	return in, err
}

// writtenItem returns an item after it was written.
func writtenItem(h *handler, req *request, id string) (controlapi.Item, error) {
	return h.server.Item(req.r.Context(), req.account(), req.path["vault"], id, false)
}

func createItem(h *handler, req *request) (*response, error) {
	in, err := req.itemInput()
	if err != nil {
		return nil, err
	}
	id, err := h.server.CreateItem(req.r.Context(), req.account(), req.path["vault"], in)
	if err != nil {
		return nil, err
	}
	it, err := writtenItem(h, req, id)
	return created(it), err
}

func replaceItem(h *handler, req *request) (*response, error) {
	in, err := req.itemInput()
	if err != nil {
		return nil, err
	}
	// By its id: the title may change.
	present, err := writtenItem(h, req, req.path["item"])
	if err != nil {
		return nil, err
	}
	version := int(parseUint(req.query.Get("version")))
	if err := h.server.ReplaceItem(
		req.r.Context(), req.account(), req.path["vault"], present.ID, version, in,
	); err != nil {
		return nil, err
	}
	it, err := writtenItem(h, req, present.ID)
	return ok(it), err
}

func copyItem(h *handler, req *request) (*response, error) {
	id, err := h.server.CopyItem(req.r.Context(), req.account(), req.path["vault"], req.path["item"])
	if err != nil {
		return nil, err
	}
	it, err := writtenItem(h, req, id)
	return created(it), err
}

func deleteItem(h *handler, req *request) (*response, error) {
	return noContent(), h.server.DeleteItem(req.r.Context(), req.account(), req.path["vault"], req.path["item"])
}

func addFile(h *handler, req *request) (*response, error) {
	added, err := h.server.AddFile(
		req.r.Context(), req.account(), req.path["vault"], req.path["item"],
		controlapi.ItemFile{Name: req.query.Get("name"), Section: req.query.Get("section")}, req.body)
	return created(added), err
}

func getFileContent(h *handler, req *request) (*response, error) {
	_, content, err := h.server.OpenFile(
		req.r.Context(), req.account(), req.path["vault"], req.path["item"], req.path["file"])
	if err != nil {
		return nil, err
	}
	return &response{status: http.StatusOK, contentType: "application/octet-stream", stream: func(w io.Writer) error {
		defer content.Close()
		_, err := io.Copy(w, content)
		return err
	}}, nil
}

func deleteFile(h *handler, req *request) (*response, error) {
	return noContent(), h.server.DeleteFile(
		req.r.Context(), req.account(), req.path["vault"], req.path["item"], req.path["file"])
}
