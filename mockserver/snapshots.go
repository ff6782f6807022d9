package mockserver

import (
	"context"
	"io"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// SaveSnapshot saves the present vaults, items, files, tokens and activity of an
// account. It copies only what the account has changed since its start. The error
// is a 409 if the name is in use.
func (s *Server) SaveSnapshot(ctx context.Context, n controlapi.NewSnapshot) (controlapi.Snapshot, error) {
	return s.backend.SaveSnapshot(ctx, n)
}

// Snapshots returns the snapshots of an account, sorted by name.
func (s *Server) Snapshots(ctx context.Context, account string) ([]controlapi.Snapshot, error) {
	return s.backend.Snapshots(ctx, account)
}

// RestoreSnapshot restores the data and tokens that an account had when the
// snapshot was saved. Its clock and faults do not change. The error is a 409 if
// another account now has a token of the snapshot.
func (s *Server) RestoreSnapshot(ctx context.Context, account, name string) error {
	return s.backend.RestoreSnapshot(ctx, account, name)
}

// DeleteSnapshot deletes a snapshot. Accounts that started from it are not
// changed.
func (s *Server) DeleteSnapshot(ctx context.Context, account, name string) error {
	return s.backend.DeleteSnapshot(ctx, account, name)
}

// DiffSnapshots returns what changed from one snapshot of an account to another,
// or to the account's present state if to is empty. The result has names and
// members, never a value.
func (s *Server) DiffSnapshots(ctx context.Context, account, from, to string) (controlapi.Diff, error) {
	return s.backend.DiffSnapshots(ctx, account, from, to)
}

// ExportSnapshot writes a snapshot as one file, which ImportSnapshot of any
// server reads. The file has all values in plain text, and tokens without the key
// that signs them. The snapshot is read from the store in small parts, so that a
// slow reader blocks no other request. If it is deleted meanwhile, the file ends
// early and the error says so.
func (s *Server) ExportSnapshot(ctx context.Context, account, name string, w io.Writer) error {
	return s.backend.ExportSnapshot(ctx, account, name, w)
}

// ImportSnapshot makes a snapshot of an account from a file that ExportSnapshot
// of this server or another has written. An empty name means the one in the file.
// When the snapshot is restored, the account has the data of the exported one,
// and the tokens of both: the present tokens of the account remain valid. If both
// have a token of one name, it has the value of the present one and the
// permissions of the one in the file. A plain token whose value belongs to
// another account of this server is left out.
//
// The whole file is read and checked before anything is changed. The error is a
// 400 if the file is invalid, and a 409 if the name is in use.
func (s *Server) ImportSnapshot(ctx context.Context, account, name string, r io.Reader) (controlapi.Snapshot, error) {
	return s.backend.ImportSnapshot(ctx, account, name, r)
}
