// Package model has the rule that compares random writes with a model.
package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// Rules returns the rule that compares random writes with a model.
func Rules() []check.Rule {
	return []check.Rule{
		{Rule: rule.Rule{ID: "model/items", Tag: "Model", Level: rule.Must,
			Evidence: "[D] published document; [T] terraform provider for versions",
			Text:     "After any sequence of POST, PUT, PATCH and DELETE reads and lists return the expected items",
			Touches:  rule.OwnItems, Long: true, Needs: []rule.Capability{rule.Write},
			Operations: []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem", "DeleteVaultItem",
				"GetVaultItemById", "GetVaultItems"}},
			Check: func(s *check.Session) {
				for i := range 3 {
					seed := int(s.Seed) + i
					Run(s, fmt.Sprintf("sequence of seed %d", seed), changes(seed))
				}
			}},
	}
}

// model has the expected state of the items.
type model struct {
	s           *check.Session
	titlePrefix string // of the items' titles
	items       []*modelItem
	steps       []string // done so far, for the text of a failure
}

// modelItem is the expected state of an item.
type modelItem struct {
	id, title  string
	favorite   bool
	fields     []connect.Field // without the standard fields of the category
	version    int
	minVersion int // of the version, if only a minimum is known; otherwise 0
}

// Run makes the changes one after the other. name describes them in the text of
// a failure.
func Run(s *check.Session, name string, list []Change) {
	m := &model{s: s, titlePrefix: s.UniqueName("model")}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case check.Failure:
			panic(check.Failure{Text: fmt.Sprintf("%s\n%s:\n  %s", p.Text, name, strings.Join(m.steps, "\n  "))})
		default:
			panic(p)
		}
	}()
	for _, c := range list {
		m.apply(c)
	}
	m.compareList()
}

// apply makes a change on the server and in the model, and compares them.
func (m *model) apply(c Change) {
	if c.Kind == "create" || len(m.items) == 0 {
		c.Kind = "create"
		m.addStep("create an item with the fields %v", c.Labels)
		m.create(c)
		m.compareList()
		return
	}
	i := c.Item % len(m.items)
	it := m.items[i]
	m.addStep("%s of item %d", c.Kind, i+1)
	switch c.Kind {
	case "replace":
		m.replace(it, c)
	case "delete":
		m.s.Do("DeleteVaultItem", call.Item(it.id)).ExpectStatus(204)
		m.items = slices.Delete(m.items, i, i+1)
		m.s.WaitForDeletion(it.id)
		m.compareList()
		return
	default:
		m.patch(it, c)
	}
	m.compare(it)
}

func (m *model) addStep(format string, args ...any) {
	m.steps = append(m.steps, fmt.Sprintf("%d. ", len(m.steps)+1)+fmt.Sprintf(format, args...))
}

func (m *model) title(c Change) string { return m.titlePrefix + " " + c.Title }

// input returns the item that a change sends.
func (m *model) input(c Change) connect.ItemInput {
	in := connect.ItemInput{Category: "SERVER", Title: m.title(c), Favorite: c.Favorite}
	for _, label := range c.Labels {
		in.Fields = append(in.Fields, connect.FieldInput{Label: labelPrefix + label, Value: c.Value + " " + label})
	}
	return in
}

// labelPrefix is the beginning of the labels of the model's fields.
const labelPrefix = "model "

func (m *model) create(c Change) {
	in := m.input(c)
	got := m.s.Create(in)
	m.s.Expect(got.Version).To(gomega.Equal(1), "version of a new item")
	it := &modelItem{id: got.ID, version: 1}
	m.items = append(m.items, it)
	m.update(it, in)
	m.compare(it)
}

func (m *model) replace(it *modelItem, c Change) {
	in := m.input(c)
	in.ID, in.Vault, in.Tags = it.id, &connect.VaultRef{ID: m.s.Vault()}, []string{call.Tag, call.RunPrefix(m.s.ID)}
	got := m.s.Do("UpdateVaultItem", call.Item(it.id), call.Body(in)).ExpectStatus(200).Item()
	m.s.Expect(got.ID).To(gomega.Equal(it.id), "id of a replaced item")
	it.version++
	m.update(it, in)
}

// update sets the expected content of an item to what was sent. Fields get their ids
// when they are read.
func (m *model) update(it *modelItem, in connect.ItemInput) {
	it.title, it.favorite, it.fields = in.Title, in.Favorite, nil
	for _, f := range in.Fields {
		it.fields = append(it.fields, connect.Field{Label: f.Label, Value: f.Value})
	}
}

func (m *model) patch(it *modelItem, c Change) {
	op := map[string]any{"op": "replace"}
	var applyToModel func()
	f := -1
	if len(it.fields) > 0 {
		f = c.Field % len(it.fields)
	}
	switch {
	case c.Kind == "patch title":
		op["path"], op["value"] = "/title", m.title(c)
		applyToModel = func() { it.title = m.title(c) }
	case c.Kind == "patch favorite":
		op["path"], op["value"] = "/favorite", c.Favorite
		applyToModel = func() { it.favorite = c.Favorite }
	case c.Kind == "patch nothing":
		m.s.Do("PatchVaultItem", call.Item(it.id), call.Body([]any{})).ExpectStatus(200)
		return
	case c.Kind == "patch add" || f < 0:
		added := connect.Field{Label: fmt.Sprintf("%sadded %d", labelPrefix, len(m.steps)), Value: c.Value}
		op["op"], op["path"] = "add", "/fields"
		op["value"] = map[string]any{"label": added.Label, "value": added.Value, "type": "string"}
		applyToModel = func() { it.fields = append(it.fields, added) }
	case c.Kind == "patch value":
		op["path"], op["value"] = "/fields/"+it.fields[f].ID+"/value", c.Value
		applyToModel = func() { it.fields[f].Value = c.Value }
	default:
		op["op"], op["path"] = "remove", "/fields/"+it.fields[f].ID
		applyToModel = func() { it.fields = slices.Delete(it.fields, f, f+1) }
	}
	m.s.Do("PatchVaultItem", call.Item(it.id), call.Body([]any{op})).ExpectStatus(200)
	applyToModel()
	it.minVersion = it.version + 1 // that a PATCH adds exactly one is not documented
}

// compare waits until an item is read as the model has it.
func (m *model) compare(it *modelItem) {
	m.s.Eventually(func() error {
		got := m.s.ReadItem(it.id)
		var fields []connect.Field
		for _, f := range got.Fields {
			if strings.HasPrefix(f.Label, labelPrefix) {
				fields = append(fields, f)
			}
		}
		if it.minVersion > 0 && got.Version >= it.minVersion {
			it.version, it.minVersion = got.Version, 0
		}
		switch {
		case it.minVersion > 0:
			return fmt.Errorf("the item has version %d, expected at least %d", got.Version, it.minVersion)
		case got.Version != it.version:
			return fmt.Errorf("the item has version %d, expected %d", got.Version, it.version)
		case got.Title != it.title:
			return fmt.Errorf("the item's title is %q, expected %q", got.Title, it.title)
		case got.Favorite != it.favorite:
			return fmt.Errorf("the item's favorite is %t, expected %t", got.Favorite, it.favorite)
		case len(fields) != len(it.fields):
			return fmt.Errorf("the item has %d fields of the model, expected %d", len(fields), len(it.fields))
		}
		for i, f := range it.fields {
			at := slices.IndexFunc(fields, func(x connect.Field) bool { return x.Label == f.Label })
			if at < 0 || fields[at].Value != f.Value || (f.ID != "" && fields[at].ID != f.ID) {
				return fmt.Errorf("the item has no field %q with the expected id and value", f.Label)
			}
			it.fields[i].ID = fields[at].ID
		}
		return nil
	})
}

// compareList waits until the list of the vault has the items of the model and no
// others with their title prefix.
func (m *model) compareList() {
	m.s.Eventually(func() error {
		var got, want []string
		for _, listed := range m.s.Do("GetVaultItems").ExpectStatus(200).Items() {
			if strings.HasPrefix(listed.Title, m.titlePrefix+" ") {
				got = append(got, fmt.Sprintf("%s %d %q", listed.ID, listed.Version, listed.Title))
			}
		}
		for _, it := range m.items {
			want = append(want, fmt.Sprintf("%s %d %q", it.id, it.version, it.title))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			return fmt.Errorf("the list has %v, expected %v", got, want)
		}
		return nil
	})
}
