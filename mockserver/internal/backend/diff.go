package backend

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// DiffSnapshots says what changed from one snapshot of an account to another,
// or, where to is empty, to what the account is now. It tells names and members,
// never a value.
func (b *Backend) DiffSnapshots(ctx context.Context, account, from, to string) (controlapi.Diff, error) {
	d := controlapi.Diff{From: from, To: to, Changes: []controlapi.Change{}}
	var before, after string
	err := b.Store.View(ctx, func(tx *store.Tx) error {
		a, err := accountOf(tx, account)
		if err != nil {
			return err
		}
		f, err := snapshotOf(tx, a, from)
		if err != nil {
			return err
		}
		before, after = f.ID, a.ID
		if to != "" {
			f, err = snapshotOf(tx, a, to)
			after = f.ID
		}
		if err != nil {
			return err
		}
		for _, part := range []func(*store.Tx, string, string) ([]controlapi.Change, error){changedVaults, changedItems, changedTokens} {
			changes, err := part(tx, before, after)
			if err != nil {
				return err
			}
			d.Changes = append(d.Changes, changes...)
		}
		return nil
	})
	if err != nil {
		return controlapi.Diff{}, err
	}
	was, err := b.Store.ActivityCount(ctx, before)
	if err != nil {
		return controlapi.Diff{}, err
	}
	is, err := b.Store.ActivityCount(ctx, after)
	d.Activity = int(is - was)
	return d, err
}

func changedVaults(tx *store.Tx, before, after string) ([]controlapi.Change, error) {
	was, err := tx.Vaults(before)
	if err != nil {
		return nil, err
	}
	is, err := tx.Vaults(after)
	id := func(v connect.Vault) string { return v.ID }
	return changes(was, is, id, func(v connect.Vault) controlapi.Change {
		return controlapi.Change{Kind: "vault", ID: v.ID, Name: v.Name}
	}), err
}

func changedTokens(tx *store.Tx, before, after string) ([]controlapi.Change, error) {
	was, err := tx.Tokens(before)
	if err != nil {
		return nil, err
	}
	is, err := tx.Tokens(after)
	id := func(t tokenState) string { return t.ID }
	return changes(tokenStates(was), tokenStates(is), id, func(t tokenState) controlapi.Change {
		return controlapi.Change{Kind: "token", ID: t.ID, Name: t.Name}
	}), err
}

// tokenState is what of a token can change, by the names that people know.
type tokenState struct {
	ID         string                     `json:"id"`
	Name       string                     `json:"name"`
	Permission auth.Permission            `json:"permission"`
	Vaults     map[string]auth.Permission `json:"vaults"`
	NotBefore  string                     `json:"notBefore"`
	ExpiresAt  string                     `json:"expiresAt"`
	Revoked    bool                       `json:"revoked"`
	Value      string                     `json:"value"` // the hash of a plain one
}

func tokenStates(tokens []auth.Token) []tokenState {
	all := make([]tokenState, len(tokens))
	for i, t := range tokens {
		all[i] = tokenState{
			t.ID, t.Name, t.All, t.Vaults, connect.At(t.NotBefore).String(), connect.At(t.ExpiresAt).String(), !t.RevokedAt.IsZero(), t.Hash,
		}
	}
	return all
}

// changedItems looks at those items only that can differ.
func changedItems(tx *store.Tx, before, after string) ([]controlapi.Change, error) {
	ids, err := tx.ChangedItemIDs(before, after)
	if err != nil {
		return nil, err
	}
	slices.Sort(ids)
	was, err := itemsOf(tx, before, ids)
	if err != nil {
		return nil, err
	}
	is, err := itemsOf(tx, after, ids)
	id := func(it connect.Item) string { return it.ID }
	return changes(was, is, id, func(it connect.Item) controlapi.Change {
		return controlapi.Change{Kind: "item", ID: it.ID, Name: it.Title, Vault: it.Vault.ID}
	}), err
}

// itemsOf are those of the ids that an account has, in whichever vault.
func itemsOf(tx *store.Tx, account string, ids []string) (list []connect.Item, err error) {
	for _, id := range ids {
		document, err := tx.FindItemJSON(account, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		it, err := store.DecodeItem(id, document)
		if err != nil {
			return nil, err
		}
		if !it.Trashed { // what is in the trash was removed
			list = append(list, it)
		}
	}
	return list, nil
}

// changes compares two lists by id: what was removed, then the others in the
// order of the second.
func changes[V any](was, is []V, id func(V) string, shown func(V) controlapi.Change) (list []controlapi.Change) {
	old := map[string]V{}
	for _, v := range was {
		old[id(v)] = v
	}
	there := map[string]bool{}
	for _, v := range is {
		there[id(v)] = true
	}
	add := func(v V, how string, members []string) {
		c := shown(v)
		c.Change, c.Members = how, members
		list = append(list, c)
	}
	for _, v := range was {
		if !there[id(v)] {
			add(v, "removed", nil)
		}
	}
	for _, v := range is {
		before, known := old[id(v)]
		if !known {
			add(v, "added", nil)
		} else if members := differences(before, v); len(members) > 0 {
			add(v, "changed", members)
		}
	}
	return list
}

// differences are the members that differ between two documents of one kind, as
// "fields.password.value".
func differences(a, b any) []string {
	found := map[string]bool{}
	compare(decoded(a), decoded(b), nil, found)
	return slices.Sorted(maps.Keys(found))
}

func decoded(document any) (out any) {
	data, err := json.Marshal(document)
	if err != nil {
		return fmt.Sprintf("%T", document) // they come from JSON
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	_ = d.Decode(&out) // what was just encoded
	return out
}

// compare walks objects by their members, and lists of objects with an id by
// those ids. A thing that is on one side only is named as a whole.
func compare(a, b any, path []string, found map[string]bool) {
	left, right := children(a), children(b)
	if left == nil || right == nil {
		if !reflect.DeepEqual(a, b) {
			found[strings.Join(path, ".")] = true
		}
		return
	}
	for name := range right {
		if _, both := left[name]; !both {
			found[strings.Join(append(path, name), ".")] = true
		}
	}
	for name, of := range left {
		other, both := right[name]
		if !both {
			found[strings.Join(append(path, name), ".")] = true
			continue
		}
		compare(of, other, append(slices.Clip(path), name), found)
	}
}

// children are the members of an object, or the elements of a list by id; nil
// for everything else.
func children(v any) map[string]any {
	switch v := v.(type) {
	case map[string]any:
		return v
	case []any:
		byID := map[string]any{}
		for _, element := range v {
			object, _ := element.(map[string]any)
			id, ok := object["id"].(string)
			if _, twice := byID[id]; !ok || twice {
				return nil
			}
			byID[id] = element
		}
		return byID
	}
	return nil
}
