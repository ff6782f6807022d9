package mockserver_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"
)

// checkStatus checks the status. Clients compare with exactly 200 and 204 [C].
func (a response) checkStatus(t *testing.T, c capturedRequest) {
	t.Helper()
	want := c.Status
	switch {
	case want != 0:
	case c.Method == http.MethodDelete:
		want = 204
	default:
		want = 200
	}
	if a.status != want {
		t.Errorf("%s: status %d %s\nwant %d %s", a.request, a.status, a.body, want, c.Because)
	}
	if a.status == 204 && len(a.body) > 0 {
		t.Errorf("%s: 204 with a body", a.request)
	}
	says := c.Says
	if says == "" {
		says = "filter"
	}
	if want == 400 && !strings.Contains(a.apiError(t).Message, says) {
		t.Errorf("%s: the error does not say %q: %s", a.request, says, a.body)
	}
}

func (a response) checkHeaders(t *testing.T) {
	t.Helper()
	if v := a.header.Get("1Password-Connect-Version"); !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(v) {
		t.Errorf("%s: version header is %q, want three numbers", a.request, v)
	}
	download := a.status == 200 && strings.HasSuffix(a.request, "/content")
	kind := "application/json"
	switch {
	case a.status == 204:
		kind = ""
	case download:
		kind = "application/octet-stream"
	case strings.HasSuffix(a.request, "/heartbeat"):
		kind = "text/plain; charset=utf-8"
	}
	wantEqual(t, kind, a.header.Get("Content-Type"), "%s: Content-Type", a.request)
	for name := range a.header {
		if name == "Location" || strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("%s: header %s, which no Connect server sends", a.request, name)
		}
	}
	if !download {
		return
	}
	if a.header.Get("Content-Length") != strconv.Itoa(len(a.body)) ||
		!strings.HasPrefix(a.header.Get("Content-Disposition"), `attachment; filename="`) {
		t.Errorf("%s: %d bytes with headers %v", a.request, len(a.body), a.header)
	}
}

// checkEncoding checks that JSON is written as by a real server: one line, keys in
// alphabetical order, nothing null or empty [R] except the fields [C] and the title
// [G] of an item.
func (a response) checkEncoding(t *testing.T) {
	t.Helper()
	if a.status != 200 || a.header.Get("Content-Type") != "application/json" {
		return
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%s: %v", a.request, err)
	}
	again, err := json.Marshal(value)
	must(t, err)
	if d := cmp.Diff(string(again), string(a.body)); d != "" {
		t.Errorf("%s: not one line with its keys in order (-want +got):\n%s", a.request, d)
	}
	if name := emptyMember(value); name != "" {
		t.Errorf("%s: member %s is empty and yet there", a.request, name)
	}
}

// emptyMember returns the path of a member that should have been omitted, or "".
func emptyMember(value any) string {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			if name := emptyMember(element); name != "" {
				return name
			}
		}
	case map[string]any:
		for name, member := range value {
			list, isList := member.([]any)
			if member == nil || member == "" || member == false || isList && len(list) == 0 && name != "fields" {
				if name == "title" {
					continue // it is stored as it was sent
				}
				return name
			}
			if inside := emptyMember(member); inside != "" {
				return name + "." + inside
			}
		}
	}
	return ""
}

// checkTitles checks the titles, or names, in a list.
func (a response) checkTitles(t *testing.T, want []string) {
	t.Helper()
	got := []string{}
	var list []struct{ ID, Title, Name string }
	if err := json.Unmarshal(a.body, &list); err != nil {
		t.Fatalf("%s: %v", a.request, err)
	}
	for _, element := range list {
		got = append(got, element.Title+element.Name)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s: (-want +got)\n%s", a.request, d)
	}
}

// checkItem checks title and values of an item.
func (a response) checkItem(t *testing.T, want *wantedItem) {
	t.Helper()
	if want == nil {
		return
	}
	it := decode[connect.Item](t, a)
	if want.Title != nil && it.Title != *want.Title {
		t.Errorf("%s: the title is %q, want %q", a.request, it.Title, *want.Title)
	}
	for name, value := range want.Fields {
		got := ""
		for _, f := range it.Fields {
			if f.Label == name || f.ID == name || f.Purpose == name {
				got = f.Value
			}
		}
		if got != value {
			t.Errorf("%s: the field %s is %q, want %q", a.request, name, got, value)
		}
	}
}

// checkCreated checks a new item: version 1, unique ids, the standard fields of its
// category, and generated values that follow the recipe.
func (a response) checkCreated(t *testing.T, sent string) {
	t.Helper()
	it := decode[connect.Item](t, a)
	if it.Version != 1 {
		t.Errorf("%s: version %d, want 1", a.request, it.Version)
	}
	byID := map[string]connect.Field{}
	for _, f := range it.Fields {
		if _, twice := byID[f.ID]; twice || f.ID == "" {
			t.Errorf("%s: field %q: ids must be there and unique", a.request, f.ID)
		}
		byID[f.ID] = f
	}
	standard := []string{"notesPlain"}
	if it.Category == "LOGIN" {
		standard = []string{"username", "password", "notesPlain"}
	}
	for _, id := range standard {
		if byID[id].Label == "" {
			t.Errorf("%s: standard field %s is missing or has no label", a.request, id)
		}
	}
	var in connect.ItemInput
	must(t, json.Unmarshal([]byte(sent), &in))
	i := slices.IndexFunc(in.Fields, func(f connect.FieldInput) bool { return f.Generate })
	if i < 0 {
		return
	}
	recipe := in.Fields[i].Recipe
	class := ""
	for _, name := range recipe.CharacterSets {
		class += map[string]string{"LETTERS": "A-Za-z", "DIGITS": "0-9"}[name]
	}
	if v := byID["password"].Value; len(v) != recipe.Length || !regexp.MustCompile("^["+class+"]+$").MatchString(v) {
		t.Errorf("%s: generated a value of %d characters that is not %d of %s", a.request, len(v), recipe.Length, class)
	}
}
