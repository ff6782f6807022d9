package mockserver_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// patchTarget is the item that patches change.
const patchTarget = `{"title":"t","category":"LOGIN","tags":["a","b","c"],"urls":[{"href":"https://a.example"}],
	"sections":[{"id":"s","label":"S"}],"fields":[{"purpose":"USERNAME","value":"u"},{"purpose":"PASSWORD","value":"p"},
	{"id":"own","label":"Own","section":{"id":"s"},"value":"v"},{"id":"TOTP_1","type":"OTP","label":"code","value":"JBSWY3DPEHPK3PXP"}]}`

func TestPatch_ChangesOnlyWhatItNames(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, connecttest.WithClock(newClock().Now)), demo(t)
	tests := map[string]struct {
		ops    string
		change func(*connect.Item)
	}{
		"nothing":         {`[]`, func(*connect.Item) {}},
		"favorite":        {`[{"op":"replace","path":"/favorite","value":true}]`, func(it *connect.Item) { it.Favorite = true }},
		"title":           {`[{"op":"replace","path":"/title","value":"new"}]`, func(it *connect.Item) { it.Title = "new" }},
		"remove a tag":    {`[{"op":"remove","path":"/tags/1"}]`, func(it *connect.Item) { it.Tags = []string{"a", "c"} }},
		"remove all tags": {`[{"op":"remove","path":"/tags"}]`, func(it *connect.Item) { it.Tags = nil }},
		"add a tag":       {`[{"op":"add","path":"/tags","value":"0"}]`, func(it *connect.Item) { it.Tags = []string{"0", "a", "b", "c"} }},
		"value": {`[{"op":"replace","path":"/fields/own/value","value":"w"}]`,
			func(it *connect.Item) { it.Fields[3].Value = "w" }}, // connect 58
		"label":        {`[{"op":"replace","path":"/fields/own/label","value":"L"}]`, func(it *connect.Item) { it.Fields[3].Label = "L" }},
		"remove value": {`[{"op":"remove","path":"/fields/own/value","value":""}]`, func(it *connect.Item) { it.Fields[3].Value = "" }}, // as recorded
		"partial field": {`[{"op":"replace","path":"/fields/username","value":{"value":"w"}}]`,
			func(it *connect.Item) { it.Fields[0].Value = "w"; it.AdditionalInformation = "w" }}, // JIT:320-340
		"remove a field": {`[{"op":"remove","path":"/fields/own"}]`, func(it *connect.Item) { it.Fields = append(it.Fields[:3], it.Fields[4:]...) }},
		"two in order": {`[{"op":"replace","path":"/title","value":"one"},{"op":"replace","path":"/title","value":"two"}]`,
			func(it *connect.Item) { it.Title = "two" }},
		"append a field": {`[{"op":"add","path":"/fields","value":{"id":"more","label":"More","type":"string","value":"x"}}]`,
			func(it *connect.Item) {
				it.Fields = append(it.Fields, connect.Field{ID: "more", Label: "More", Type: "STRING", Value: "x"})
			}},
	}
	for name, test := range tests {
		before, path := s.create(t, d.vault("Office"), patchTarget)
		want := s.item(t, path)
		test.change(&want)
		got := decode[connect.Item](t, s.send(t, "PATCH", path, test.ops))
		wantEqual(t, want, got, "%s", name)
		want.Version = before.Version
		if name != "nothing" {
			want.Version++
		}
		wantEqual(t, want, s.item(t, path), "%s, read again", name)
	}
}

func TestPatch_ReplacesTheWholeItem(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	created, path := s.create(t, d.vault("Office"), patchTarget)
	got := decode[connect.Item](t, s.send(t, "PATCH", path,
		`[{"op":"replace","path":"/","value":{"title":"new","category":"LOGIN","vault":{"id":"`+d.vault("Office")+
			`"},"fields":[{"id":"only","label":"Only","value":"x"}]}}]`))
	if got.Title != "new" || len(got.Fields) != 4 || got.Tags != nil || got.ID != created.ID {
		t.Errorf("replaced by %+v", got)
	}
}

// The Java client writes the names of its operations in upper case.
func TestPatch_AcceptsOpInAnyCase(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	created, path := s.create(t, d.vault("Office"), patchTarget)
	got := decode[connect.Item](t, s.send(t, "PATCH", path,
		`[{"op":"REPLACE","path":"/title","value":"Q"},{"op":"Add","path":"/fields","value":{"label":"more"}},{"op":"rEMOVE","path":"/tags","value":""}]`).wantOK(t))
	if got.Title != "Q" || len(got.Fields) != len(created.Fields)+1 || got.Tags != nil {
		t.Errorf("patched to %+v", got)
	}
	e := s.send(t, "PATCH", path, `[{"op":"MOVE","path":"/title"}]`).apiError(t)
	if e.Status != 400 || !strings.Contains(e.Message, "[0].op must be one of add, remove, replace, in any case") {
		t.Errorf("another operation: %v", &e)
	}
}

// The valid operations before an invalid one change nothing.
func TestPatch_AppliesAllOperationsOrNone(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, connecttest.WithClock(newClock().Now)), demo(t) // so that the one-time code stays the same
	_, path := s.create(t, d.vault("Office"), patchTarget)
	before, vault := string(s.get(t, path).body), s.vault(t, d.vault("Office"))
	good := `{"op":"replace","path":"/title","value":"changed"},{"op":"add","path":"/fields","value":{"label":"new","section":{"id":"fresh"}}},{"op":"remove","path":"/tags"},`
	for _, bad := range []string{
		`{"op":"remove","path":"/nothing"}`, `{"op":"replace","path":"/fields/nope/value","value":"x"}`, `{"op":"remove","path":"/tags/7"}`,
		`{"op":"replace","path":"title","value":"x"}`, `{"op":"replace","path":"","value":"x"}`, `{"op":"replace","path":"/favorite","value":"yes"}`,
		`{"op":"replace","path":"/category","value":"SERVER"}`,
		`{"op":"replace","path":"/fields/own/type","value":"totp"}`, `{"op":"replace","path":"/fields/own/purpose","value":"PASSWORD"}`,
		`{"op":"add","path":"/fields","value":{"id":"own"}}`, `{"op":"replace","path":"/fields/TOTP_1/value","value":"!"}`, `{"op":"replace","path":"/id","value":"x"}`,
		`{"op":"move","from":"/title","path":"/tags"}`, `{"op":"test","path":"/title","value":"t"}`, `{"op":"replace","path":"/version","value":9}`,
		`{"op":"replace","path":"/fields/own/value/x","value":"x"}`, `{"op":"add","path":"/tags/99","value":"x"}`, `{"op":"replace","path":"/fields/own/value"}`,
	} {
		a := s.send(t, "PATCH", path, "["+good+bad+"]")
		if a.status != 400 {
			t.Errorf("%s: status %d: %s", bad, a.status, a.body)
		}
		if after := string(s.get(t, path).body); a.status != 200 && after != before {
			t.Fatalf("%s: refused, and the item changed\nfrom %s\n  to %s", bad, before, after)
		}
	}
	wantEqual(t, vault, s.vault(t, d.vault("Office")), "refused patches changed the vault")
}

// A patch of random operations never fails with a 5xx, changes nothing when it is
// refused, and else responds with the item that the next GET returns.
func TestPatch_AnyOperationsKeepTheItemValid(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, connecttest.WithClock(newClock().Now), connecttest.WithoutSocket()), demo(t)
	_, path := s.create(t, d.vault("Office"), patchTarget)
	rapid.Check(t, func(rt *rapid.T) {
		before := s.get(rt, path).wantOK(rt)
		version := decode[connect.Item](rt, before).Version
		ops := rapid.SliceOfN(patchOperation(), 0, 4).Draw(rt, "operations")
		a := s.send(rt, "PATCH", path, "["+join(ops)+"]")
		after := s.get(rt, path).wantOK(rt)
		if a.status >= 500 {
			rt.Fatalf("status %d", a.status)
		}
		if a.status != 200 && string(before.body) != string(after.body) {
			rt.Fatalf("status %d, and the item changed\nfrom %s\n  to %s", a.status, before.body, after.body)
		}
		if a.status != 200 {
			a.apiError(rt)
			return
		}
		sent, read := decode[connect.Item](rt, a), decode[connect.Item](rt, after)
		want := version
		if len(ops) > 0 {
			want++
		}
		if sent.Version != version || read.Version != want {
			rt.Fatalf("version was %d, is %d in the response, then %d", version, sent.Version, read.Version)
		}
		sent.Version = read.Version
		if diff := cmp.Diff(sent, read); diff != "" {
			rt.Fatalf("(-response +read):\n%s", diff)
		}
		// An item that was read is a valid body of PUT.
		s.send(rt, "PUT", path, read).wantOK(rt)
	})
}

func join(list []string) (all string) {
	for i, one := range list {
		if i > 0 {
			all += ","
		}
		all += one
	}
	return all
}

// patchOperation generates an operation of a patch that is valid or nearly so.
func patchOperation() *rapid.Generator[string] {
	text := rapid.SampledFrom([]string{"", "x", "own", "password", "S", "JBSWY3DPEHPK3PXP", "2025-01-02", "202501",
		"otpauth://totp/a?secret=AAAA", "é\u2028\"", "\x00"})
	step := rapid.SampledFrom([]string{"", "0", "1", "-", "-1", "99", "own", "username", "password", "notesPlain",
		"TOTP_1", "s", "value", "label", "type", "section", "purpose", "id", "href", "~1", "~"})
	root := rapid.SampledFrom([]string{"", "title", "favorite", "tags", "urls", "sections", "fields", "fields", "fields",
		"category", "vault", "files", "version", "nothing"})
	value := rapid.OneOf(
		rapid.Map(text, quoteJSON),
		rapid.Just(`null`), rapid.Just(`true`), rapid.Just(`7`), rapid.Just(`{}`), rapid.Just(`[]`), rapid.Just(`["z","y"]`),
		rapid.Map(text, func(s string) string { return `{"value":` + quoteJSON(s) + `}` }),
		rapid.Map(text, func(s string) string {
			return `{"label":` + quoteJSON(s) + `,"id":` + quoteJSON(s) + `,"href":` + quoteJSON(s) + `}`
		}),
		rapid.SampledFrom([]string{
			`{"purpose":"PASSWORD","generate":true}`, `{"type":"otp","value":"x"}`, `{"type":"DATE","value":"2025-01-01"}`, `{"section":{"id":"new"},"label":"n"}`,
			`{"title":"whole","category":"LOGIN","fields":[{"id":"own","value":"w"}]}`, `{"title":"whole","category":"SERVER"}`, `[{"label":"n"}]`, `[{"id":"own"},{"id":"own"}]`,
			`{"generate":true,"recipe":{"length":1000000000}}`, `{"generate":true,"recipe":{"length":3,"characterSets":["DIGITS"]}}`,
		}),
	)
	return rapid.Custom(func(t *rapid.T) string {
		path := "/" + root.Draw(t, "root")
		for range rapid.IntRange(0, 3).Draw(t, "depth") {
			path += "/" + step.Draw(t, "step")
		}
		op := rapid.SampledFrom([]string{"add", "remove", "replace", "replace", "replace", "move"}).Draw(t, "op")
		if rapid.Bool().Draw(t, "without value") && op == "remove" {
			return fmt.Sprintf(`{"op":%q,"path":%s}`, op, quoteJSON(path))
		}
		return fmt.Sprintf(`{"op":%q,"path":%s,"value":%s}`, op, quoteJSON(path), value.Draw(t, "value"))
	})
}

func quoteJSON(s string) string {
	b, _ := json.Marshal(s) // a string always encodes
	return string(b)
}
