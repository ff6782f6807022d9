package store

import (
	"fmt"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Parts of statements in which v is a row of vaults.
const (
	vaultColumns = `SELECT v.id, v.name, v.description, v.type, v.attribute_version, v.content_version, v.items, v.created_at, v.updated_at`
	baseVaults   = ` FROM accounts a CROSS JOIN vaults v WHERE a.id = $1 AND v.account = a.base`
)

// PutVault adds a vault or replaces the one with that id. Times are stored in
// whole seconds.
func (tx *Tx) PutVault(account string, v connect.Vault) error {
	l, err := tx.writableLayer(account)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO vaults
		(account, id, name, description, type, attribute_version, content_version, items, created_at, updated_at, place)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
			(SELECT seq FROM vaults WHERE account = $11 AND id = $2))
		ON CONFLICT (account, id) DO UPDATE SET name = excluded.name, description = excluded.description,
		type = excluded.type, attribute_version = excluded.attribute_version,
		content_version = excluded.content_version, items = excluded.items,
		created_at = excluded.created_at, updated_at = excluded.updated_at`,
		account, v.ID, v.Name, v.Description, v.Type, v.AttributeVersion, v.ContentVersion, v.Items,
		v.CreatedAt.Unix(), v.UpdatedAt.Unix(), l.base)
	return err
}

// Vault returns the account's vault with that id.
func (tx *Tx) Vault(account, id string) (connect.Vault, error) {
	var v vaultRow
	if err := tx.session.queryRow(vaultColumns+` FROM vaults v WHERE v.account = $1 AND v.id = $2 UNION ALL `+
		vaultColumns+baseVaults+` AND v.id = $2 LIMIT 1`, []any{account, id}, v.dest()...); err != nil {
		return connect.Vault{}, fmt.Errorf("vault %s: %w", id, err)
	}
	return v.vault(), nil
}

// Vaults returns the account's vaults in the order they were added.
func (tx *Tx) Vaults(account string) ([]connect.Vault, error) {
	var all []connect.Vault
	err := tx.session.each(vaultColumns+`, coalesce(v.place, v.seq) AS place FROM vaults v WHERE v.account = $1 UNION ALL `+
		vaultColumns+`, v.seq`+baseVaults+` AND NOT EXISTS (SELECT 1 FROM vaults o WHERE o.account = $1 AND o.id = v.id)
		ORDER BY place`, []any{account}, func(scan func(...any) error) error {
		var v vaultRow
		var place int64
		err := scan(append(v.dest(), &place)...)
		all = append(all, v.vault())
		return err
	})
	return all, err
}

// TouchVault changes a vault as a write to its items does: it adds one to the
// content version and delta to the number of items, and sets the time of the
// update [R, rule inferred].
func (tx *Tx) TouchVault(account, id string, delta int, now connect.Time) error {
	l, err := tx.writableLayer(account)
	if err != nil {
		return err
	}
	n, err := tx.exec(`UPDATE vaults SET content_version = content_version + 1, items = items + $1, updated_at = $2
		WHERE account = $3 AND id = $4`, delta, now.Unix(), account, id)
	if n > 0 || err != nil {
		return err
	}
	n, err = tx.exec(`INSERT INTO vaults
		(account, id, place, name, description, type, attribute_version, content_version, items, created_at, updated_at)
		SELECT $3, id, seq, name, description, type, attribute_version, content_version + 1, items + $1, created_at, $2
		FROM vaults WHERE account = $5 AND id = $4`, delta, now.Unix(), account, id, l.base)
	if err == nil && n == 0 {
		err = fmt.Errorf("vault %s: %w", id, ErrNotFound)
	}
	return err
}

// vaultRow reads a row of vaultColumns.
type vaultRow struct {
	v                connect.Vault
	created, updated int64
}

func (r *vaultRow) dest() []any {
	return []any{&r.v.ID, &r.v.Name, &r.v.Description, &r.v.Type, &r.v.AttributeVersion,
		&r.v.ContentVersion, &r.v.Items, &r.created, &r.updated}
}

func (r *vaultRow) vault() connect.Vault {
	r.v.CreatedAt = connect.At(time.Unix(r.created, 0))
	r.v.UpdatedAt = connect.At(time.Unix(r.updated, 0))
	return r.v
}
