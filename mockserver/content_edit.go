package mockserver

import (
	"context"
	"io"

	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// MaxFileBytes is how large a file may be that AddFile adds.
const MaxFileBytes = backend.MaxFileBytes

// CreateItem creates an item by the rules for clients, and returns its id. Like the
// other methods here it does what a person does in an app: no permission and no
// fault applies, and there is no record in the activity log. The error is a 404 for
// an unknown account or vault, and has the status and text that a client gets if
// the item is not valid.
func (s *Server) CreateItem(ctx context.Context, account, vault string, in connect.ItemInput) (string, error) {
	return s.backend.CreateItem(ctx, account, vault, in)
}

// ReplaceItem replaces an item by the rules for clients, if it has the version; 0
// means any. The error is a 409 if it has another one. A field that exists may keep
// a type that clients can't write.
func (s *Server) ReplaceItem(
	ctx context.Context, account, vault, item string, version int, in connect.ItemInput,
) error {
	return s.backend.ReplaceItem(ctx, account, vault, item, version, in)
}

// CopyItem creates a copy of an item with its files in the same vault, without
// former passwords, and returns its id.
func (s *Server) CopyItem(ctx context.Context, account, vault, item string) (string, error) {
	return s.backend.CopyItem(ctx, account, vault, item)
}

// DeleteItem deletes an item and its files.
func (s *Server) DeleteItem(ctx context.Context, account, vault, item string) error {
	return s.backend.DeleteItem(ctx, account, vault, item)
}

// AddFile adds a file with a name to an item: in a section of the item, given by its
// id or label, or in none. It returns the file with its id and size.
func (s *Server) AddFile(
	ctx context.Context, account, vault, item string, f controlapi.ItemFile, content []byte,
) (controlapi.ItemFile, error) {
	return s.backend.AddFile(ctx, account, vault, item, f, content)
}

// DeleteFile deletes a file of an item, which is given by its id or name.
func (s *Server) DeleteFile(ctx context.Context, account, vault, item, file string) error {
	return s.backend.DeleteFile(ctx, account, vault, item, file)
}

// OpenFile returns a file of an item, which is given by its id or name, and its
// content. Close the content when it is no longer needed.
func (s *Server) OpenFile(
	ctx context.Context, account, vault, item, file string,
) (controlapi.ItemFile, io.ReadCloser, error) {
	return s.backend.OpenFile(ctx, account, vault, item, file)
}

// Activity returns a page of the activity log that clients see.
func (s *Server) Activity(ctx context.Context, q controlapi.ActivityQuery) (controlapi.ActivityPage, error) {
	return s.backend.ActivityPage(ctx, q)
}
