package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/connectmock/connectmock/internal/tempfile"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// ImportSnapshot makes a snapshot of an account from a file that ExportSnapshot of this server or another has written.
// An empty name means the one in the file. When the snapshot is restored, the account has the data of the exported
// one, and the tokens of both: the present tokens of the account remain valid. If both have a token of one name, it
// has the value of the present one and the permissions of the one in the file. A plain token whose value belongs to
// another account of this server is left out.
//
// The whole file is read and checked before anything is changed. The error is a 400 if the file is invalid, and a 409
// if the name is in use.
func (b *Backend) ImportSnapshot(ctx context.Context, account, name string, r io.Reader) (controlapi.Snapshot, error) {
	if name != "" {
		if err := validateName("a snapshot", name); err != nil {
			return controlapi.Snapshot{}, err
		}
	}
	// The file may arrive slowly. It is saved first, because nothing else can be written while a transaction reads it.
	file, err := b.saveToTempFile(r)
	if err != nil {
		return controlapi.Snapshot{}, err
	}
	defer file.Close()
	head, err := readExport(file, b.limits, true, &checker{})
	if err != nil {
		return controlapi.Snapshot{}, err
	}
	if name == "" {
		if name = head.Name; validateName("a snapshot", name) != nil {
			return controlapi.Snapshot{}, Errorf(400, "the name in the file is invalid; give the snapshot another name")
		}
	}
	s := store.Snapshot{ID: b.random.UserID(), Name: name, CreatedAt: head.CreatedAt}
	var result controlapi.Snapshot
	err = b.store.Update(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, account)
		if err != nil {
			return err
		}
		s.Account = a.ID
		if err := tx.PutSnapshot(s); err != nil {
			return snapshotError(err, name)
		}
		to, err := newImporter(tx, s, b.random.ID)
		if err != nil {
			return err
		}
		if _, err := readExport(file, b.limits, false, to); err != nil {
			return err
		}
		if err := to.keepTokens(); err != nil {
			return err
		}
		result, err = snapshotToAPI(tx, s)
		return err
	})
	return result, err
}

// saveToTempFile saves what r reads in a file without a name, so that nothing of it is left if the process is killed.
func (b *Backend) saveToTempFile(r io.Reader) (*tempfile.File, error) {
	dir := ""
	if b.options.Store != MemoryStore {
		// The directory of the store can be written, also in an image without a directory of temporary files.
		dir = filepath.Dir(store.ResolvePath(b.options.Store))
	}
	file, err := tempfile.CreateUnnamed(dir)
	if err != nil {
		return nil, fmt.Errorf("no file can be created for the snapshot: %w", err)
	}
	n, err := io.Copy(file, io.LimitReader(r, b.limits.total+1))
	if err != nil {
		err = fmt.Errorf("the snapshot could not be read to its end: %w", err)
	} else if n > b.limits.total {
		err = Errorf(400, "the snapshot file can't be imported: it has more than %d MiB; nothing was changed",
			b.limits.total>>20)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
