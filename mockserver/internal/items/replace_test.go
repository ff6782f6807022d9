package items_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
)

// later returns options for a change after the creation.
func later() items.Options {
	r := options()
	r.Now = time.Date(2025, 4, 1, 0, 0, 0, 1, time.UTC)
	r.Editor = "WVDCMNOEHZBTDOLX6LJUVCHNT4"
	n := r.NewID
	r.NewID = func() string { return "new" + n()[3:] }
	return r
}

// inputFromItem returns an item as a client sends it after it has read it.
func inputFromItem(t testing.TB, it connect.Item) connect.ItemInput {
	t.Helper()
	return body(t, asJSON(t, items.WithCodes(it, time.Unix(59, 0))))
}

// nextVersion returns the item after a replace by the same document.
func nextVersion(it connect.Item, r items.Options) connect.Item {
	it.Version++
	it.UpdatedAt = connect.At(r.Now)
	it.LastEditedBy = r.Editor
	return it
}

const everything = `{"title":"t","category":"LOGIN","favorite":true,"tags":["b","a"],
	"urls":[{"href":"example.com","label":"site","primary":true},{"href":"example.org"}],
	"sections":[{"id":"s","label":"S"}],
	"fields":[
		{"purpose":"USERNAME","value":"u"},{"purpose":"PASSWORD","generate":true},
		{"id":"d","type":"DATE","value":"2024-05-03"},{"id":"m","type":"MONTH_YEAR","value":"2024/05"},
		{"id":"o","type":"OTP","value":"JBSWY3DPEHPK3PXP","section":{"id":"s"}},{"id":"l","label":"L"}]}`

func TestReplace_ByTheSameKeepsIDsAndOrder(t *testing.T) {
	t.Parallel()
	for _, iso := range []bool{false, true} {
		for _, category := range append(connect.Categories(), "everything") {
			r := later()
			r.DateISO, r.KeepSSHKeyType = iso, true
			old, err := items.Import(connect.ItemInput{Title: "t", Category: category}, vault(), r)
			if category == "everything" {
				old, err = items.Create(body(t, everything), vault(), r)
			}
			if err != nil {
				t.Fatal(err)
			}
			old.Files = []connect.File{{ID: "f", Name: "a.txt", Size: 3, Section: &connect.Section{ID: "s", Label: "S"}}}
			if category != "everything" {
				old.Files = nil
			}
			got, err := items.Replace(old, inputFromItem(t, old), r)
			if err != nil {
				t.Errorf("Replace of %s by itself = %v", category, err)
				continue
			}
			if diff := cmp.Diff(nextVersion(old, r), got); diff != "" {
				t.Errorf("Replace of %s by itself (-want +got):\n%s", category, diff)
			}
		}
	}
}

func TestReplace_RemovesWhatIsNotSent(t *testing.T) {
	t.Parallel()
	old := create(t, everything)
	old.Files = []connect.File{{ID: "f", Name: "a.txt", Size: 3, Section: &connect.Section{ID: "gone", Label: "G"}}}
	before, section := asJSON(t, old), old.Files[0].Section
	it, err := items.Replace(old, body(t, `{"title":"new","vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda"},"category":"LOGIN","version":1,
		"fields":[{"id":"username","value":"v"},{"id":"x","value":"y"}]}`), later())
	if err != nil {
		t.Fatal(err)
	}
	checkItem(t, it)
	want := `{"additionalInformation":"v","category":"LOGIN","createdAt":"2025-03-21T13:06:35Z","fields":[` +
		`{"id":"username","label":"username","purpose":"USERNAME","type":"STRING","value":"v"},` +
		`{"id":"password","label":"password","passwordDetails":{"history":["` + field(t, old, "password").Value + `"]},` +
		`"purpose":"PASSWORD","type":"CONCEALED"},` + // comes back empty
		`{"id":"notesPlain","label":"notesPlain","purpose":"NOTES","type":"STRING"},` +
		`{"id":"x","type":"STRING","value":"y"}],` +
		`"files":[{"content_path":"","id":"f","name":"a.txt","section":{"id":"gone","label":"G"},"size":3}],` +
		`"id":"id000000000000000000000001","lastEditedBy":"WVDCMNOEHZBTDOLX6LJUVCHNT4",` +
		`"sections":[{"id":"gone","label":"G"}],` + // a file needs it
		`"title":"new","updatedAt":"2025-04-01T00:00:00Z",` +
		`"vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda","name":"Demo"},"version":2}`
	if diff := cmp.Diff(want, asJSON(t, it)); diff != "" {
		t.Errorf("replaced item (-want +got):\n%s", diff)
	}
	if asJSON(t, old) != before || old.Files[0].Section != section {
		t.Error("Replace changed the old document")
	}
}

func TestReplace_GeneratesPasswords(t *testing.T) {
	t.Parallel()
	old := create(t, everything)
	r := later()
	it, err := items.Replace(old, body(t, `{"title":"t","vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda"},"category":"LOGIN",
		"fields":[{"purpose":"PASSWORD","generate":true,"recipe":{"length":10}}]}`), r)
	if err != nil {
		t.Fatal(err)
	}
	if got := field(t, it, "password").Value; len(got) != 10 {
		t.Errorf("the generated password is %q, want 10 characters", got)
	}
	same, err := items.Replace(it, inputFromItem(t, it), r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(field(t, it, "password"), field(t, same, "password")); diff != "" {
		t.Errorf("password after a replace that does not generate (-want +got):\n%s", diff)
	}
	in := inputFromItem(t, it)
	in.Fields[1].Value = "abcdefgh"
	other, err := items.Replace(it, in, r)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := field(t, other, "password").Entropy, 8*math.Log2(26); got != want {
		t.Errorf("entropy of another password is %v, want %v", got, want)
	}
}

func TestReplace_StoresSSHKeysAsStrings(t *testing.T) {
	t.Parallel()
	old, err := items.Import(body(t, `{"title":"t","category":"SSH_KEY","fields":[{"id":"private_key","value":"k"}]}`), vault(), options())
	if err != nil {
		t.Fatal(err)
	}
	it, err := items.Replace(old, inputFromItem(t, old), later())
	if err != nil {
		t.Fatal(err)
	}
	if got := field(t, it, "private_key"); got.Type != "STRING" || got.Value != "k" {
		t.Errorf("the private key after a replace is %+v", got)
	}
}

func TestReplace_RefusesInvalidItems(t *testing.T) {
	t.Parallel()
	old := create(t, everything)
	const ok = `"title":"t","category":"LOGIN","vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda"}`
	for name, tt := range map[string]struct {
		body   string
		status int
		text   string
	}{
		"no vault":         {`{"title":"t","category":"LOGIN"}`, 400, "Validation: (invalid request body), vault.id is required"},
		"empty vault":      {`{"title":"t","category":"LOGIN","vault":{"id":""}}`, 400, "Validation: (invalid request body), vault.id is required"},
		"other vault":      {`{"title":"t","category":"LOGIN","vault":{"id":"zzzzzzzzzzzzzzzzzzzzzzzzzz"}}`, 400, "Validation: (invalid request body), vault.id must be that of the path"},
		"other id":         {`{"id":"zzzzzzzzzzzzzzzzzzzzzzzzzz",` + ok + `}`, 400, "Validation: (invalid request body), id must be that of the path"},
		"other category":   {`{"title":"t","category":"SERVER","vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda"}}`, 400, "Validation: (Invalid item category), the category of an item can't be changed"},
		"unknown category": {`{"title":"t","category":"NOPE","vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda"}}`, 400, "Invalid item category"},
		"no category":      {`{"title":"t","vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda"}}`, 400, "Invalid item category"},
		"two passwords": {`{` + ok + `,"fields":[{"purpose":"PASSWORD"},{"purpose":"password"}]}`, 400,
			`Logic: (Unable to parse Item), Validation: (too many "password" fields in Apply()), You can only use one "password" field.`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := items.Replace(old, body(t, tt.body), later())
			wantError(t, err, tt.status, tt.text)
		})
	}
}

func TestReplace_AcceptsDocumentsAndCustomItems(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"title":"t","category":"DOCUMENT"}`,
		`{"title":"t","category":"CUSTOM","fields":[{"purpose":"USERNAME","value":"u"},{"purpose":"PASSWORD","value":"p"}]}`,
	} {
		old, err := items.Import(body(t, text), vault(), options())
		if err != nil {
			t.Fatal(err)
		}
		got, err := items.Replace(old, inputFromItem(t, old), later())
		if err != nil {
			t.Fatalf("Replace of %s = %v", text, err)
		}
		if diff := cmp.Diff(nextVersion(old, later()), got); diff != "" {
			t.Errorf("Replace of %s by itself (-want +got):\n%s", text, diff)
		}
	}
}

func TestReplace_AcceptsNoTitleAndTheVaultsName(t *testing.T) {
	t.Parallel()
	old := create(t, everything)
	for name, text := range map[string]string{
		"no title":     `{"category":"LOGIN","vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda"}}`,
		"empty title":  `{"category":"LOGIN","title":"","vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda"}}`,
		"vault's name": `{"category":"LOGIN","vault":{"id":"demo"}}`,
	} {
		got, err := items.Replace(old, body(t, text), later())
		if err != nil || got.Title != "" || got.Vault != old.Vault {
			t.Errorf("%s: title %q in vault %+v, %v; want none in %+v", name, got.Title, got.Vault, err, old.Vault)
		}
	}
}
