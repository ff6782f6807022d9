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

// ImportSnapshot makes a snapshot of an account from what ExportSnapshot wrote,
// of this server or another; an empty name takes the one in the file. Restored,
// it answers as the account answered that was exported. The tokens that the
// account has now stay good beside those of the file; where both have one of a
// name, its value is the one there and what it may do is the file's. A plain
// token whose value is good for another account of this server is left out.
//
// All of the file is read and checked before anything is changed. A file that
// can't be used is a 400, a name in use a 409.
func (b *Backend) ImportSnapshot(ctx context.Context, account, name string, r io.Reader) (controlapi.Snapshot, error) {
	if name != "" {
		if err := validateName("a snapshot", name); err != nil {
			return controlapi.Snapshot{}, err
		}
	}
	// Nobody else can write while a snapshot is put into the store, so it is put
	// aside first: it may come slowly.
	aside, err := b.saveToTempFile(r)
	if err != nil {
		return controlapi.Snapshot{}, err
	}
	defer aside.Close()
	head, err := readExport(aside, b.Limits, true, &checker{})
	if err != nil {
		return controlapi.Snapshot{}, err
	}
	if name == "" {
		if name = head.Name; validateName("a snapshot", name) != nil {
			return controlapi.Snapshot{}, Errorf(400, "the name in the file can't be used; give the snapshot another")
		}
	}
	f := store.Snapshot{ID: b.Random.UserID(), Name: name, CreatedAt: head.CreatedAt}
	var shown controlapi.Snapshot
	err = b.Store.Update(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		if err != nil {
			return err
		}
		f.Account = a.ID
		if err := tx.PutSnapshot(f); err != nil {
			return nameInUse(err, name)
		}
		to, err := newImporter(tx, f, b.Random.ID)
		if err != nil {
			return err
		}
		if _, err := readExport(aside, b.Limits, false, to); err != nil {
			return err
		}
		if err := to.keepTokens(); err != nil {
			return err
		}
		shown, err = snapshotToAPI(tx, f)
		return err
	})
	return shown, err
}

// saveToTempFile keeps what comes in a file without a name, so that nothing of it is
// left whatever ends the process.
func (b *Backend) saveToTempFile(r io.Reader) (*tempfile.File, error) {
	dir := ""
	if b.options.Store != MemoryStore {
		dir = filepath.Dir(store.ResolvePath(b.options.Store)) // a place that can be written, in an image of nothing but us too
	}
	aside, err := tempfile.CreateUnnamed(dir)
	if err != nil {
		return nil, fmt.Errorf("no place to put the snapshot aside: %w", err)
	}
	n, err := io.Copy(aside, io.LimitReader(r, b.Limits.total+1))
	if err != nil {
		err = fmt.Errorf("the snapshot did not come whole: %w", err)
	} else if n > b.Limits.total {
		err = Errorf(400, "the snapshot file can't be imported: it has more than %d MiB; nothing was changed",
			b.Limits.total>>20)
	}
	if err != nil {
		return nil, errors.Join(err, aside.Close())
	}
	return aside, nil
}
