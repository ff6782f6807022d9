package api

import (
	"encoding/json"
	"errors"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// listItems answers summaries, a bare array, in the order the items were made
// (real servers promise none).
func listItems(s *Handler, x *exchange) (reply, error) {
	rep, err := s.storedList(x)
	if err != nil || len(s.pendingWrites(x, x.vault())) == 0 {
		return rep, err
	}
	if rep.stream != nil {
		_ = rep.stream.Close() // it shows what is not to be seen yet
	}
	body, err := s.listBefore(x)
	return reply{kind: jsonKind, body: body}, err
}

// getItem answers a full item, from the cache of encoded items where it can.
func getItem(s *Handler, x *exchange) (reply, error) {
	held, err := s.heldItem(x)
	x.version = held.version
	return reply{kind: jsonKind, body: held.body, cached: s.items.CanKeep(held)}, err
}

// createItem answers the new item, version 1, with 200 [D].
func createItem(s *Handler, x *exchange) (reply, error) {
	var in connect.ItemInput
	if err := json.Unmarshal(x.body, &in); err != nil {
		return reply{}, connect.InvalidBody("", "is not an item")
	}
	vault, err := s.vaultRef(x)
	if err != nil {
		return reply{}, err
	}
	if err := s.checkOlderCategory(in.Category); err != nil {
		return reply{}, err
	}
	made, err := items.Create(in, vault, s.rules(x))
	if err != nil {
		return reply{}, err
	}
	return s.written(x, func(tx *store.Tx) (connect.Item, error) {
		made.CreatedAt, made.UpdatedAt = connect.At(x.now), connect.At(x.now)
		return made, s.keep(tx, x, nil, made)
	})
}

// replaceItem answers a PUT: the new item under its old version number, which
// the next GET shows raised [T].
func replaceItem(s *Handler, x *exchange) (reply, error) {
	var in connect.ItemInput
	if err := json.Unmarshal(x.body, &in); err != nil {
		return reply{}, connect.InvalidBody("", "is not an item")
	}
	return s.written(x, func(tx *store.Tx) (connect.Item, error) {
		old, err := s.storedItem(tx, x)
		if err != nil {
			return old, err
		}
		if in.Category, err = s.checkOlderUpdate(old, in.Category); err != nil {
			return old, err
		}
		made, err := items.Replace(old, in, s.rules(x))
		if err != nil {
			return made, err
		}
		err = s.keep(tx, x, &old, made)
		if !s.quirks.PutAnswersNew {
			made.Version = old.Version
		}
		return made, err
	})
}

// patchItem applies all operations or none; without operations the item is
// answered as it is [D].
func patchItem(s *Handler, x *exchange) (reply, error) {
	var operations []connect.PatchOperation
	if err := json.Unmarshal(x.body, &operations); err != nil {
		return reply{}, connect.InvalidBody("", "is not an array of patch operations")
	}
	return s.written(x, func(tx *store.Tx) (connect.Item, error) {
		old, err := s.storedItem(tx, x)
		if err != nil {
			return old, err
		}
		if len(operations) == 0 {
			x.version = old.Version
			return old, nil
		}
		if _, err := s.checkOlderUpdate(old, ""); err != nil {
			return old, err
		}
		made, err := items.Patch(old, operations, s.rules(x))
		if err != nil {
			return made, err
		}
		err = s.keep(tx, x, &old, made)
		if !s.quirks.PatchAnswersNew {
			made.Version = old.Version
		}
		return made, err
	})
}

// deleteItem removes an item and its files, by default for good [D].
func deleteItem(s *Handler, x *exchange) (reply, error) {
	var err error
	if x.contents, err = s.filesToKeep(x); err != nil {
		return reply{}, err
	}
	_, err = s.changeItem(x, func(tx *store.Tx) (connect.Item, error) {
		old, err := s.storedItem(tx, x)
		if err != nil {
			return old, err
		}
		x.version = old.Version
		err = errors.Join(
			s.addPendingWrite(tx, x, &old, true),
			s.removeItem(tx, x, old),
			tx.TouchVault(x.account(), x.vault(), -1, connect.At(x.now)))
		return old, err
	})
	return reply{status: 204}, err
}

// written changes an item and answers it as it is then.
func (s *Handler) written(x *exchange, change func(*store.Tx) (connect.Item, error)) (reply, error) {
	made, err := s.changeItem(x, change)
	if err != nil {
		return reply{}, err
	}
	body, err := s.encodeWritten(items.WithCodes(made, x.now), x.now)
	return reply{kind: jsonKind, body: body}, err
}

// changeItem runs a change in one transaction with its activity record; once it
// returns the change is durable. It is of the moment its turn has come: times
// do not go back from one write to the next.
func (s *Handler) changeItem(x *exchange, change func(*store.Tx) (connect.Item, error)) (made connect.Item, err error) {
	err = s.whenMemory(x, func() error {
		return s.backend.Store.Update(x.context(), func(tx *store.Tx) (err error) {
			x.now = s.backend.Clocks.Now(x.account())
			if made, err = change(tx); err != nil {
				return err
			}
			return tx.Record(x.account(), s.activity(x, true))
		})
	})
	if err != nil {
		if x.pending != nil {
			s.backend.Pending.Remove(x.account(), x.pending)
		}
		return made, err
	}
	x.recorded = true
	s.dropItem(x.account(), x.vault(), made.ID)
	return made, nil
}

// keep stores an item, new where there is no old one, and counts the write in
// its vault.
func (s *Handler) keep(tx *store.Tx, x *exchange, old *connect.Item, it connect.Item) error {
	x.version, x.path["itemUuid"] = it.Version, it.ID
	if err := s.addPendingWrite(tx, x, old, false); err != nil {
		return err
	}
	more := 0
	if old == nil {
		more = 1
	}
	if err := s.backend.Limits.CheckItem(it); err != nil {
		return err
	}
	if err := tx.PutItem(x.account(), it); err != nil {
		return err
	}
	return tx.TouchVault(x.account(), x.vault(), more, connect.At(x.now))
}

// storedItem is the item of the path, in this vault and no other.
func (s *Handler) storedItem(tx *store.Tx, x *exchange) (connect.Item, error) {
	document, err := tx.ItemJSON(x.account(), x.vault(), x.item())
	if errors.Is(err, store.ErrNotFound) {
		return connect.Item{}, connect.ItemNotFound(x.item())
	}
	if err == nil {
		err = s.reserve(x, 3*int64(len(document))) // it, what it is decoded to, and that encoded
	}
	if err != nil {
		return connect.Item{}, err
	}
	return store.DecodeItem(x.item(), document)
}

func (s *Handler) rules(x *exchange) items.Options {
	return items.Options{
		Now: x.now, NewID: s.backend.Random.ID, Rand: s.backend.Random, Editor: x.caller.Token.Server,
		KeepSSHKeyType: s.quirks.SSHKeyKept, DateISO: s.quirks.DateISO, DateZone: s.quirks.DateZone,
		RequirePassword: s.quirks.PasswordRequired, OnlyLoginTemplate: s.quirks.OnlyLoginTemplate,
		SkipDateChecks: s.quirks.DatesUnchecked, IgnoreExcludedCharacters: s.quirks.ExcludedIgnored, RefuseAddressType: s.quirks.NoAddressType,
		KeepHistory: s.quirks.HistoryUnchanged,
	}
}

// storedTitle returns the title of the item of the path, "" if it is not found.
func (s *Handler) storedTitle(x *exchange) (title string) {
	_ = s.backend.Store.View(x.context(), func(tx *store.Tx) error {
		it, err := s.storedItem(tx, x)
		title = it.Title
		return err
	})
	return title
}
