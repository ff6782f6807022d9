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

// modelRules returns the rule that compares random writes with a model.
func modelRules() []rule {
	return []rule{
		{Rule{ID: "model/items", Tag: "Model", Level: Must,
			Evidence: "[D] published document; [T] terraform provider for versions",
			Text:     "After any sequence of POST, PUT, PATCH and DELETE reads and lists return the expected items",
			Touches:  OwnItems, Long: true,
			Needs: []Capability{Write},
			Operations: []string{"CreateVaultItem", "UpdateVaultItem", "PatchVaultItem", "DeleteVaultItem", "GetVaultItemById",
				"GetVaultItems"}},
			func(s *session) {
				for i := range 3 {
					seed := int(s.seed) + i
					runModel(s, fmt.Sprintf("sequence of seed %d", seed), changes(seed))
				}
			}},
	}
}

// change is one step of a sequence. item and field select one of those that exist when
// the step runs.
type change struct {
	kind         string
	item, field  int
	title, value string
	favorite     bool
	labels       []string
}

// changes returns the sequence for a seed. It does not use a library for property
// tests, which would run many sequences to find the shortest one that fails, on a
// server that may be real, and needs a testing.T, which the command does not have.
// model_test.go uses such a library against the mock.
func changes(seed int) []change {
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	kinds, letters, labels := changeKinds(), []rune(titleLetters), fieldLabels()
	text := func() string {
		word := make([]rune, 1+random.IntN(20))
		for i := range word {
			word[i] = letters[random.IntN(len(letters))]
		}
		return "t" + string(word) + "t" // without spaces at the ends, which a server may remove
	}
	const minSteps, maxSteps = 12, 20
	list := make([]change, minSteps+random.IntN(maxSteps-minSteps+1))
	for i := range list {
		random.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
		list[i] = change{
			kind: kinds[random.IntN(len(kinds))], item: random.IntN(100), field: random.IntN(100),
			title: text(), value: text(), favorite: random.IntN(2) == 0, labels: slices.Clone(labels[:random.IntN(len(labels))]),
		}
	}
	return list
}

// changeKinds returns the kinds of steps.
func changeKinds() []string {
	return []string{
		"create", "replace", "patch title", "patch favorite", "patch value", "patch add", "patch remove", "patch nothing",
		"delete",
	}
}

// fieldLabels returns the labels of fields in a sequence.
func fieldLabels() []string { return []string{"host", "port", "user", "realm"} }

// titleLetters has the letters of titles and values, also some that are often encoded
// incorrectly.
const titleLetters = `ABCXYZabcxyz0189"'&+%/\ ß中🔑`

// model has the expected state of the items.
type model struct {
	s           *session
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

// runModel makes the changes one after the other. name describes them in the text of
// a failure.
func runModel(s *session, name string, list []change) {
	m := &model{s: s, titlePrefix: s.uniqueName("model")}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case assertionFailure:
			panic(assertionFailure{fmt.Sprintf("%s\n%s:\n  %s", p.text, name, strings.Join(m.steps, "\n  "))})
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
func (m *model) apply(c change) {
	if c.kind == "create" || len(m.items) == 0 {
		c.kind = "create"
		m.addStep("create an item with the fields %v", c.labels)
		m.create(c)
		m.compareList()
		return
	}
	i := c.item % len(m.items)
	it := m.items[i]
	m.addStep("%s of item %d", c.kind, i+1)
	switch c.kind {
	case "replace":
		m.replace(it, c)
	case "delete":
		m.s.do("DeleteVaultItem", item(it.id)).expectStatus(http.StatusNoContent)
		m.items = slices.Delete(m.items, i, i+1)
		m.s.waitForDeletion(it.id)
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

func (m *model) title(c change) string { return m.titlePrefix + " " + c.title }

// input returns the item that a change sends.
func (m *model) input(c change) connect.ItemInput {
	in := connect.ItemInput{Category: "SERVER", Title: m.title(c), Favorite: c.favorite}
	for _, label := range c.labels {
		in.Fields = append(in.Fields, connect.FieldInput{Label: labelPrefix + label, Value: c.value + " " + label})
	}
	return in
}

// labelPrefix is the beginning of the labels of the model's fields.
const labelPrefix = "model "

func (m *model) create(c change) {
	in := m.input(c)
	got := m.s.create(in)
	m.s.Expect(got.Version).To(gomega.Equal(1), "version of a new item")
	it := &modelItem{id: got.ID, version: 1}
	m.items = append(m.items, it)
	m.update(it, in)
	m.compare(it)
}

func (m *model) replace(it *modelItem, c change) {
	in := m.input(c)
	in.ID, in.Vault, in.Tags = it.id, &connect.VaultRef{ID: m.s.vault()}, []string{tag, runPrefix(m.s.id)}
	got := m.s.do("UpdateVaultItem", item(it.id), body(in)).expectStatus(http.StatusOK).item()
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

func (m *model) patch(it *modelItem, c change) {
	op := map[string]any{"op": "replace"}
	var applyToModel func()
	f := -1
	if len(it.fields) > 0 {
		f = c.field % len(it.fields)
	}
	switch {
	case c.kind == "patch title":
		op["path"], op["value"] = "/title", m.title(c)
		applyToModel = func() { it.title = m.title(c) }
	case c.kind == "patch favorite":
		op["path"], op["value"] = "/favorite", c.favorite
		applyToModel = func() { it.favorite = c.favorite }
	case c.kind == "patch nothing":
		m.s.do("PatchVaultItem", item(it.id), body([]any{})).expectStatus(http.StatusOK)
		return
	case c.kind == "patch add" || f < 0:
		added := connect.Field{Label: fmt.Sprintf("%sadded %d", labelPrefix, len(m.steps)), Value: c.value}
		op["op"], op["path"] = "add", "/fields"
		op["value"] = map[string]any{"label": added.Label, "value": added.Value, "type": "string"}
		applyToModel = func() { it.fields = append(it.fields, added) }
	case c.kind == "patch value":
		op["path"], op["value"] = "/fields/"+it.fields[f].ID+"/value", c.value
		applyToModel = func() { it.fields[f].Value = c.value }
	default:
		op["op"], op["path"] = "remove", "/fields/"+it.fields[f].ID
		applyToModel = func() { it.fields = slices.Delete(it.fields, f, f+1) }
	}
	m.s.do("PatchVaultItem", item(it.id), body([]any{op})).expectStatus(http.StatusOK)
	applyToModel()
	it.minVersion = it.version + 1 // that a PATCH adds exactly one is not documented
}

// compare waits until an item is read as the model has it.
func (m *model) compare(it *modelItem) {
	m.s.eventually(func() error {
		got := m.s.readItem(it.id)
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
	m.s.eventually(func() error {
		var got, want []string
		for _, listed := range m.s.do("GetVaultItems").expectStatus(http.StatusOK).items() {
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
