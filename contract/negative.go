package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
)

// negativeRules returns rules made from the document: requests that are invalid in
// one place. Validation against the document decides which of them a server must
// refuse.
func negativeRules() []rule {
	var list []rule
	for _, op := range withBody() {
		list = append(list, bodyRules(op)...)
	}
	for _, op := range operations(func(op *openapi.Operation) bool { return len(badQueries(op)) > 0 }) {
		list = append(list, rule{Rule{ID: "negative/query/" + op.ID, Tag: "Errors", Level: Should, Evidence: "[D] types of the published document; [G] whether 400 or the default answers a wrong one",
			Text:       op.ID + " with a query parameter of a wrong type is answered as without it, or 400",
			Needs:      []Capability{Read},
			Operations: []string{op.ID}},
			func(s *session) { checkQueries(s, op) }})
	}
	return append(append(list, purposeRules()...), methodRules()...)
}

// purposeRules returns the rules about the only refusal with a status of its own, 406.
func purposeRules() (list []rule) {
	for op, wrong := range map[string]string{
		"UpdateVaultItem": `{"vault":{"id":%q},"category":"DATABASE","title":"changed","fields":[{"purpose":"PASSWORD","value":"x"}]}`,
		"PatchVaultItem":  `[{"op":"add","path":"/fields","value":{"purpose":"USERNAME","value":%q}}]`,
	} {
		list = append(list, rule{Rule{ID: "negative/purpose/" + op, Tag: "Errors", Level: Observed, Evidence: "[R] status only, for a create: vault plugin, pull request 23; [G] that other writes say it too",
			Text:       op + " refuses the purpose of a login in a DATABASE with 406, and nothing comes of it",
			Needs:      []Capability{Write},
			Operations: []string{op}},
			func(s *session) {
				made := s.create(connect.ItemInput{Category: "DATABASE"})
				it := s.do("GetVaultItemById", item(made.ID)).expect(http.StatusOK).item()
				s.do(op, item(it.ID), rawBody(fmt.Sprintf(wrong, s.vault()), "application/json")).refused(http.StatusNotAcceptable, "")
				s.unchanged(it)
			}})
	}
	slices.SortFunc(list, func(a, b rule) int { return strings.Compare(a.ID, b.ID) }) // the map has no order
	return list
}

// kind is one way of making a body invalid.
type kind struct {
	name, text string
	level      Level
	evidence   string
	statuses   []int // of a refusal
}

func bodyRules(op *openapi.Operation) (list []rule) {
	kinds := []kind{
		{"json", "a body that is empty, cut or no JSON", Should, "[D] 400 of the published document; [G] the text", []int{400}},
		{"trailing", "a body with something behind its JSON", Observed, "[G] such a body is no JSON document", []int{400}},
		{"root", "a body of another JSON type", Should, "[D] published document; [R] connect issue 61", []int{400}},
		{"type", "a member of a wrong type", Should, "[D] types of the published document", []int{400}},
		{"enum", "a value that is none of those documented", Should, "[D] enums of the published document", []int{400}},
		{"bounds", "a number or a list out of bounds", Observed, "[D] bounds of the published document; [G] that they are held to", []int{400}},
		{"missing", "a required member missing", Should, "[D] published document", []int{400}},
		{"null", "null for a member", Observed, "[W] clients send null; [G] for which of the others it is refused", []int{400}},
		{"form", "a form, XML and plain text, whatever their Content-Type", Observed, "[R] connect issue 61: a body that can't be read is 400 under another type too", []int{400}},
	}
	for _, k := range kinds {
		if k.name == "bounds" && op.ID == "PatchVaultItem" {
			continue // it has none
		}
		list = append(list, rule{Rule{ID: "negative/" + k.name + "/" + op.ID, Tag: "Errors", Level: k.level, Evidence: k.evidence,
			Text:       op.ID + " refuses " + k.text + ", and nothing comes of it",
			Needs:      []Capability{Write},
			Operations: []string{op.ID}},
			func(s *session) { checkBodies(s, op, k) }})
	}
	return list
}

// wrongBody is an invalid body.
type wrongBody struct{ name, text, contentType string }

// checkBodies sends the invalid bodies of a kind, to an item that it creates if the
// operation needs one. It sends the valid body first, so that a refusal after it is
// because of the invalid place.
func checkBodies(s *session, op *openapi.Operation, k kind) {
	title := s.unique("negative")
	sound := s.sound(op, title)
	cases := wrongBodies(op, k.name, sound)
	if len(cases) == 0 {
		panic(infraError{fmt.Errorf("no body of the kind %s could be made for %s", k.name, op.ID)})
	}
	accepted := 0
	var own, before connect.Item
	send := func(text, contentType string) *answer {
		a := s.do(op.ID, item(own.ID), rawBody(text, contentType))
		if a.Status == http.StatusOK {
			accepted++
			before = connect.Item{} // no longer how the item is
		}
		return a
	}
	if names(op, "itemUuid") {
		own = s.note()
	}
	send(encoded(sound), "application/json").expect(http.StatusOK)
	for _, c := range cases {
		wrong := breaks(op, c)
		if wrong && own.ID != "" && before.ID == "" {
			before = s.atLeast(own.ID, own.Version+accepted)
		}
		a := send(c.text, c.contentType)
		a.what += " with " + c.name
		if wrong || a.Status != http.StatusOK { // what the document lets pass a server need not
			a.refusedOneOf(k.statuses...)
		}
	}
	if before.ID != "" {
		s.unchanged(before)
	}
	if own.ID != "" {
		return
	}
	list := s.do("GetVaultItems", query("filter", fmt.Sprintf("title eq %q", title))).expect(http.StatusOK).items()
	if len(list) > accepted {
		s.fail("%d items are there of %d that were created", len(list), accepted)
	}
}

// atLeast waits until an item has that version or a later one, and returns it.
func (s *session) atLeast(id string, version int) (it connect.Item) {
	s.eventually(func() error {
		if it = s.do("GetVaultItemById", item(id)).expect(http.StatusOK).item(); it.Version < version {
			return fmt.Errorf("the item has version %d after writes that make it %d", it.Version, version)
		}
		return nil
	})
	return it
}

// breaks reports whether the document forbids a body.
func breaks(op *openapi.Operation, c wrongBody) bool {
	r, err := http.NewRequest(op.Method, "http://connect.invalid"+op.Path, nil)
	if err != nil {
		panic(infraError{err})
	}
	r.Header.Set("Content-Type", c.contentType)
	return op.CheckBody(r, []byte(c.text)) != nil
}

// sound returns a valid body with every member that a client may send.
func (s *session) sound(op *openapi.Operation, title string) any {
	if op.ID == "PatchVaultItem" {
		return []any{map[string]any{"op": "replace", "path": "/title", "value": title}}
	}
	return map[string]any{
		"title": title, "category": "SECURE_NOTE", "vault": map[string]any{"id": s.vault(), "name": "any"},
		"favorite": false, "tags": []any{tag, prefix(s.run.id)},
		"urls":     []any{map[string]any{"href": "https://example.com", "label": "site", "primary": true}},
		"sections": []any{map[string]any{"id": "extra", "label": "Extra"}},
		"fields": []any{map[string]any{
			"id": "custom", "label": "custom", "type": "CONCEALED", "purpose": "", "value": "", "generate": true,
			"section": map[string]any{"id": "extra", "label": "Extra"},
			"recipe":  map[string]any{"length": 20, "characterSets": []any{"LETTERS"}, "excludeCharacters": "lO0"},
		}},
	}
}

func wrongBodies(op *openapi.Operation, kind string, sound any) []wrongBody {
	const media = "application/json"
	good := encoded(sound)
	switch kind {
	case "json":
		return []wrongBody{
			{"an empty body", "", media}, {"a blank body", " \n", media}, {"a cut body", good[:len(good)-1], media},
			{"a word", "title", media}, {"a single quote", strings.ReplaceAll(good, `"`, `'`), media},
			{"a comma too many", good[:len(good)-1] + "," + good[len(good)-1:], media}, {"bytes that are no text", "\xff\xfe{}", media},
		}
	case "trailing":
		return []wrongBody{{"a bracket behind", good + "}", media}, {"a second document", good + good, media}, {"words behind", good + " and more", media}}
	case "root":
		list := []wrongBody{{"null", "null", media}, {"a number", "7", media}, {"a text", `"text"`, media}, {"true", "true", media}}
		if _, isList := sound.([]any); isList {
			return append(list, wrongBody{"an object", `{"op":"replace","path":"/title","value":"x"}`, media}, wrongBody{"a list of texts", `["x"]`, media})
		}
		return append(list, wrongBody{"a list", "[" + good + "]", media}, wrongBody{"an empty list", "[]", media})
	case "form":
		return []wrongBody{
			{"XML", "<item/>", "application/xml"}, {"plain text", "title: x", "text/plain"},
			{"a form", "title=x&category=LOGIN", "application/x-www-form-urlencoded"}, {"a form said to be JSON", "title=x&category=LOGIN", media},
		}
	}
	var list []wrongBody
	for _, m := range mutations(op, kind, sound) {
		list = append(list, wrongBody{m.name, encoded(m.document), media})
	}
	return list
}

func encoded(document any) string {
	data, err := json.Marshal(document)
	if err != nil {
		panic(infraError{err})
	}
	return string(data)
}

// badQueries returns raw queries with a parameter that is not of its documented type.
func badQueries(op *openapi.Operation) (list []string) {
	for _, ref := range op.Spec().Parameters {
		p := ref.Value
		if p == nil || p.In != "query" || p.Schema == nil || p.Schema.Value.Type == nil {
			continue
		}
		switch {
		case p.Schema.Value.Type.Is("boolean"):
			list = append(list, p.Name+"=perhaps", p.Name+"=2", p.Name+"=", p.Name, p.Name+"=true&"+p.Name+"=false")
		case p.Schema.Value.Type.Is("integer"):
			list = append(list, p.Name+"=many", p.Name+"=0x10", p.Name+"=", p.Name, p.Name+"=1&"+p.Name+"=2")
		}
	}
	return append(list, []string{"%zz=1", "a=%ff&=&&;", strings.Repeat("unknown=1&", 50)}[:min(len(list), 3)]...)
}

func checkQueries(s *session, op *openapi.Operation) {
	d := s.run.found.document
	where := []option{vault(s.vault()), item(s.someItem()), file(noFile)}
	if d.ID != "" {
		where = []option{vault(d.Vault.ID), item(d.ID), file(d.Files[0].ID)}
	}
	usual := s.do(op.ID, where...)
	allowed := []int{http.StatusBadRequest, usual.Status, http.StatusRequestEntityTooLarge} // a file may be too large to come inline
	for _, q := range badQueries(op) {
		a := s.do(op.ID, append(where, rawQuery(q))...)
		if !slices.Contains(allowed, a.Status) {
			s.fail("%s?%s was answered %d, expected one of %v: %s", a.what, q, a.Status, allowed, a.short())
		}
	}
}

// methodRules returns rules about methods that a path does not have, and one that no
// path has.
func methodRules() []rule {
	// All ids in the path are unknown, so no request can change anything.
	path := strings.NewReplacer("{vaultUuid}", noVault, "{itemUuid}", noItem, "{fileUuid}", noFile)
	methods := map[string][]string{}
	var paths []string
	for _, op := range operations(func(*openapi.Operation) bool { return true }) {
		if methods[op.Path] == nil {
			paths = append(paths, op.Path)
		}
		methods[op.Path] = append(methods[op.Path], op.Method)
	}
	evidence := "[G] no recording; [R] the form of errors"
	return []rule{
		{Rule{ID: "negative/method/unknown", Tag: "Errors", Level: Observed, Evidence: evidence,
			Text: "A method that no path has is refused, on every path"},
			func(s *session) {
				for _, p := range paths {
					s.raw("BREW", path.Replace(p)).refusedOneOf(400, 401, 403, 404, 405)
				}
			}},
		{Rule{ID: "negative/method/other", Tag: "Errors", Level: Observed, Evidence: evidence,
			Text:  "A method that a path does not have is refused",
			Needs: []Capability{Write}},
			func(s *session) {
				for _, p := range paths {
					for _, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
						if !slices.Contains(methods[p], m) {
							s.raw(m, path.Replace(p), rawBody("{}", "application/json")).refusedOneOf(400, 401, 403, 404, 405)
						}
					}
				}
			}},
	}
}
