package console

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/mockserver/console/internal/words"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// copyItem creates a copy of an item and shows it.
func copyItem(req *request) (*response, error) {
	account, vault, item := req.itemPlace()
	id, err := req.server.CopyItem(req.r.Context(), account, vault, item)
	if err != nil {
		return nil, err
	}
	return done(req.link("/vaults/item", "vault", vault, "item", id), session.Notice{
		Text: "Made a copy of the item. This is the copy; former passwords are not in it.",
		Ctl:  command.Ctl("item", "copy", vault, item, "--account", account),
	}), nil
}

// confirmDeleteItem asks whether to delete an item.
func confirmDeleteItem(req *request) (*response, error) {
	account, vault, item := req.itemPlace()
	it, err := req.server.Item(req.r.Context(), account, vault, item, false)
	if err != nil {
		return nil, err
	}
	return req.render("item_delete", "Delete the item?", map[string]any{"Item": it}), nil
}

// deleteItem deletes an item with its files.
func deleteItem(req *request) (*response, error) {
	account, vault, item := req.itemPlace()
	it, err := req.server.Item(req.r.Context(), account, vault, item, false)
	if err != nil {
		return nil, err
	}
	if err := req.server.DeleteItem(req.r.Context(), account, vault, item); err != nil {
		return nil, err
	}
	return done(req.link("/vaults/items", "vault", vault), session.Notice{
		Text: fmt.Sprintf("Deleted the item %q.", it.Title), Ctl: command.Ctl("item", "delete", it.Vault.ID, it.ID, "--account", account),
	}), nil
}

// fileLimit is how large an added file may be, in words.
func fileLimit() string { return words.Bytes(mockserver.MaxFileBytes) }

// getFile sends the content of a file of an item, to be saved.
func getFile(req *request) (*response, error) {
	account, vault, item := req.itemPlace()
	f, content, err := req.server.OpenFile(req.r.Context(), account, vault, item, req.query("file"))
	if err != nil {
		return nil, err
	}
	return download(f.Name, "application/octet-stream", func(w io.Writer) error {
		defer content.Close()
		_, err := io.Copy(w, content)
		return err
	}), nil
}

// addFile adds the uploaded file to an item.
func addFile(req *request) (*response, error) {
	account, vault, item := req.itemPlace()
	upload, header, err := req.r.FormFile("file")
	if err != nil {
		return nil, &controlapi.Error{Status: http.StatusBadRequest, Message: "no file was chosen"}
	}
	defer upload.Close()
	if header.Size > mockserver.MaxFileBytes {
		return nil, &controlapi.Error{Status: http.StatusRequestEntityTooLarge, Message: "a file can have " + fileLimit()}
	}
	content, err := io.ReadAll(upload)
	if err != nil {
		return nil, err
	}
	f := controlapi.ItemFile{Name: header.Filename, Section: req.form("section")}
	if f, err = req.server.AddFile(req.r.Context(), account, vault, item, f, content); err != nil {
		return nil, err
	}
	return done(req.link("/vaults/item", "vault", vault, "item", item), session.Notice{
		Text: fmt.Sprintf("Added the file %q, %s.", f.Name, words.Bytes(f.Size)),
		Ctl:  command.Ctl("file", "add", vault, item, localName(f.Name), "--section", f.Section, "--account", account),
	}), nil
}

// deleteFile deletes a file of an item.
func deleteFile(req *request) (*response, error) {
	account, vault, item := req.itemPlace()
	file := req.form("file")
	if err := req.server.DeleteFile(req.r.Context(), account, vault, item, file); err != nil {
		return nil, err
	}
	return done(req.link("/vaults/item", "vault", vault, "item", item), session.Notice{
		Text: "Deleted the file " + req.form("name") + ".", Ctl: command.Ctl("file", "delete", vault, item, file, "--account", account),
	}), nil
}

// localName returns the name of a file as an argument that is no flag.
func localName(name string) string {
	if strings.HasPrefix(name, "-") {
		return "./" + name
	}
	return name
}
