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

// DiffSnapshots returns what changed from one snapshot of an account to another, or to the account's present state if
// to is empty. The result has names and members, never a value.
func (b *Backend) DiffSnapshots(ctx context.Context, account, from, to string) (controlapi.Diff, error) {
	d := controlapi.Diff{From: from, To: to, Changes: []controlapi.Change{}}
	var before, after string
	err := b.store.View(ctx, func(tx *store.Tx) error {
		a, err := findAccount(tx, account)
		if err != nil {
			return err
		}
		s, err := findSnapshot(tx, a, from)
		if err != nil {
			return err
		}
		before, after = s.ID, a.ID
		if to != "" {
			s, err = findSnapshot(tx, a, to)
			after = s.ID
		}
		if err != nil {
			return err
		}
		type diffFunc func(tx *store.Tx, before, after string) ([]controlapi.Change, error)
		for _, diff := range []diffFunc{diffVaults, diffItems, diffTokens} {
			changes, err := diff(tx, before, after)
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
	old, err := b.store.ActivityCount(ctx, before)
	if err != nil {
		return controlapi.Diff{}, err
	}
	new, err := b.store.ActivityCount(ctx, after)
	d.Activity = int(new - old)
	return d, err
}

func diffVaults(tx *store.Tx, before, after string) ([]controlapi.Change, error) {
	old, err := tx.Vaults(before)
	if err != nil {
		return nil, err
	}
	new, err := tx.Vaults(after)
	id := func(v connect.Vault) string { return v.ID }
	return diffLists(old, new, id, func(v connect.Vault) controlapi.Change {
		return controlapi.Change{Kind: "vault", ID: v.ID, Name: v.Name}
	}), err
}

func diffTokens(tx *store.Tx, before, after string) ([]controlapi.Change, error) {
	old, err := tx.Tokens(before)
	if err != nil {
		return nil, err
	}
	new, err := tx.Tokens(after)
	id := func(t tokenState) string { return t.ID }
	return diffLists(tokenStates(old), tokenStates(new), id, func(t tokenState) controlapi.Change {
		return controlapi.Change{Kind: "token", ID: t.ID, Name: t.Name}
	}), err
}

// tokenState is the part of a token that can change, with the member names of the control API.
type tokenState struct {
	ID         string                        `json:"id"`
	Name       string                        `json:"name"`
	Permission connect.Permission            `json:"permission"`
	Vaults     map[string]connect.Permission `json:"vaults"`
	NotBefore  string                        `json:"notBefore"`
	ExpiresAt  string                        `json:"expiresAt"`
	Revoked    bool                          `json:"revoked"`
	Value      string                        `json:"value"` // the hash of a plain token, "" for a signed one
}

func tokenStates(tokens []auth.Token) []tokenState {
	all := make([]tokenState, len(tokens))
	for i, t := range tokens {
		all[i] = tokenState{
			t.ID, t.Name, t.All, t.Vaults, connect.At(t.NotBefore).String(), connect.At(t.ExpiresAt).String(),
			!t.RevokedAt.IsZero(), t.Hash,
		}
	}
	return all
}

// diffItems compares only the items that may differ.
func diffItems(tx *store.Tx, before, after string) ([]controlapi.Change, error) {
	ids, err := tx.ChangedItemIDs(before, after)
	if err != nil {
		return nil, err
	}
	slices.Sort(ids)
	old, err := findItems(tx, before, ids)
	if err != nil {
		return nil, err
	}
	new, err := findItems(tx, after, ids)
	id := func(it connect.Item) string { return it.ID }
	return diffLists(old, new, id, func(it connect.Item) controlapi.Change {
		return controlapi.Change{Kind: "item", ID: it.ID, Name: it.Title, Vault: it.Vault.ID}
	}), err
}

// findItems returns the items of an account, in any vault, that have one of the ids.
func findItems(tx *store.Tx, account string, ids []string) (list []connect.Item, err error) {
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
		if !it.Trashed { // an item in the trash counts as removed
			list = append(list, it)
		}
	}
	return list, nil
}

// diffLists compares two lists by id. It returns what was removed, then what was added or changed in the order of new.
// describe returns a Change without what changed.
func diffLists[V any](old, new []V, id func(V) string, describe func(V) controlapi.Change) (list []controlapi.Change) {
	oldByID := map[string]V{}
	for _, v := range old {
		oldByID[id(v)] = v
	}
	isInNew := map[string]bool{}
	for _, v := range new {
		isInNew[id(v)] = true
	}
	add := func(v V, change string, members []string) {
		c := describe(v)
		c.Change, c.Members = change, members
		list = append(list, c)
	}
	for _, v := range old {
		if !isInNew[id(v)] {
			add(v, "removed", nil)
		}
	}
	for _, v := range new {
		before, known := oldByID[id(v)]
		if !known {
			add(v, "added", nil)
		} else if members := differences(before, v); len(members) > 0 {
			add(v, "changed", members)
		}
	}
	return list
}

// differences returns the members that differ between two documents of one type, as "fields.password.value".
func differences(a, b any) []string {
	found := map[string]bool{}
	compare(toJSONValue(a), toJSONValue(b), nil, found)
	return slices.Sorted(maps.Keys(found))
}

// toJSONValue returns a document as encoding/json decodes it into an interface.
func toJSONValue(document any) (out any) {
	data, err := json.Marshal(document)
	if err != nil {
		return fmt.Sprintf("%T", document) // impossible: the document was decoded from JSON
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	_ = d.Decode(&out) // it was just encoded
	return out
}

// compare adds the members that differ to found. It compares objects by their members, and lists of objects with an id
// by those ids. A value that only one side has is one difference, whatever is in it.
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
	for name, value := range left {
		other, both := right[name]
		if !both {
			found[strings.Join(append(path, name), ".")] = true
			continue
		}
		compare(value, other, append(slices.Clip(path), name), found)
	}
}

// children returns the members of an object, or the elements of a list by id. It returns nil for any other value, and
// for a list with elements that have no id or the same one.
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
