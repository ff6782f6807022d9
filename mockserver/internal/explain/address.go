package explain

import (
	"errors"
	"fmt"
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/openapi/connect"
)

const (
	maxItems       = 10_000 // that are searched for one that was probably meant
	maxLabel       = 4096   // bytes of a title or tag that are compared
	maxSuggestions = 3      // of one kind
)

// explainAddress explains an id that is none, or a parameter that the document refuses.
func (e *explainer) explainAddress() error {
	if e.op == nil {
		return nil
	}
	for _, name := range e.op.Parameters {
		value := e.path[name]
		if connect.IsID(value) {
			continue
		}
		e.rule = fmt.Sprintf("%s: an id is 26 of a-z and 0-9, %.80q is not", name, value)
		switch name {
		case "vaultUuid":
			e.suggestVaults(value)
		case "itemUuid":
			return e.suggestItemIDs(value)
		case "fileUuid":
			return e.suggestFiles(value)
		}
		return nil
	}
	e.rule = ruleOf(e.record.Message)
	return nil
}

// suggestVaults suggests the account's vaults whose name or id is close to the wanted one.
func (e *explainer) suggestVaults(wanted string) {
	var ids, names []string
	for _, v := range e.vaults {
		ids, names = append(ids, v.ID), append(names, v.Name)
		if v.Name == wanted {
			e.suggest("the vault %q has the id %s", v.Name, v.ID)
			return
		}
	}
	ids, names = nearest.FindSimilar(wanted, ids), nearest.FindSimilar(wanted, names)
	for _, v := range e.vaults {
		switch {
		case slices.Contains(names, v.Name):
			e.suggest("the vault %q has the id %s", v.Name, v.ID)
		case slices.Contains(ids, v.ID):
			e.suggest("there is the vault %s (%q)", v.ID, v.Name)
		}
	}
}

// item is an item of the account with its vault.
type item struct {
	backend.Labels
	vault connect.Vault
}

// items returns the items of all vaults of the account.
func (e *explainer) items() (list []item, err error) {
	for _, v := range e.vaults {
		if len(list) >= maxItems {
			break
		}
		err := e.data.Labels(e.account.id, v.ID, func(it backend.Labels) {
			if len(list) >= maxItems {
				return
			}
			it.Title = journal.Truncate(it.Title, maxLabel)
			for i := range it.Tags {
				it.Tags[i] = journal.Truncate(it.Tags[i], maxLabel)
			}
			list = append(list, item{it, v})
		})
		if err != nil {
			return list, err
		}
	}
	return list, nil
}

// suggestItemIDs suggests the items whose title or id is close to the wanted one: those of the vault of the path, or of
// others where it has none.
func (e *explainer) suggestItemIDs(wanted string) error {
	list, err := e.items()
	var here, elsewhere []item
	for _, it := range list {
		if it.vault.ID == e.path["vaultUuid"] {
			here = append(here, it)
		} else {
			elsewhere = append(elsewhere, it)
		}
	}
	found := similarItems(here, wanted)
	for _, it := range found {
		e.suggest("the item %q has the id %s", it.Title, it.ID)
	}
	if len(found) > 0 {
		return err
	}
	for _, it := range similarItems(elsewhere, wanted) {
		e.suggest("the item %q has the id %s and is in the vault %q (%s)", it.Title, it.ID, it.vault.Name, it.vault.ID)
	}
	return err
}

// similarItems returns the items whose title or id is the wanted one or, if there is none, close to it.
func similarItems(list []item, wanted string) (found []item) {
	titles, ids := make([]string, len(list)), make([]string, len(list))
	for i, it := range list {
		titles[i], ids[i] = it.Title, it.ID
		if it.Title == wanted || it.ID == wanted {
			found = append(found, it)
		}
	}
	if len(found) == 0 {
		titles, ids = nearest.FindSimilar(wanted, titles), nearest.FindSimilar(wanted, ids)
		for _, it := range list {
			if slices.Contains(titles, it.Title) || slices.Contains(ids, it.ID) {
				found = append(found, it)
			}
		}
	}
	return found[:min(len(found), maxSuggestions)]
}

// suggestFiles suggests the files of the path's item whose name or id is close to the wanted one.
func (e *explainer) suggestFiles(wanted string) error {
	it, err := e.data.Item(e.account.id, e.path["vaultUuid"], e.path["itemUuid"])
	if errors.Is(err, backend.ErrNotFound) {
		return nil
	}
	var ids, names []string
	for _, f := range it.Files {
		ids, names = append(ids, f.ID), append(names, f.Name)
	}
	ids, names = append(nearest.FindSimilar(wanted, ids), wanted), append(nearest.FindSimilar(wanted, names), wanted)
	for _, f := range it.Files {
		if slices.Contains(names, f.Name) || slices.Contains(ids, f.ID) {
			e.suggest("the file %q has the id %s", f.Name, f.ID)
		}
	}
	if len(it.Files) == 0 && err == nil {
		e.suggest("the item %q has no files", it.Title)
	}
	return err
}
