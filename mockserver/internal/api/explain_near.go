package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// enough is how many items are looked at for one that may have been meant.
const enough = 10_000

// longTitle is how many bytes of a title or tag are looked at.
const longTitle = 4096

// misaddressed is about an id that is none, or a parameter the document refuses.
func (x *inquiry) misaddressed() error {
	if x.op == nil {
		return nil
	}
	for _, name := range x.op.params {
		value := x.path[name]
		if connect.IsID(value) {
			continue
		}
		x.rule = fmt.Sprintf("%s: an id is 26 of a-z and 0-9, %.80q is not", name, value)
		switch name {
		case "vaultUuid":
			x.near = append(x.near, x.nearVaults(value)...)
		case "itemUuid":
			near, err := x.nearItems(x.path["vaultUuid"], value)
			x.near = append(x.near, near...)
			return err
		case "fileUuid":
			return x.nearFiles(value)
		}
		return nil
	}
	x.rule = ruleOf(x.entry.Message)
	return nil
}

// nearVaults are the account's vaults whose name or id may have been meant.
func (x *inquiry) nearVaults(wanted string) (near []string) {
	var ids, names []string
	for _, v := range x.vaults {
		ids, names = append(ids, v.ID), append(names, v.Name)
		if v.Name == wanted {
			return []string{fmt.Sprintf("the vault %q has the id %s", v.Name, v.ID)}
		}
	}
	ids, names = nearest.FindSimilar(wanted, ids), nearest.FindSimilar(wanted, names)
	for _, v := range x.vaults {
		switch {
		case slices.Contains(names, v.Name):
			near = append(near, fmt.Sprintf("the vault %q has the id %s", v.Name, v.ID))
		case slices.Contains(ids, v.ID):
			near = append(near, fmt.Sprintf("there is the vault %s (%q)", v.ID, v.Name))
		}
	}
	return near
}

// titled is an item as near misses need it.
type titled struct {
	ID    string
	Title string
	Tags  []string
	Vault struct{ ID, Name string }
}

// items are those of one vault, or of all where it is "".
func (x *inquiry) items(vault string) (list []titled, err error) {
	for _, v := range x.vaults {
		if vault != "" && v.ID != vault || len(list) >= enough {
			continue
		}
		err := x.tx.Summaries(x.account.ID, v.ID, nil, func(summary []byte) error {
			var it titled
			if len(list) >= enough {
				return nil
			}
			err := json.Unmarshal(summary, &it)
			it.Title = journal.Truncate(it.Title, longTitle)
			for i := range it.Tags {
				it.Tags[i] = journal.Truncate(it.Tags[i], longTitle)
			}
			it.Vault.ID, it.Vault.Name = v.ID, v.Name
			list = append(list, it)
			return err
		})
		if err != nil {
			return list, err
		}
	}
	return list, nil
}

// nearItems are the items whose title or id may have been meant: those of the
// vault, or of another where the vault has none.
func (x *inquiry) nearItems(vault, wanted string) ([]string, error) {
	list, err := x.items("")
	var here, there []titled
	for _, it := range list {
		if it.Vault.ID == vault {
			here = append(here, it)
		} else {
			there = append(there, it)
		}
	}
	near := sayItems(here, wanted, func(it titled) string {
		return fmt.Sprintf("the item %q has the id %s", it.Title, it.ID)
	})
	if len(near) == 0 {
		near = sayItems(there, wanted, func(it titled) string {
			return fmt.Sprintf("the item %q has the id %s and is in the vault %q (%s)", it.Title, it.ID, it.Vault.Name, it.Vault.ID)
		})
	}
	return near, err
}

// sayItems says the items whose title or id is another or close to it: no
// close ones where one is the same.
func sayItems(among []titled, wanted string, say func(titled) string) (near []string) {
	titles, ids := make([]string, len(among)), make([]string, len(among))
	for i, it := range among {
		titles[i], ids[i] = it.Title, it.ID
		if it.Title == wanted || it.ID == wanted {
			near = append(near, say(it))
		}
	}
	if len(near) > 0 {
		return near[:min(len(near), 3)]
	}
	titles, ids = nearest.FindSimilar(wanted, titles), nearest.FindSimilar(wanted, ids)
	for _, it := range among {
		if slices.Contains(titles, it.Title) || slices.Contains(ids, it.ID) {
			near = append(near, say(it))
		}
	}
	return near[:min(len(near), 3)]
}

// nearFiles are the files of the path's item whose name or id may have been
// meant.
func (x *inquiry) nearFiles(wanted string) error {
	it, err := x.tx.Item(x.account.ID, x.path["vaultUuid"], x.path["itemUuid"])
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	var ids, names []string
	for _, f := range it.Files {
		ids, names = append(ids, f.ID), append(names, f.Name)
	}
	ids, names = append(nearest.FindSimilar(wanted, ids), wanted), append(nearest.FindSimilar(wanted, names), wanted)
	for _, f := range it.Files {
		if slices.Contains(names, f.Name) || slices.Contains(ids, f.ID) {
			x.says("the file %q has the id %s", f.Name, f.ID)
		}
	}
	if len(it.Files) == 0 && err == nil {
		x.says("the item %q has no files", it.Title)
	}
	return err
}

// missing is about an item or a file that is not where it was asked for.
func (x *inquiry) missing() error {
	vault, item, file := x.path["vaultUuid"], x.path["itemUuid"], x.path["fileUuid"]
	if item == "" {
		x.rule = ruleOf(x.entry.Message)
		return nil
	}
	it, err := x.tx.Item(x.account.ID, vault, item)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	case err != nil:
		x.rule = fmt.Sprintf("itemUuid: there is no item %s in the vault", item)
		x.near = append(x.near, x.deleted(vault, item)...)
		near, err := x.nearItems(vault, item)
		x.near = append(x.near, near...)
		return errors.Join(err, x.elsewhere(item))
	case file != "" && !slices.ContainsFunc(it.Files, func(f connect.File) bool { return f.ID == file }):
		x.rule = fmt.Sprintf("fileUuid: there is no file %s in the item %q", file, it.Title)
		return x.nearFiles(file)
	}
	x.rule = ruleOf(x.entry.Message)
	x.says("it is there now: the item %q, version %d", it.Title, it.Version)
	return nil
}

// deleted says who deleted an item, as far as the journal remembers.
func (x *inquiry) deleted(vault, item string) (near []string) {
	page, err := x.s.backend.Journal.Query(controlapi.JournalQuery{
		Account: x.account.ID, Operation: "DeleteVaultItem", Status: "204", Limit: enough,
	})
	for _, e := range page.Entries {
		if err == nil && strings.Contains(e.Path, "/"+vault+"/items/"+item) && e.ID < x.entry.ID {
			near = append(near, fmt.Sprintf("it was deleted by %s in the exchange %d", e.Caller, e.ID))
		}
	}
	return near
}

// elsewhere says what else an id is: another account's vault, or something of
// another kind.
func (x *inquiry) elsewhere(id string) error {
	if i := slices.IndexFunc(x.vaults, func(v connect.Vault) bool { return v.ID == id }); i >= 0 {
		x.says("%s is the id of the vault %q", id, x.vaults[i].Name)
		return nil
	}
	if x.path["vaultUuid"] == id {
		list, err := x.items("")
		for _, it := range list {
			if it.ID == id {
				x.says("%s is the id of the item %q in the vault %q", id, it.Title, it.Vault.Name)
			}
		}
		if err != nil {
			return err
		}
	}
	accounts, err := x.tx.Accounts()
	for _, a := range accounts {
		if a.ID == x.account.ID {
			continue
		}
		if v, err := x.tx.Vault(a.ID, id); err == nil {
			x.says("%s is the vault %q of the account %s, the token is of %s", id, v.Name, a.Name, x.account.Name)
			return nil
		}
	}
	return err
}
