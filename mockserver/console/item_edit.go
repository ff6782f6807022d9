package console

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/connectmock/connectmock/mockserver/console/internal/command"
	"github.com/connectmock/connectmock/mockserver/console/internal/forms"
	"github.com/connectmock/connectmock/mockserver/console/internal/session"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// newItem shows an empty form with the standard fields of a category.
func newItem(req *request) (*response, error) {
	vault, category := req.query("vault"), req.query("category")
	if category == "" {
		category = "LOGIN"
	}
	if !slices.Contains(connect.CreatableCategories(), category) {
		return nil, &controlapi.Error{Status: 400, Message: "clients can't create items of the category " + category}
	}
	f := forms.Item{Vault: vault, Category: category}
	for _, standard := range connect.StandardFields(category) {
		if standard.Optional {
			continue
		}
		kind := standard.Type
		if kind == "" {
			kind = "STRING"
		}
		f.Fields = append(f.Fields, forms.Field{
			ID: standard.ID, Label: standard.Label, Type: kind, Purpose: standard.Purpose, Section: standard.Section.Label,
		})
	}
	return req.renderItemForm(f), nil
}

// renderItemForm shows the form for a new or an existing item.
func (req *request) renderItemForm(f forms.Item) *response {
	title := "Edit the item"
	if f.Item == "" {
		title = "New item"
	}
	return req.render("item_edit", title, map[string]any{
		"Form": f.WithBlanks(), "Categories": slices.Sorted(slices.Values(connect.CreatableCategories())),
	})
}

// editItem shows the form for an item, without its secrets.
func editItem(req *request) (*response, error) {
	account, vault, item := req.itemPlace()
	it, err := req.server.Item(req.r.Context(), account, vault, item, false)
	if err != nil {
		return nil, err
	}
	present, err := req.presentItem(it.Vault.ID, it.ID)
	if err != nil {
		return nil, err
	}
	return req.renderItemForm(forms.NewItem(it, present)), nil
}

// presentItem returns an item as it is stored, with its secrets.
func (req *request) presentItem(vault, item string) (it connect.Item, err error) {
	got, err := req.server.ItemDocument(req.r.Context(), req.account(), vault, item, true)
	if err != nil {
		return it, err
	}
	encoded, err := json.Marshal(got.Document)
	if err == nil {
		err = json.Unmarshal(encoded, &it)
	}
	if err != nil {
		err = errors.New("an item can't be decoded") // the cause may quote it
	}
	return it, err
}

// createItem creates the item of the form.
func createItem(req *request) (*response, error) {
	f := forms.ReadItem(req.r.PostForm)
	if req.form("more") != "" {
		return req.renderItemForm(f), nil
	}
	in := f.Input(connect.Item{})
	id, err := req.server.CreateItem(req.r.Context(), req.account(), f.Vault, in)
	if err != nil {
		return req.refusedForm(f, err)
	}
	same := command.Ctl("item", "create", f.Vault, "-", "--account", req.account())
	return done(req.link("/vaults/item", "vault", f.Vault, "item", id), session.Notice{
		Text: "Created the item.", Ctl: command.WithInput(shownBody(in), same),
	}), nil
}

// saveItem replaces an item by that of the form.
func saveItem(req *request) (*response, error) {
	f := forms.ReadItem(req.r.PostForm)
	if req.form("more") != "" {
		return req.renderItemForm(f), nil
	}
	present, err := req.presentItem(f.Vault, f.Item)
	if err != nil {
		return nil, err
	}
	in := f.Input(present)
	if err := req.server.ReplaceItem(req.r.Context(), req.account(), f.Vault, f.Item, f.Version, in); err != nil {
		return req.refusedForm(f, err)
	}
	same := command.Ctl("item", "replace", f.Vault, f.Item, "-", "--if-version", nonZero(f.Version), "--account", req.account())
	return done(req.link("/vaults/item", "vault", f.Vault, "item", f.Item), session.Notice{
		Text: "Saved the item.", Ctl: command.WithInput(shownBody(in), same),
	}), nil
}

// refusedForm shows what was entered again, with the reason why it was refused.
func (req *request) refusedForm(f forms.Item, err error) (*response, error) {
	var refused *controlapi.Error
	if !errors.As(err, &refused) || refused.Status == 404 {
		return nil, err
	}
	f.Problem = req.server.HideTokens(refused.Message)
	resp := req.renderItemForm(f)
	resp.status = refused.Status
	return resp, nil
}

// shownBody returns the body of a request for the command line, with words in place of secrets.
func shownBody(in connect.ItemInput) string {
	in.Fields = slices.Clone(in.Fields)
	for i, f := range in.Fields {
		isSecret := f.Purpose == connect.PurposePassword || slices.Contains(secretTypes(), f.Type)
		if isSecret && f.Value != "" {
			in.Fields[i].Value = "VALUE OF " + f.ID
		}
	}
	body, err := json.Marshal(in)
	if err != nil {
		return "{}" // impossible: it has only texts
	}
	return string(body)
}

// secretTypes are the types of fields whose values are secret.
func secretTypes() []string { return []string{"CONCEALED", "OTP", "SSHKEY", "UNKNOWN"} }
