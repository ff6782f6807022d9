package store

import "fmt"

// Meta is what SetMeta kept under the key; ErrNotFound if nothing.
func (tx *Tx) Meta(key string) ([]byte, error) {
	var value []byte
	if err := tx.session.queryRow(`SELECT value FROM meta WHERE key = $1`, []any{key}, &value); err != nil {
		return nil, fmt.Errorf("meta %s: %w", key, err)
	}
	return value, nil
}

// SetMeta keeps a value, in place of the one before. Nil is kept as empty.
func (tx *Tx) SetMeta(key string, value []byte) error {
	_, err := tx.exec(`INSERT INTO meta (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, notNil(value))
	return err
}

// notNil makes an empty value of nil, which the engine would take for NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
