package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/connectmock/connectmock/mockserver/internal/filter"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Item returns the item with that id in the vault.
func (tx *Tx) Item(account, vault, id string) (connect.Item, error) {
	document, err := tx.ItemJSON(account, vault, id)
	if err != nil {
		return connect.Item{}, err
	}
	return DecodeItem(id, document)
}

// DecodeItem decodes a document of the store, which is that of the item with the id.
func DecodeItem(id string, document []byte) (connect.Item, error) {
	var it connect.Item
	if err := json.Unmarshal(document, &it); err != nil {
		return connect.Item{}, fmt.Errorf("item %s: the document in the store is damaged", id) // the cause may quote it
	}
	return it, nil
}

// ItemJSON returns the document of an item as it is stored.
func (tx *Tx) ItemJSON(account, vault, id string) ([]byte, error) {
	var document []byte
	err := tx.session.queryRow(`SELECT document FROM items WHERE account = $1 AND id = $2 AND vault = $3`+
		itemOfBase+` AND i.vault = $3 LIMIT 1`, []any{account, id, vault}, &document)
	if err != nil {
		return nil, fmt.Errorf("item %s: %w", id, err)
	}
	return document, nil
}

// itemOfBase continues a query with the item with the id $2 in the base of the
// account $1, if the account shows it.
const itemOfBase = ` UNION ALL SELECT i.document FROM accounts a CROSS JOIN items i
	WHERE a.id = $1 AND i.account = a.base AND i.id = $2
	AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.account = $1 AND h.vault = i.vault AND h.seq = i.seq)`

// FindItemJSON returns the document of an item in any vault.
func (tx *Tx) FindItemJSON(account, id string) ([]byte, error) {
	var document []byte
	if err := tx.session.queryRow(`SELECT document FROM items WHERE account = $1 AND id = $2`+itemOfBase+` LIMIT 1`,
		[]any{account, id}, &document); err != nil {
		return nil, fmt.Errorf("item %s: %w", id, err)
	}
	return document, nil
}

// PutItem adds an item or replaces the one with that id, which keeps its place in
// the order. The contents of its files stay; see PutFile and DeleteItem.
func (tx *Tx) PutItem(account string, it connect.Item) error {
	l, err := tx.writableLayer(account)
	if err != nil {
		return err
	}
	row, err := encodeItem(account, it)
	if err != nil {
		return err
	}
	// The order of the attempts matters only for speed: a first version is most
	// likely a new item, and most changes keep title and tags.
	if it.Version > 1 {
		if done, err := tx.replaceDocument(row); done || err != nil {
			return err
		}
	}
	tx.group.written.add(row)
	inBase, err := tx.findBaseItem(account, l, it.ID)
	if err != nil {
		return err
	}
	if inBase.isVisible() { // the layer has no row of its own yet
		row.place = inBase.seq
		if err := tx.addTombstone(account, inBase); err != nil {
			return err
		}
	}
	if it.Version <= 1 || inBase.isVisible() {
		if done, err := tx.insertItem(row); done || err != nil {
			return err
		}
	}
	var seq int64
	old := itemRow{account: account}
	err = tx.session.queryRow(`SELECT seq, vault, tags FROM items WHERE account = $1 AND id = $2`,
		[]any{account, it.ID}, &seq, &old.vault, &old.tagsJSON)
	if errors.Is(err, ErrNotFound) {
		_, err = tx.insertItem(row)
		return err
	}
	if err != nil {
		return err
	}
	if err := tx.deleteTags(old, seq); err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE items SET vault = $1, title = $2, folded = $3, tags = $4, summary = $5, document = $6
		WHERE seq = $7`, row.vault, row.title, row.folded, row.tagsJSON, row.summary, row.document, seq); err != nil {
		return err
	}
	return tx.insertTags(row, seq)
}

// DeleteItem removes an item and its files.
func (tx *Tx) DeleteItem(account, id string) error {
	l, err := tx.writableLayer(account)
	if err != nil {
		return err
	}
	var seq int64
	old := itemRow{account: account}
	err = tx.session.queryRow(`SELECT seq, vault, tags FROM items WHERE account = $1 AND id = $2`,
		[]any{account, id}, &seq, &old.vault, &old.tagsJSON)
	switch {
	case errors.Is(err, ErrNotFound):
		inBase, err := tx.findBaseItem(account, l, id)
		if err != nil {
			return err
		}
		if !inBase.isVisible() {
			return fmt.Errorf("item %s: %w", id, ErrNotFound)
		}
		if err := tx.addTombstone(account, inBase); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		if err := tx.deleteTags(old, seq); err != nil {
			return err
		}
		if _, err := tx.exec(`DELETE FROM items WHERE seq = $1`, seq); err != nil {
			return err
		}
	}
	return tx.deleteFiles(account, l, id)
}

// deleteFiles removes all files of an item.
func (tx *Tx) deleteFiles(account string, l layer, id string) error {
	if _, err := tx.exec(`DELETE FROM chunks WHERE account = $1 AND content IN
		(SELECT content FROM files WHERE account = $1 AND item = $2)`, account, id); err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM files WHERE account = $1 AND item = $2`, account, id); err != nil {
		return err
	}
	return tx.addFileTombstone(account, l, id)
}

// itemRow is a row of items.
type itemRow struct {
	account, id, vault                         string
	place                                      int64 // seq of the base's row that it replaces; 0: none
	tags                                       []string
	title, folded, tagsJSON, summary, document []byte
}

// encodeItem returns the row of an item.
func encodeItem(account string, it connect.Item) (r itemRow, err error) {
	r = itemRow{account: account, id: it.ID, vault: it.Vault.ID, tags: it.Tags,
		title: []byte(it.Title), folded: []byte(filter.Fold(it.Title)), tagsJSON: []byte{}}
	if len(it.Tags) > 0 {
		if r.tagsJSON, err = json.Marshal(it.Tags); err != nil {
			return r, err
		}
	}
	summary := it.Summary()
	encoded := summary.AppendJSON(make([]byte, 0, 640+160*len(it.Fields))) // the size of most items
	n := len(encoded)
	encoded = it.AppendJSON(encoded)
	r.summary, r.document = encoded[:n:n], encoded[n:]
	return r, nil
}

// insertItem adds a row, and returns false if there is an item with that id.
func (tx *Tx) insertItem(r itemRow) (bool, error) {
	var seq int64
	err := tx.session.queryRow(`INSERT INTO items (account, id, vault, title, folded, tags, summary, document, place)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, 0))
		ON CONFLICT (account, id) DO NOTHING RETURNING seq`,
		[]any{r.account, r.id, r.vault, r.title, r.folded, r.tagsJSON, r.summary, r.document, r.place}, &seq)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, tx.insertTags(r, seq)
}

// replaceDocument updates the document of an item, and returns false if there is
// no item with that id and the same vault, title and tags.
func (tx *Tx) replaceDocument(r itemRow) (bool, error) {
	n, err := tx.exec(`UPDATE items SET summary = $1, document = $2
		WHERE account = $3 AND id = $4 AND vault = $5 AND title = $6 AND tags = $7`,
		r.summary, r.document, r.account, r.id, r.vault, r.title, r.tagsJSON)
	return n == 1, err
}

// insertTags adds the tags of an item to the index of tags.
func (tx *Tx) insertTags(r itemRow, seq int64) error {
	for _, tag := range r.tags {
		if _, err := tx.exec(`INSERT INTO item_tags (account, vault, folded, seq, tag) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT DO NOTHING`, r.account, r.vault, []byte(filter.Fold(tag)), seq, []byte(tag)); err != nil {
			return err
		}
	}
	return nil
}

// deleteTags removes the tags of an item from the index of tags.
func (tx *Tx) deleteTags(r itemRow, seq int64) error {
	if len(r.tagsJSON) == 0 {
		return nil
	}
	if err := json.Unmarshal(r.tagsJSON, &r.tags); err != nil {
		return fmt.Errorf("item %d: the tags in the store are damaged", seq)
	}
	for _, tag := range r.tags {
		if _, err := tx.exec(`DELETE FROM item_tags WHERE account = $1 AND vault = $2 AND folded = $3 AND seq = $4`,
			r.account, r.vault, []byte(filter.Fold(tag)), seq); err != nil {
			return err
		}
	}
	return nil
}
