package mockserver_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"pgregory.net/rapid"
)

// modelItem is what the model knows of an item.
type modelItem struct {
	id, title, note string
	tags            []string
	version         int
}

// itemMachine changes a vault of a server and a model of it in the same way.
type itemMachine struct {
	s       *testServer
	vault   string
	base    string       // path of the vault's items
	items   []*modelItem // in the order of creation
	deleted []string
	version int   // of the vault's content
	calls   int64 // that are in the activity
}

// TestItems_FollowTheModel creates, replaces, patches and deletes items in random
// order, and compares the server with a model of a few lines.
func TestItems_FollowTheModel(t *testing.T) {
	t.Parallel()
	s := newServer(t, vaultsFixture(t, "Model", "Other"), connecttest.WithoutSocket()).withoutCheck()
	vault := s.vaults(t)[0].ID
	rapid.Check(t, func(t *rapid.T) {
		m := &itemMachine{s: s, vault: vault, base: "/v1/vaults/" + vault + "/items"}
		for _, it := range s.list(t, m.base) { // of the previous run
			s.send(t, "DELETE", m.base+"/"+it.ID, nil).wantStatus(t, 204)
		}
		m.version, m.calls = s.vault(t, vault).ContentVersion, s.activityTotal(t)
		t.Repeat(map[string]func(*rapid.T){
			"check": m.check, "create": m.create, "replace": m.replace, "patch": m.patch, "refused patch": m.refusedPatch,
			"delete": m.remove, "read": m.read, "list": m.list, "find": m.find, "read a deleted item": m.readDeleted,
		})
		m.check(t)
	})
}

var (
	titles = rapid.SampledFrom([]string{"a", "A", "b", "ab", "a b", "ä", `q"q`, "100%", "_", "x'y"})
	tagSet = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"x", "y", "z", "Z", "ü"}), 0, 3, rapid.ID[string])
)

func (m *itemMachine) send(t *rapid.T, method, path string, body any) response {
	m.calls++
	return m.s.send(t, method, path, body)
}

func (m *itemMachine) pickItem(t *rapid.T) *modelItem {
	if len(m.items) == 0 {
		t.Skip("there is no item")
	}
	return rapid.SampledFrom(m.items).Draw(t, "item")
}

func (m *itemMachine) create(t *rapid.T) {
	it := &modelItem{title: titles.Draw(t, "title"), tags: tagSet.Draw(t, "tags"),
		note: titles.Draw(t, "note"), version: 1}
	created := decode[connect.Item](t, m.send(t, "POST", m.base, connect.ItemInput{
		Title: it.title, Category: "SECURE_NOTE", Tags: it.tags,
		Fields: []connect.FieldInput{{Purpose: "NOTES", Value: it.note}},
	}))
	it.id = created.ID
	slices.Sort(it.tags)
	m.items, m.version = append(m.items, it), m.version+1
	m.checkItem(t, it, created, 1)
}

func (m *itemMachine) replace(t *rapid.T) {
	it := m.pickItem(t)
	it.title, it.tags, it.note = titles.Draw(t, "title"), tagSet.Draw(t, "tags"), titles.Draw(t, "note")
	put := decode[connect.Item](t, m.send(t, "PUT", m.base+"/"+it.id, connect.ItemInput{
		Title: it.title, Category: "SECURE_NOTE", Tags: it.tags, Vault: &connect.VaultRef{ID: m.vault},
		Fields: []connect.FieldInput{{ID: "notesPlain", Purpose: "NOTES", Value: it.note}},
	}))
	slices.Sort(it.tags)
	m.checkItem(t, it, put, it.version)
	it.version++
	m.version++
}

func (m *itemMachine) patch(t *rapid.T) {
	it := m.pickItem(t)
	var ops []string
	if rapid.Bool().Draw(t, "change the title") {
		it.title = titles.Draw(t, "title")
		ops = append(ops, `{"op":"replace","path":"/title","value":`+quoteJSON(it.title)+`}`)
	}
	if rapid.Bool().Draw(t, "change the note") {
		it.note = titles.Draw(t, "note")
		ops = append(ops, `{"op":"replace","path":"/fields/notesPlain/value","value":`+quoteJSON(it.note)+`}`)
	}
	if len(it.tags) > 0 && rapid.Bool().Draw(t, "remove a tag") {
		i := rapid.IntRange(0, len(it.tags)-1).Draw(t, "tag")
		it.tags = slices.Delete(slices.Clone(it.tags), i, i+1)
		ops = append(ops, fmt.Sprintf(`{"op":"remove","path":"/tags/%d"}`, i))
	}
	m.checkItem(t, it, decode[connect.Item](t, m.send(t, "PATCH", m.base+"/"+it.id,
		"["+strings.Join(ops, ",")+"]")), it.version)
	if len(ops) > 0 {
		it.version++
		m.version++
	}
}

func (m *itemMachine) refusedPatch(t *rapid.T) {
	it := m.pickItem(t)
	m.send(t, "PATCH", m.base+"/"+it.id,
		`[{"op":"replace","path":"/title","value":"never"},{"op":"remove","path":"/fields/none"}]`).wantStatus(t, 400)
	m.checkItem(t, it, decode[connect.Item](t, m.send(t, "GET", m.base+"/"+it.id, nil)), it.version)
}

func (m *itemMachine) remove(t *rapid.T) {
	it := m.pickItem(t)
	m.send(t, "DELETE", m.base+"/"+it.id, nil).wantStatus(t, 204)
	m.items = slices.DeleteFunc(m.items, func(o *modelItem) bool { return o == it })
	m.deleted, m.version = append(m.deleted, it.id), m.version+1
}

func (m *itemMachine) read(t *rapid.T) {
	it := m.pickItem(t)
	m.checkItem(t, it, decode[connect.Item](t, m.send(t, "GET", m.base+"/"+it.id, nil)), it.version)
}

func (m *itemMachine) list(t *rapid.T) { m.checkList(t, "", func(*modelItem) bool { return true }) }

func (m *itemMachine) find(t *rapid.T) {
	title, tag := titles.Draw(t, "title"), rapid.SampledFrom([]string{"x", "y", "z", "Z", "ü"}).Draw(t, "tag")
	equal := func(it *modelItem) bool { return strings.EqualFold(it.title, title) }
	tagged := func(it *modelItem) bool {
		return slices.ContainsFunc(it.tags, func(have string) bool { return strings.EqualFold(have, tag) })
	}
	quoted := `"` + strings.ReplaceAll(title, `"`, `\"`) + `"`
	switch rapid.IntRange(0, 3).Draw(t, "kind of filter") {
	case 0:
		m.checkList(t, "title eq "+quoted, equal)
	case 1:
		m.checkList(t, `tag eq "`+tag+`"`, tagged)
	case 2:
		m.checkList(t, "title eq "+quoted+` or tag eq "`+tag+`"`, func(it *modelItem) bool { return equal(it) || tagged(it) })
	case 3:
		m.checkList(t, "title co "+quoted+` and not (tag eq "`+tag+`")`, func(it *modelItem) bool {
			return strings.Contains(strings.ToLower(it.title), strings.ToLower(title)) && !tagged(it)
		})
	}
}

func (m *itemMachine) readDeleted(t *rapid.T) {
	if len(m.deleted) == 0 {
		t.Skip("nothing is gone")
	}
	id := rapid.SampledFrom(m.deleted).Draw(t, "id")
	for _, method := range []string{"GET", "DELETE"} {
		m.send(t, method, m.base+"/"+id, nil).wantError(t, connect.ItemNotFound(id))
	}
}

// checkList compares a list with the items of the model that match, in order.
func (m *itemMachine) checkList(t *rapid.T, filter string, fits func(*modelItem) bool) {
	query := ""
	if filter != "" {
		query = "?filter=" + url.QueryEscape(filter)
	}
	var want, got []string
	for _, it := range m.items {
		if fits(it) {
			want = append(want, fmt.Sprint(it.id, it.title, it.tags, it.version))
		}
	}
	for _, it := range decode[[]connect.Summary](t, m.send(t, "GET", m.base+query, nil)) {
		got = append(got, fmt.Sprint(it.ID, it.Title, it.Tags, it.Version))
	}
	if !slices.Equal(want, got) {
		t.Fatalf("%s: listed %q, want %q", filter, got, want)
	}
}

func (m *itemMachine) checkItem(t *rapid.T, it *modelItem, got connect.Item, version int) {
	note := ""
	for _, f := range got.Fields {
		if f.Purpose == "NOTES" {
			note = f.Value
		}
	}
	if got.ID != it.id || got.Title != it.title || note != it.note || !slices.Equal(got.Tags, it.tags) ||
		got.Version != version {
		t.Fatalf("item is %+v, want %+v in version %d", got, it, version)
	}
}

func (m *itemMachine) check(t *rapid.T) {
	v := m.s.vault(t, m.vault)
	m.calls++
	if v.Items != len(m.items) || v.ContentVersion != m.version {
		t.Fatalf("vault says %d items and contentVersion %d, want %d and %d", v.Items, v.ContentVersion,
			len(m.items), m.version)
	}
	if total := m.s.activityTotal(t); total != m.calls {
		t.Fatalf("%d records of %d requests", total, m.calls)
	}
}
