package items_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
)

const loginP1 = `{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"p1"}]}`

// change returns the next version of a login, for the body of a PUT or a PATCH.
func change(t testing.TB, old connect.Item, text string) connect.Item {
	t.Helper()
	var it connect.Item
	var err error
	if strings.HasPrefix(text, "[") {
		it, err = items.Patch(old, operations(t, text), later())
	} else {
		it, err = items.Replace(old, body(t, text), later())
	}
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return it
}

func TestPasswordHistory_IsNewestFirst(t *testing.T) {
	t.Parallel()
	put := func(password string) string {
		return `{"title":"t","category":"LOGIN","vault":{"id":"` + vault().ID + `"},"fields":[` + password + `]}`
	}
	const whole = `[{"op":"replace","path":"/","value":{"title":"t","fields":[{"purpose":"PASSWORD","value":"p2"}]}}]`
	for name, tt := range map[string]struct {
		changes []string
		want    []string
	}{
		"never changed":        {nil, nil},
		"PATCH of the value":   {[]string{`[{"op":"replace","path":"/fields/password/value","value":"p2"}]`}, []string{"p1"}},
		"PATCH of the field":   {[]string{`[{"op":"replace","path":"/fields/password","value":{"value":"p2"}}]`}, []string{"p1"}},
		"PATCH of the whole":   {[]string{whole}, []string{"p1"}},
		"PATCH that generates": {[]string{`[{"op":"replace","path":"/fields/password","value":{"generate":true}}]`}, []string{"p1"}},
		"PATCH, two operations count once": {[]string{`[{"op":"replace","path":"/fields/password/value","value":"x"},
			{"op":"replace","path":"/fields/password/value","value":"p2"}]`}, []string{"p1"}},
		"PATCH there and back": {[]string{`[{"op":"replace","path":"/fields/password/value","value":"x"},
			{"op":"replace","path":"/fields/password/value","value":"p1"}]`}, nil},
		"PATCH of the title":     {[]string{`[{"op":"replace","path":"/title","value":"u"}]`}, nil},
		"PUT":                    {[]string{put(`{"purpose":"PASSWORD","value":"p2"}`)}, []string{"p1"}},
		"PUT by id":              {[]string{put(`{"id":"password","value":"p2"}`)}, []string{"p1"}},
		"PUT that generates":     {[]string{put(`{"purpose":"PASSWORD","generate":true}`)}, []string{"p1"}},
		"PUT of the same":        {[]string{put(`{"purpose":"PASSWORD","value":"p1"}`)}, nil},
		"PUT without a password": {[]string{put(``)}, []string{"p1"}},
		"PUT with an empty one":  {[]string{put(`{"purpose":"PASSWORD","value":""}`)}, []string{"p1"}},
		"removed and set again": {[]string{put(``), put(`{"purpose":"PASSWORD","value":"p2"}`), put(`{"purpose":"PASSWORD","value":"p3"}`)},
			[]string{"p2", "p1"}},
		"two changes": {[]string{put(`{"purpose":"PASSWORD","value":"p2"}`), `[{"op":"replace","path":"/fields/password/value","value":"p3"}]`},
			[]string{"p2", "p1"}},
		"restored": {[]string{put(`{"purpose":"PASSWORD","value":"p2"}`), put(`{"purpose":"PASSWORD","value":"p1"}`)}, []string{"p2", "p1"}},
		"what is sent does not count": {[]string{`[{"op":"replace","path":"/fields/password","value":{"value":"p2","passwordDetails":{"history":["x"]}}}]`},
			[]string{"p1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			it := create(t, loginP1)
			for _, text := range tt.changes {
				before := asJSON(t, it)
				next := change(t, it, text)
				if after := asJSON(t, it); after != before {
					t.Errorf("the change altered the version before from %s to %s", before, after)
				}
				it = next
			}
			var got []string
			if d := field(t, it, "password").PasswordDetails; d != nil {
				got = d.History
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("history (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPasswordDetails_OfAGeneratedPassword(t *testing.T) {
	t.Parallel()
	for recipe, strength := range map[string]string{
		`{"length":1,"characterSets":["DIGITS"]}`:                              "TERRIBLE",
		`{"length":4,"characterSets":["DIGITS"],"excludeCharacters":"234678"}`: "TERRIBLE", // one character is left, of 0 bits
		`{"length":8,"characterSets":["LETTERS"]}`:                             "FAIR",
		`{"length":12}`: "VERY_GOOD",
		`{"length":32,"characterSets":["LETTERS","DIGITS"],"excludeCharacters":"l"}`: "FANTASTIC",
	} {
		it := create(t, `{"title":"t","category":"PASSWORD","fields":[{"purpose":"PASSWORD","generate":true,"recipe":`+recipe+`}]}`)
		f := field(t, it, "password")
		bits := int(math.Floor(f.Entropy))
		want := &connect.PasswordDetails{Generated: true, Entropy: bits, Strength: strength}
		if diff := cmp.Diff(want, f.PasswordDetails); diff != "" {
			t.Errorf("%s of %v bits (-want +got):\n%s", recipe, f.Entropy, diff)
		}
		// It stays generated while it stays, and is typed once it was typed over.
		kept := change(t, it, `[{"op":"replace","path":"/title","value":"u"},{"op":"replace","path":"/fields/password/value","value":"`+f.Value+`"}]`)
		if diff := cmp.Diff(want, field(t, kept, "password").PasswordDetails); diff != "" {
			t.Errorf("%s after a change beside it (-want +got):\n%s", recipe, diff)
		}
		typed := change(t, kept, `[{"op":"replace","path":"/fields/password/value","value":"typed"}]`)
		if diff := cmp.Diff(&connect.PasswordDetails{History: []string{f.Value}}, field(t, typed, "password").PasswordDetails); diff != "" {
			t.Errorf("%s typed over (-want +got):\n%s", recipe, diff)
		}
	}
}

func TestPasswordDetails_AreOfThePasswordOnly(t *testing.T) {
	t.Parallel()
	it := create(t, `{"title":"t","category":"SERVER","fields":[{"id":"password","value":"p1"},{"id":"mine","type":"CONCEALED","generate":true}]}`)
	it = change(t, it, `[{"op":"replace","path":"/fields/password/value","value":"p2"},{"op":"replace","path":"/fields/mine/value","value":"p2"}]`)
	for _, f := range it.Fields {
		if f.PasswordDetails != nil {
			t.Errorf("field %s has %+v", f.ID, f.PasswordDetails)
		}
	}
	_, err := items.Patch(create(t, loginP1), operations(t, `[{"op":"add","path":"/fields/password/passwordDetails/history","value":["s3cret"]}]`), later())
	wantError(t, err, 400, "Validation: (invalid patch operation), operation 0: the path leads to a member that only the server changes")
}

func TestPasswordHistory_IsBounded(t *testing.T) {
	t.Parallel()
	var former []string
	for i := range connect.MaxPasswordHistory + 5 {
		former = append(former, fmt.Sprintf("password-%d", i))
	}
	large := strings.Repeat("x", 30<<10)
	for name, tt := range map[string]struct{ passwords, want []string }{
		"in number": {former, func() []string {
			last := slices.Clone(former[len(former)-1-connect.MaxPasswordHistory : len(former)-1])
			slices.Reverse(last)
			return last
		}()},
		"in bytes":      {[]string{"first", large + "a", large + "b", large + "c", "now"}, []string{large + "c", large + "b"}},
		"one too large": {[]string{"first", large + large + large, "now"}, []string{}},
	} {
		it := create(t, loginP1)
		for _, p := range tt.passwords {
			it = change(t, it, `[{"op":"replace","path":"/fields/password/value","value":"`+p+`"}]`)
		}
		if diff := cmp.Diff(tt.want, append([]string{}, field(t, it, "password").PasswordDetails.History...)); diff != "" {
			t.Errorf("history bounded %s: %d bytes of difference", name, len(diff))
		}
	}
}
