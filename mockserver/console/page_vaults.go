package console

import (
	"net/http"
	"slices"

	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// itemsOnPage is how many items of a vault a page shows.
const itemsOnPage = 50

// vaultsPage shows vaults and items, and changes items.
func vaultsPage() page {
	return page{path: "/vaults", title: "Vaults", accounts: true, uploads: true, handlers: map[string]handlerFunc{
		"GET /vaults":              getVaults,
		"GET /vaults/items":        getItems,
		"GET /vaults/item":         getItem,
		"POST /vaults/item/show":   showItem,
		"GET /vaults/item/codes":   followCodes,
		"GET /vaults/item/new":     newItem,
		"POST /vaults/item/create": createItem,
		"GET /vaults/item/edit":    editItem,
		"POST /vaults/item/save":   saveItem,
		"POST /vaults/item/copy":   copyItem,
		"GET /vaults/item/delete":  confirmDeleteItem,
		"POST /vaults/item/delete": deleteItem,
		"GET /vaults/file":         getFile,
		"POST /vaults/file/add":    addFile,
		"POST /vaults/file/delete": deleteFile,
	}}
}

// getVaults lists the vaults of an account.
func getVaults(req *request) (*response, error) {
	list, err := req.server.Vaults(req.r.Context(), req.account())
	if err != nil {
		return nil, err
	}
	return req.render("vaults", "Vaults", map[string]any{"Vaults": list}), nil
}

// getItems shows a page of the items of a vault, or those that a search finds.
func getItems(req *request) (*response, error) {
	vault, search, category := req.query("vault"), req.query("search"), req.query("category")
	pages := req.newPager("/vaults/items", itemsOnPage, 0, "vault", vault, "search", search, "category", category)
	list, err := req.server.Items(req.r.Context(), controlapi.ItemQuery{
		Account: req.account(), Vault: vault, Search: search, Category: category, Offset: pages.Offset, Limit: itemsOnPage,
	})
	if err != nil {
		return nil, err
	}
	pages.All = list.Matched
	return req.render("items", list.Vault.Name, map[string]any{
		"List": list, "Pager": pages, "Search": search, "Category": category,
		"Categories": slices.Sorted(slices.Values(connect.Categories())),
		"Ctl":        command.Ctl("show", "items", list.Vault.Name, "--search", search, "--category", category, "--account", req.account()),
	}), nil
}

// itemPlace is the account, the vault and the item that a request names.
func (req *request) itemPlace() (account, vault, item string) {
	vault, item = req.query("vault"), req.query("item")
	if req.r.Method == http.MethodPost {
		vault, item = req.form("vault"), req.form("item")
	}
	return req.account(), vault, item
}

// getItem shows an item without its secrets.
func getItem(req *request) (*response, error) { return req.renderItem(false) }

// showItem shows an item with its secrets.
func showItem(req *request) (*response, error) { return req.renderItem(true) }

func (req *request) renderItem(reveal bool) (*response, error) {
	account, vault, item := req.itemPlace()
	it, err := req.server.Item(req.r.Context(), account, vault, item, reveal)
	if err != nil {
		return nil, err
	}
	document, err := req.server.ItemDocument(req.r.Context(), account, vault, item, reveal)
	if err != nil {
		return nil, err
	}
	if reveal {
		req.session.AllowCodes(it.ID)
	}
	return req.render("item", titleOf(it.Title), map[string]any{
		"Item": it, "Sections": sectionsOf(it), "Document": document.Document, "Revealed": reveal,
		"Secrets": hasSecrets(it), "Sizes": fileLimit(), "ShowCtl": command.Ctl("show", "item", it.Vault.ID, it.ID, "--account", account),
		"RevealCtl": command.Ctl("show", "item", it.Vault.ID, it.ID, "--reveal", "--account", account),
	}), nil
}

// titleOf returns the title of an item, or what stands for none.
func titleOf(title string) string {
	if title == "" {
		return "(without a title)"
	}
	return title
}

// fieldGroup is the fields of a section of an item.
type fieldGroup struct {
	Section string // label or id; "": none
	Fields  []controlapi.ItemField
}

// sectionsOf returns the fields of an item by section, in the order in which the item has them.
func sectionsOf(it controlapi.Item) (groups []fieldGroup) {
	for _, f := range it.Fields {
		i := slices.IndexFunc(groups, func(g fieldGroup) bool { return g.Section == f.Section })
		if i < 0 {
			i = len(groups)
			groups = append(groups, fieldGroup{Section: f.Section})
		}
		groups[i].Fields = append(groups[i].Fields, f)
	}
	return groups
}

// hasSecrets reports whether an item has something to reveal.
func hasSecrets(it controlapi.Item) bool {
	return slices.ContainsFunc(it.Fields, func(f controlapi.ItemField) bool { return f.Masked || f.Former > 0 })
}
