package store

import (
	"errors"
	"fmt"
)

// An account with a base is a layer. What is read is its own rows first, and
// then those of the base that the layer does not hide; what is written goes to
// its own rows. The base is frozen: it is written only by the transaction that
// makes it. It has no base itself, so that there are never more than two places
// to look at.
//
// Which base an account has is always asked in the transaction that needs it,
// mostly within the statement itself: it is then right whoever changes it, and
// costs a layer the search for one row.

// layer is what reading and writing must know of an account.
type layer struct {
	base   string // "": none
	frozen bool
}

// layer is that of an account; ErrNotFound if there is no such account. The
// transaction remembers the last one.
func (tx *Tx) layer(account string) (layer, error) {
	if tx.cachedAccount == account && account != "" {
		return tx.cachedLayer, nil
	}
	var l layer
	if err := tx.session.queryRow(`SELECT base, kind <> 'served' FROM accounts WHERE id = $1`, []any{account}, &l.base, &l.frozen); err != nil {
		return layer{}, fmt.Errorf("account %s: %w", account, err)
	}
	tx.cachedAccount, tx.cachedLayer = account, l
	return l, nil
}

// forget drops what the transaction remembers of an account's layer.
func (tx *Tx) forgetLayer(account string) {
	if tx.cachedAccount == account {
		tx.cachedAccount = ""
	}
}

// writes is the layer of an account that is going to be written.
func (tx *Tx) writableLayer(account string) (layer, error) {
	if !tx.writable {
		return layer{}, errReadOnly
	}
	l, err := tx.layer(account)
	if err == nil && l.frozen && !tx.newSnapshots[account] {
		err = fmt.Errorf("account %s: %w", account, errSnapshot)
	}
	return l, err
}

// baseItem is a row of items in the base of a layer.
type baseItem struct {
	seq          int64
	vault        string
	hasTombstone bool
	exists       bool
}

// shown says that the layer has this item because its base has it.
func (b baseItem) isVisible() bool { return b.exists && !b.hasTombstone }

// findBaseItem finds the item of that id in the base of an account.
func (tx *Tx) findBaseItem(account string, l layer, id string) (b baseItem, err error) {
	if l.base == "" {
		return b, nil
	}
	err = tx.session.queryRow(`SELECT i.seq, i.vault,
		EXISTS (SELECT 1 FROM hidden h WHERE h.account = $1 AND h.vault = i.vault AND h.seq = i.seq)
		FROM items i WHERE i.account = $2 AND i.id = $3`, []any{account, l.base, id}, &b.seq, &b.vault, &b.hasTombstone)
	if errors.Is(err, ErrNotFound) {
		return b, nil
	}
	b.exists = true
	return b, err
}

// hide makes a layer show an item of its base no more.
func (tx *Tx) addTombstone(account string, b baseItem) error {
	_, err := tx.exec(`INSERT INTO hidden (account, vault, seq) VALUES ($1, $2, $3)`, account, b.vault, b.seq)
	return err
}

// addFileTombstone makes a layer show the files no more that an item has in the base.
func (tx *Tx) addFileTombstone(account string, l layer, item string) error {
	if l.base == "" {
		return nil
	}
	_, err := tx.exec(`INSERT INTO hidden_files (account, item) SELECT $1, $2
		WHERE EXISTS (SELECT 1 FROM files WHERE account = $3 AND item = $2) ON CONFLICT DO NOTHING`, account, item, l.base)
	return err
}
