package contract

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

func modelRules() []rule {
	return []rule{
		{Rule{ID: "model/items", Tag: "Model", Level: Must, Evidence: "[D] published document; [T] terraform provider for versions",
			Text:       "After any sequence of creates, replaces, patches and deletes the items read as the sequence left them, one by one and in the list",
			Needs:      []Capability{Write},
			Operations: []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem", "DeleteVaultItem", "GetVaultItemById", "GetVaultItems"}},
			func(s *session) {
				for i := range 3 {
					seed := int(s.run.options.Seed) + i
					runModel(s, fmt.Sprintf("sequence of seed %d", seed), changes(seed))
				}
			}},
	}
}

// change is one step of a sequence. The item and the field are selected from those
// that exist when the step runs.
type change struct {
	kind         string
	item, field  int
	title, value string
	favorite     bool
	labels       []string
}

// changes returns the sequence for a seed, to be run once. It does not use a library
// for property tests: such a library runs many sequences to find a shorter one that
// fails, and each creates items on a server that may be real; it also needs a
// testing.T, which the command line does not have. model_test.go uses rapid against
// the mock, where neither matters.
func changes(seed int) []change {
	draw := rand.New(rand.NewPCG(uint64(seed), 0))
	kinds, letters, labels := changeKinds(), []rune(titleLetters), fieldLabels()
	text := func() string {
		made := make([]rune, 1+draw.IntN(20))
		for i := range made {
			made[i] = letters[draw.IntN(len(letters))]
		}
		return "t" + string(made) + "t" // spaces at the ends are another matter
	}
	const least, most = 12, 20
	list := make([]change, least+draw.IntN(most-least+1))
	for i := range list {
		draw.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
		list[i] = change{
			kind: kinds[draw.IntN(len(kinds))], item: draw.IntN(100), field: draw.IntN(100),
			title: text(), value: text(), favorite: draw.IntN(2) == 0, labels: slices.Clone(labels[:draw.IntN(len(labels))]),
		}
	}
	return list
}

func changeKinds() []string {
	return []string{
		"create", "replace", "patch title", "patch favorite", "patch value", "patch add", "patch remove", "patch nothing", "delete",
	}
}

func fieldLabels() []string { return []string{"host", "port", "user", "realm"} }

// titleLetters are letters that are hard to handle in titles, and some that are not.
const titleLetters = `ABCXYZabcxyz0189"'&+%/\ ß中🔑`

// model has the items as they must be.
type model struct {
	s     *session
	name  string // what its titles begin with
	items []*modelled
	done  []string // the steps so far, for a failure's text
}

type modelled struct {
	id, title string
	favorite  bool
	fields    []connect.Field // of its own; those of the category are the server's
	version   int
	least     int // of the version, where it is only known to have grown; 0 otherwise
}

// runModel makes the changes one after the other; name is for the text of a failure.
func runModel(s *session, name string, list []change) {
	m := &model{s: s, name: s.unique("model")}
	defer func() {
		p := recover()
		if f, ok := p.(failed); ok {
			panic(failed{fmt.Sprintf("%s\n%s:\n  %s", f.text, name, strings.Join(m.done, "\n  "))})
		}
		if p != nil {
			panic(p)
		}
	}()
	for _, c := range list {
		m.apply(c)
	}
	m.compareList()
}

func (m *model) apply(c change) {
	if c.kind == "create" || len(m.items) == 0 {
		c.kind = "create"
		m.step("create an item with the fields %v", c.labels)
		m.create(c)
		m.compareList()
		return
	}
	i := c.item % len(m.items)
	it := m.items[i]
	m.step("%s of item %d", c.kind, i+1)
	switch c.kind {
	case "replace":
		m.replace(it, c)
	case "delete":
		m.s.do("DeleteVaultItem", item(it.id)).expect(http.StatusNoContent)
		m.items = slices.Delete(m.items, i, i+1)
		m.s.gone(it.id)
		m.compareList()
		return
	default:
		m.patch(it, c)
	}
	m.compare(it)
}

func (m *model) step(format string, args ...any) {
	m.done = append(m.done, fmt.Sprintf("%d. ", len(m.done)+1)+fmt.Sprintf(format, args...))
}

func (m *model) title(c change) string { return m.name + " " + c.title }

func (m *model) input(c change) connect.ItemInput {
	in := connect.ItemInput{Category: "SERVER", Title: m.title(c), Favorite: c.favorite}
	for _, label := range c.labels {
		in.Fields = append(in.Fields, connect.FieldInput{Label: own + label, Value: c.value + " " + label})
	}
	return in
}

// own begins the labels of the model's fields.
const own = "model "

func (m *model) create(c change) {
	in := m.input(c)
	got := m.s.create(in)
	m.s.Expect(got.Version).To(gomega.Equal(1), "version of a new item")
	it := &modelled{id: got.ID, version: 1}
	m.items = append(m.items, it)
	m.became(it, in)
	m.compare(it)
}

func (m *model) replace(it *modelled, c change) {
	in := m.input(c)
	in.ID, in.Vault, in.Tags = it.id, &connect.VaultRef{ID: m.s.vault()}, []string{tag, prefix(m.s.run.id)}
	got := m.s.do("UpdateVaultItem", item(it.id), body(in)).expect(http.StatusOK).item()
	m.s.Expect(got.ID).To(gomega.Equal(it.id), "id of a replaced item")
	it.version++
	m.became(it, in)
}

// became updates the model with what was sent; fields get their ids when they are read.
func (m *model) became(it *modelled, in connect.ItemInput) {
	it.title, it.favorite, it.fields = in.Title, in.Favorite, nil
	for _, f := range in.Fields {
		it.fields = append(it.fields, connect.Field{Label: f.Label, Value: f.Value})
	}
}

func (m *model) patch(it *modelled, c change) {
	op := map[string]any{"op": "replace"}
	var change func()
	f := -1
	if len(it.fields) > 0 {
		f = c.field % len(it.fields)
	}
	switch {
	case c.kind == "patch title":
		op["path"], op["value"] = "/title", m.title(c)
		change = func() { it.title = m.title(c) }
	case c.kind == "patch favorite":
		op["path"], op["value"] = "/favorite", c.favorite
		change = func() { it.favorite = c.favorite }
	case c.kind == "patch nothing":
		m.s.do("PatchVaultItem", item(it.id), body([]any{})).expect(http.StatusOK)
		return
	case c.kind == "patch add" || f < 0:
		added := connect.Field{Label: fmt.Sprintf("%sadded %d", own, len(m.done)), Value: c.value}
		op["op"], op["path"] = "add", "/fields"
		op["value"] = map[string]any{"label": added.Label, "value": added.Value, "type": "string"}
		change = func() { it.fields = append(it.fields, added) }
	case c.kind == "patch value":
		op["path"], op["value"] = "/fields/"+it.fields[f].ID+"/value", c.value
		change = func() { it.fields[f].Value = c.value }
	default:
		op["op"], op["path"] = "remove", "/fields/"+it.fields[f].ID
		change = func() { it.fields = slices.Delete(it.fields, f, f+1) }
	}
	m.s.do("PatchVaultItem", item(it.id), body([]any{op})).expect(http.StatusOK)
	change()
	it.least = it.version + 1 // that a patch counts one is not written anywhere
}

// compare waits until an item reads as it is in the model.
func (m *model) compare(it *modelled) {
	m.s.eventually(func() error {
		got := m.s.do("GetVaultItemById", item(it.id)).expect(http.StatusOK).item()
		var fields []connect.Field
		for _, f := range got.Fields {
			if strings.HasPrefix(f.Label, own) {
				fields = append(fields, f)
			}
		}
		if it.least > 0 && got.Version >= it.least {
			it.version, it.least = got.Version, 0
		}
		switch {
		case it.least > 0:
			return fmt.Errorf("the item has version %d, expected at least %d", got.Version, it.least)
		case got.Version != it.version:
			return fmt.Errorf("the item has version %d, expected %d", got.Version, it.version)
		case got.Title != it.title:
			return fmt.Errorf("the item's title is %q, expected %q", got.Title, it.title)
		case got.Favorite != it.favorite:
			return fmt.Errorf("the item's favorite is %t, expected %t", got.Favorite, it.favorite)
		case len(fields) != len(it.fields):
			return fmt.Errorf("the item has %d fields of its own, expected %d", len(fields), len(it.fields))
		}
		for i, f := range it.fields {
			at := slices.IndexFunc(fields, func(x connect.Field) bool { return x.Label == f.Label })
			if at < 0 || fields[at].Value != f.Value || (f.ID != "" && fields[at].ID != f.ID) {
				return fmt.Errorf("the field %q is not there with its id and value", f.Label)
			}
			it.fields[i].ID = fields[at].ID
		}
		return nil
	})
}

// compareList waits until the list of the vault has exactly the items of the model.
func (m *model) compareList() {
	m.s.eventually(func() error {
		var got, want []string
		for _, listed := range m.s.do("GetVaultItems").expect(http.StatusOK).items() {
			if strings.HasPrefix(listed.Title, m.name+" ") {
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
