package check

import (
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// Failures say what was expected and what was received, without terms of Go.
func TestMismatches_SayExpectedAndGot(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		matcher types.GomegaMatcher
		actual  any
		negated bool
		want    []string
	}{
		{"numbers", gomega.Equal(1), 2, false, []string{"expected 1, got 2"}},
		{"texts", gomega.Equal("a"), "b", false, []string{`expected "a", got "b"`}},
		{"not equal", gomega.Equal("a"), "a", true, []string{`expected anything but "a", got "a"`}},
		{"members", gomega.Equal(connect.File{ID: "x", Name: "a", Size: 1}), connect.File{ID: "x", Name: "b", Size: 2}, false,
			[]string{`name: expected "a", got "b"`, "size: expected 1, got 2"}},
		{"members that are missing", gomega.Equal(map[string]any{"a": 1}), map[string]any{"b": 2}, false,
			[]string{"a: expected 1, got no such member", "b: expected no such member, got 2"}},
		{"elements", gomega.Equal([]connect.URL{{Href: "a"}}), []connect.URL{{Href: "b"}}, false,
			[]string{`[0].href: expected "a", got "b"`}},
		{"a concealed value", gomega.Equal(connect.Field{Type: "CONCEALED", Value: "abc"}),
			connect.Field{Type: "CONCEALED", Value: "xyz"}, false,
			[]string{"value: expected [redacted], got another value"}},
		{"a list with a concealed value", gomega.BeEmpty(), []connect.Field{{ID: "f", Type: "CONCEALED", Value: "abc"}},
			false,
			[]string{`expected an empty value, got [{"id":"f","type":"CONCEALED","value":"[redacted]"}]`}},
		{"a set", gomega.ConsistOf("a", "b"), []string{"b", "c"}, false,
			[]string{`expected also ["a"], got ["b","c"]`, `did not expect ["c"]; expected ["a","b"] in any order`}},
		{"a set given as a list", gomega.ConsistOf([]string{"a"}), []string{}, false,
			[]string{`expected also ["a"], got []`}},
		{"elements that are missing", gomega.ContainElements("a"), []string{"b"}, false,
			[]string{`expected also ["a"], got ["b"]`}},
		{"a length", gomega.HaveLen(1), []int{1, 2}, false, []string{"expected a length of 1, got 2: [1,2]"}},
		{"a pattern", gomega.MatchRegexp(`^\d$`), "x", false, []string{`expected a text that matches ^\d$, got "x"`}},
		{"a part", gomega.ContainSubstring("x"), "abc", false, []string{`expected a text with "x", got "abc"`}},
		{"a part that must not be there", gomega.ContainSubstring("b"), "abc", true,
			[]string{`expected nothing with "b", but got it`}},
		{"one of several", gomega.BeElementOf("a", "b"), "c", false, []string{`expected one of ["a","b"], got "c"`}},
		{"an element", gomega.ContainElement("a"), []string{"b"}, false, []string{`expected a list with "a", got ["b"]`}},
		{"both", gomega.And(gomega.HaveKey("a"), gomega.HaveKey("b")), map[string]int{"a": 1}, false,
			[]string{`expected one of them to be "b", got {"a":1}`}},
		{"a number", gomega.BeNumerically(">", 64), 3, false, []string{"expected a number > 64, got 3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, mismatches(tt.matcher, tt.actual, "", tt.negated)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A body that can't be parsed is not shown, however a rule checks it.
func TestAssertion_DoesNotShowInvalidBodies(t *testing.T) {
	t.Parallel()
	const body = `[{"title":"x","fields":[{"type":"CONCEALED","value":"hunter2-secret"}`
	r := NewRun("test")
	s := r.NewSession(t.Context())
	s.rememberResponse(
		&Response{session: s, Request: "GET /a", operation: "GetVaultItems", Status: 200, Body: []byte(body + "\n")})
	for name, check := range map[string]func(){
		"as text":     func() { s.Expect(strings.TrimSpace(body+"\n")).To(gomega.Equal("[]"), "the body") },
		"as bytes":    func() { s.Expect([]byte(body+"\n")).To(gomega.BeEmpty(), "the body") },
		"not to have": func() { s.Expect(body).NotTo(gomega.ContainSubstring("hunter2-secret"), "the body") },
		"to match":    func() { s.Expect(body).To(gomega.MatchRegexp("^{"), "the body") },
	} {
		got := func() (got any) {
			defer func() { got = recover() }()
			check()
			return nil
		}()
		text := got.(Failure).Text
		if text = r.Redactor.Redact(text); strings.Contains(text, "CONCEALED") ||
			!strings.Contains(text, "the body: expected ") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// A failure names the newest response that has the value, not the newest of all.
func TestAssertion_NamesTheResponseWithTheValue(t *testing.T) {
	t.Parallel()
	s := &Session{}
	s.rememberResponse(
		&Response{session: s, Request: "PUT /a", operation: "UpdateVaultItem", Status: 200,
			Body: []byte(`{"version":2,"fields":[{"value":"v"}]}`)})
	s.rememberResponse(
		&Response{session: s, Request: "GET /a", operation: "GetVaultItemById", Status: 200, Body: []byte(`{"version":3}`)})
	for value, want := range map[any]string{
		2:   "PUT /a (UpdateVaultItem) returned 200: version, or the value of a field: expected 1, got 2",
		3:   "GET /a (GetVaultItemById) returned 200: version, or the value of a field: expected 1, got 3",
		4:   "GET /a (GetVaultItemById) returned 200: version, or the value of a field: expected 1, got 4",
		"v": `PUT /a (UpdateVaultItem) returned 200: version, or the value of a field: expected 1, got "v"`,
	} {
		err := func() (got any) {
			defer func() { got = recover() }()
			s.Expect(value).To(gomega.Equal(1), "version, or the value of a field")
			return nil
		}()
		if got, ok := err.(Failure); !ok || got.Text != want {
			t.Errorf("%v: got %v, want %s", value, err, want)
		}
	}
}
