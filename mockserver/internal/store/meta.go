package store

import "fmt"

// Meta returns the value of a key that SetMeta has stored, or ErrNotFound.
func (tx *Tx) Meta(key string) ([]byte, error) {
	var value []byte
	if err := tx.session.queryRow(`SELECT value FROM meta WHERE key = $1`, []any{key}, &value); err != nil {
		return nil, fmt.Errorf("meta %s: %w", key, err)
	}
	return value, nil
}

// SetMeta stores or replaces the value of a key. Nil is stored as an empty value.
func (tx *Tx) SetMeta(key string, value []byte) error {
	_, err := tx.exec(`INSERT INTO meta (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, notNil(value))
	return err
}

// notNil returns an empty slice for nil, which the engine would store as NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
