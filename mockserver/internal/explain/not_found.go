package explain

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// explainNotFound explains an item or a file that was not found.
func (e *explainer) explainNotFound() error {
	vault, item, file := e.path["vaultUuid"], e.path["itemUuid"], e.path["fileUuid"]
	if item == "" {
		e.rule = ruleOf(e.record.Message)
		return nil
	}
	it, err := e.data.Item(e.account.id, vault, item)
	switch {
	case errors.Is(err, backend.ErrNotFound):
		e.rule = fmt.Sprintf("itemUuid: there is no item %s in the vault", item)
		e.suggestDeletion(vault, item)
		return errors.Join(e.suggestItemIDs(item), e.suggestOwner(item))
	case err != nil:
		return err
	case file != "" && !slices.ContainsFunc(it.Files, func(f connect.File) bool { return f.ID == file }):
		e.rule = fmt.Sprintf("fileUuid: there is no file %s in the item %q", file, it.Title)
		return e.suggestFiles(file)
	}
	e.rule = ruleOf(e.record.Message)
	e.suggest("it is there now: the item %q, version %d", it.Title, it.Version)
	return nil
}

// suggestDeletion says who deleted an item, as far as the journal goes back.
func (e *explainer) suggestDeletion(vault, item string) {
	page, err := e.backend.Journal.Query(controlapi.JournalQuery{
		Account: e.account.id, Operation: "DeleteVaultItem", Status: "204", Limit: maxItems,
	})
	for _, entry := range page.Entries {
		if err == nil && strings.Contains(entry.Path, "/"+vault+"/items/"+item) && entry.ID < e.record.ID {
			e.suggest("it was deleted by %s in the exchange %d", entry.Caller, entry.ID)
		}
	}
}

// suggestOwner says what an id belongs to: a vault of another account, or something of another kind.
func (e *explainer) suggestOwner(id string) error {
	if i := slices.IndexFunc(e.vaults, func(v connect.Vault) bool { return v.ID == id }); i >= 0 {
		e.suggest("%s is the id of the vault %q", id, e.vaults[i].Name)
		return nil
	}
	if e.path["vaultUuid"] == id {
		list, err := e.items()
		for _, it := range list {
			if it.ID == id {
				e.suggest("%s is the id of the item %q in the vault %q", id, it.Title, it.vault.Name)
			}
		}
		if err != nil {
			return err
		}
	}
	vault, owner, err := e.data.OtherVault(e.account.id, id)
	if errors.Is(err, backend.ErrNotFound) {
		return nil
	}
	if err == nil {
		e.suggest("%s is the vault %q of the account %s, the token is of %s", id, vault, owner, e.account.name)
	}
	return err
}
