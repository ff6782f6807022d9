package vaults

import (
	"context"
	"errors"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/visibility"
	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Write is who writes, and when others see it.
type Write struct {
	View
	Editor string           // of the item
	Lag    time.Duration    // until reads see the write; 0: at once
	Faults []string         // that cause the lag
	Record connect.Activity // what the activity log keeps of the write, without what Finish adds

	// ByPerson says that a person writes, as in an app: the activity log, which has the requests of clients, gets no
	// record, and a field may have a type that clients can't write.
	ByPerson  bool
	IfVersion int // the item must have this version; 0: any
}

// ErrVersion is returned for an item that has not the version that Write.IfVersion says.
var ErrVersion = errors.New("the item has another version")

// Written is what became of a write. Item, Version and At are set with an error too, as far as they were known.
type Written struct {
	Body     []byte // the encoded response
	Item     string
	Version  int       // of the item
	At       time.Time // when the write had its turn; zero: it was refused before
	Recorded bool      // the activity log has the record of the write
}

// Create stores a new item with version 1.
func (vs *Vaults) Create(ctx context.Context, w Write, vault connect.VaultRef, in connect.ItemInput) (Written, error) {
	if err := vs.checkCreatable(in.Category); err != nil {
		return Written{}, err
	}
	it, err := items.Create(in, vault, vs.itemOptions(w, w.Now))
	if err != nil {
		return Written{}, err
	}
	return vs.writeItem(ctx, w, vault.ID, "", func(c *change) (connect.Item, error) {
		it.CreatedAt, it.UpdatedAt = connect.At(c.now), connect.At(c.now)
		return it, c.put(nil, it)
	})
}

// Replace stores an item in place of another. The response has the version of the old one, which the next GET shows
// raised [T].
func (vs *Vaults) Replace(ctx context.Context, w Write, vault, item string, in connect.ItemInput) (Written, error) {
	return vs.writeItem(ctx, w, vault, item, func(c *change) (connect.Item, error) {
		old, err := c.storedItem()
		if err != nil {
			return old, err
		}
		if in.Category, err = vs.checkUpdatable(old, in.Category); err != nil {
			return old, err
		}
		it, err := items.Replace(old, in, vs.itemOptions(w, c.now))
		if err != nil {
			return it, err
		}
		err = c.put(&old, it)
		if !vs.quirks.PutReturnsNew {
			it.Version = old.Version
		}
		return it, err
	})
}

// Patch applies all operations to an item or none. Without operations the response is the item as it is [D].
func (vs *Vaults) Patch(
	ctx context.Context, w Write, vault, item string, operations []connect.PatchOperation,
) (Written, error) {
	return vs.writeItem(ctx, w, vault, item, func(c *change) (connect.Item, error) {
		old, err := c.storedItem()
		if err != nil {
			return old, err
		}
		if len(operations) == 0 {
			c.version = old.Version
			return old, nil
		}
		if _, err := vs.checkUpdatable(old, ""); err != nil {
			return old, err
		}
		it, err := items.Patch(old, operations, vs.itemOptions(w, c.now))
		if err != nil {
			return it, err
		}
		err = c.put(&old, it)
		if !vs.quirks.PatchReturnsNew {
			it.Version = old.Version
		}
		return it, err
	})
}

// Delete removes an item and its files, by default for good [D]. The response has no body.
func (vs *Vaults) Delete(ctx context.Context, w Write, vault, item string) (Written, error) {
	files, err := vs.filesToKeep(ctx, w, vault, item)
	if err != nil {
		return Written{Item: item}, err
	}
	_, out, err := vs.change(ctx, w, vault, item, func(c *change) (connect.Item, error) {
		old, err := c.storedItem()
		if err != nil {
			return old, err
		}
		c.version, c.files = old.Version, files
		err = errors.Join(
			c.addPending(&old, true),
			vs.removeItem(c.tx, w.Account, vault, old),
			c.tx.TouchVault(w.Account, vault, -1, connect.At(c.now)))
		return old, err
	})
	return out, err
}

// change is a change of one item in its transaction.
type change struct {
	vaults      *Vaults
	tx          *store.Tx
	reserve     reserveFunc
	by          Write
	vault, item string
	version     int               // of the item, for the activity record
	now         time.Time         // when the transaction had its turn
	files       map[string][]byte // content of the files of a deleted item, where somebody must still see them
	pending     *visibility.Write // nil: the write is visible to everybody at once
}

// writeItem changes an item and encodes it as it is then.
func (vs *Vaults) writeItem(
	ctx context.Context, w Write, vault, item string, do func(*change) (connect.Item, error),
) (Written, error) {
	it, out, err := vs.change(ctx, w, vault, item, do)
	if err != nil {
		return out, err
	}
	out.Body, err = vs.encoder.WrittenItem(items.WithCodes(it, out.At), out.At)
	return out, err
}

// change runs a change in one transaction with its activity record. When it returns, the change is durable. The change
// is of the moment at which its turn came: times do not go back from one write to the next.
func (vs *Vaults) change(
	ctx context.Context, w Write, vault, item string, do func(*change) (connect.Item, error),
) (it connect.Item, out Written, err error) {
	c := &change{vaults: vs, by: w, vault: vault, item: item}
	err = w.withMemory(ctx, func(reserve reserveFunc) error {
		return vs.store.Update(ctx, func(tx *store.Tx) (err error) {
			c.tx, c.reserve, c.now = tx, reserve, vs.options.Clocks.Now(w.Account)
			if it, err = do(c); err != nil {
				return err
			}
			if w.ByPerson {
				return nil
			}
			return tx.Record(w.Account, vs.Finish(w.Record, Outcome{c.now, c.item, c.version, true}))
		})
	})
	out = Written{Item: c.item, Version: c.version, At: c.now}
	if err != nil {
		if c.pending != nil {
			vs.Pending.Remove(w.Account, c.pending)
		}
		return it, out, err
	}
	out.Recorded = !w.ByPerson
	vs.dropItem(w.Account, vault, it.ID)
	return it, out, nil
}

// storedItem returns the item that is changed.
func (c *change) storedItem() (connect.Item, error) {
	it, err := storedItem(c.tx, c.reserve, c.by.Account, c.vault, c.item)
	if err == nil && c.by.IfVersion != 0 && c.by.IfVersion != it.Version {
		err = ErrVersion
	}
	return it, err
}

// put stores the item, which is new where old is nil, and counts the write in its vault.
func (c *change) put(old *connect.Item, it connect.Item) error {
	c.version, c.item = it.Version, it.ID
	if err := c.addPending(old, false); err != nil {
		return err
	}
	added := 0
	if old == nil {
		added = 1
	}
	if err := c.vaults.options.CheckItem(it); err != nil {
		return err
	}
	if err := c.tx.PutItem(c.by.Account, it); err != nil {
		return err
	}
	return c.tx.TouchVault(c.by.Account, c.vault, added, connect.At(c.now))
}

func (vs *Vaults) itemOptions(w Write, now time.Time) items.Options {
	q := &vs.quirks
	return items.Options{
		Now: now, NewID: vs.options.Random.ID, Rand: vs.options.Random, Editor: w.Editor,
		KeepSSHKeyType: q.SSHKeyKept || w.ByPerson, DateISO: q.DateISO, DateZone: q.DateZone, SkipDateChecks: q.DatesUnchecked,
		RequirePassword: q.PasswordRequired, OnlyLoginTemplate: q.OnlyLoginTemplate, KeepHistory: q.HistoryUnchanged,
		IgnoreExcludedCharacters: q.ExcludedIgnored, RefuseAddressType: q.NoAddressType,
	}
}
