package backend

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

const (
	defaultRecords = 50
	recordsAtOnce  = 1000   // of the log that are read together while records are selected
	maxScanned     = 10_000 // records that are read for one page
)

// ActivityPage returns a page of the log that clients see. A page of selected records ends before its limit, with a
// Next, when 10,000 records were read for it. The error is a 404 for an unknown account or token.
func (b *Backend) ActivityPage(
	ctx context.Context, q controlapi.ActivityQuery,
) (page controlapi.ActivityPage, err error) {
	switch q.Limit = cmp.Or(q.Limit, defaultRecords); {
	case q.Offset < 0 || q.Limit < 0 || q.Limit > maxPage:
		return page, Errorf(400, "offset must be 0 or more, and limit from 0 to %d", maxPage)
	case q.Action != "" && !slices.Contains(connect.Actions(), q.Action):
		return page, Errorf(400, "no action %.*q%s", maxNameBytes, q.Action,
			nearest.HintWithList(q.Action, connect.Actions()))
	}
	account, tokens, err := b.findTokenIDs(ctx, q.Account, q.Token)
	if err != nil {
		return page, err
	}
	selects := func(a connect.Activity) bool {
		return (q.Action == "" || a.Action == q.Action) && (tokens == nil || slices.Contains(tokens, a.Actor.JTI))
	}
	atOnce := q.Limit
	if q.Action != "" || q.Token != "" {
		atOnce = recordsAtOnce
	}
	var found []connect.Activity
	for at := q.Offset; len(found) < q.Limit && at < q.Offset+maxScanned; at += atOnce {
		records, total, err := b.store.Activity(ctx, account, int64(at), int64(atOnce))
		if err != nil {
			return page, err
		}
		page.Total, page.Next = int(total), at+len(records)
		for i, a := range records {
			if selects(a) {
				found = append(found, a)
			}
			if len(found) == q.Limit {
				page.Next = at + i + 1
				break
			}
		}
		if page.Next >= page.Total {
			page.Next = 0
			break
		}
	}
	page.Records, err = b.nameRecords(ctx, account, found)
	return page, err
}

// findTokenIDs returns the id of an account, and those of its tokens with a name or id: several, if some of them were
// revoked. It returns nil for "", which means any.
func (b *Backend) findTokenIDs(ctx context.Context, account, token string) (id string, tokens []string, err error) {
	err = b.store.View(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, account)
		if err != nil || token == "" {
			id = a.ID
			return err
		}
		id = a.ID
		all, err := tx.Tokens(id)
		if err != nil {
			return err
		}
		for _, t := range all {
			if t.ID == token || t.Name == token {
				tokens = append(tokens, t.ID)
			}
		}
		if tokens == nil {
			_, err = findTokenOf(tx, id, token, anyToken)
		}
		return err
	})
	return id, tokens, err
}

// nameRecords returns records of an account with the names of vaults, items and tokens.
func (b *Backend) nameRecords(
	ctx context.Context, account string, records []connect.Activity,
) (list []controlapi.ActivityRecord, err error) {
	vaults, tokens := map[string]string{}, map[string]string{}
	err = b.store.View(ctx, func(tx *store.Tx) error {
		stored, err := tx.Vaults(account)
		if err != nil {
			return err
		}
		for _, v := range stored {
			vaults[v.ID] = v.Name
		}
		issued, err := tx.Tokens(account)
		if err != nil {
			return err
		}
		for _, t := range issued {
			tokens[t.ID] = t.Name
		}
		for _, a := range records {
			r := controlapi.ActivityRecord{
				ID: a.RequestID, Time: a.Timestamp.Time, Action: a.Action, Result: a.Result, Type: a.Resource.Type,
				Version: a.Resource.ItemVersion, Token: a.Actor.JTI, TokenName: tokens[a.Actor.JTI],
				IP: cmp.Or(a.Actor.IP, a.Actor.RequestIP), UserAgent: b.Mask.Text(a.Actor.UserAgent),
			}
			if a.Resource.Vault != nil {
				r.Vault = controlapi.VaultRef{ID: a.Resource.Vault.ID, Name: vaults[a.Resource.Vault.ID]}
			}
			if a.Resource.Item != nil {
				r.Item = a.Resource.Item.ID
				it, err := tx.Item(account, r.Vault.ID, r.Item)
				if err != nil && !errors.Is(err, store.ErrNotFound) {
					return err
				}
				r.Title = it.Title
			}
			list = append(list, r)
		}
		return nil
	})
	return list, err
}
