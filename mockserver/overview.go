package mockserver

import (
	"context"

	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Overview is what a server holds and how it was understood, for consoles.
type Overview struct {
	Seeded     bool     // the store was empty and was filled
	Operations int      // served from the document
	Invented   []string // operations answered from their schema: method and path
	Unserved   []string // operations we know that the document or the version of Connect lacks
	Vaults     int
	Items      int
}

// Overview counts what the store holds, but for the worlds made since.
func (s *Server) Overview(ctx context.Context) (o Overview, err error) {
	o = Overview{Seeded: s.backend.Seeded, Invented: s.api.Invented(), Unserved: s.api.Unserved(),
		Operations: len(s.api.Operations())}
	err = s.backend.Store.View(ctx, func(tx *store.Tx) error {
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		var all []connect.Vault
		for _, a := range accounts {
			if a.CreatedOnDemand {
				continue
			}
			vaults, err := tx.Vaults(a.ID)
			if err != nil {
				return err
			}
			all = append(all, vaults...)
		}
		for _, v := range all {
			o.Items += v.Items
		}
		o.Vaults = len(all)
		return nil
	})
	return o, err
}
