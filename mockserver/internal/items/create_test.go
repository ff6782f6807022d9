package items_test

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
)

func TestCreate_ReturnsTheWholeDocument(t *testing.T) {
	t.Parallel()
	// What the Go client sends, read-only and empty members included.
	it := create(t, `{"id":"","title":"t","vault":{"id":""},"category":"LOGIN","tags":["b","a","","b"],
		"urls":[{"href":""},{"primary":true,"href":"example.com"}],
		"sections":[{"id":"Section_78","label":"Demo"}],
		"fields":[
			{"section":{"id":"Section_78"},"type":"string","purpose":"","label":"Example","value":"MySecret"},
			{"id":"","type":"","purpose":"USERNAME","value":"u"},
			{"type":"STRING","purpose":"PASSWORD","value":"hunter2"}],
		"createdAt":"0001-01-01T00:00:00Z"}`)
	want := `{"additionalInformation":"u","category":"LOGIN","createdAt":"2025-03-21T13:06:35Z","fields":[` +
		`{"id":"username","label":"username","purpose":"USERNAME","type":"STRING","value":"u"},` +
		`{"entropy":36.18947501009619,"id":"password","label":"password","purpose":"PASSWORD","type":"CONCEALED","value":"hunter2"},` +
		`{"id":"notesPlain","label":"notesPlain","purpose":"NOTES","type":"STRING"},` +
		`{"id":"id000000000000000000000002","label":"Example","section":{"id":"Section_78","label":"Demo"},"type":"STRING","value":"MySecret"}],` +
		`"id":"id000000000000000000000001","lastEditedBy":"DOIHOHSV2NHK5HMSOLCWJUXFDM","sections":[{"id":"Section_78","label":"Demo"}],` +
		`"tags":["a","b"],"title":"t","updatedAt":"2025-03-21T13:06:35Z","urls":[{"href":"example.com","primary":true}],` +
		`"vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda","name":"Demo"},"version":1}`
	if diff := cmp.Diff(want, asJSON(t, it)); diff != "" {
		t.Errorf("created item (-want +got):\n%s", diff)
	}
}

func TestCreate_AcceptsRequestsOfClients(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"Go client":                    `{"id":"","title":"t","vault":{"id":""},"category":"LOGIN","fields":[{"id":"","type":"","purpose":"USERNAME","value":"u"},{"id":"","type":"","purpose":"PASSWORD","generate":true,"recipe":{"length":20,"characterSets":["LETTERS"]}},{"id":"","type":"otp","label":"one","value":"otpauth://x"}],"createdAt":"0001-01-01T00:00:00Z","updatedAt":"0001-01-01T00:00:00Z"}`,
		"JS client":                    `{"title":"t","vault":{"id":"hfnjvi6aymbsnfc2xeeoheizda"},"category":"LOGIN","urls":[{"primary":true,"href":"example.com"}],"tags":["a"],"sections":[{"id":"Section_78f13ad938a248779fe4e80279","label":"Demo"}],"fields":[{"section":{"id":"Section_78f13ad938a248779fe4e80279"},"type":"STRING","purpose":"","label":"Example","value":"MySecret","generate":false},{"type":"STRING","purpose":"PASSWORD","generate":true,"recipe":{"length":20,"characterSets":["LETTERS","DIGITS"],"excludeCharacters":""}}]}`,
		"nulls":                        `{"title":"t","vault":null,"category":"PASSWORD","favorite":null,"urls":null,"tags":null,"sections":null,"fields":[{"id":null,"label":"x","type":null,"purpose":null,"section":null,"value":null,"generate":null,"recipe":null}]}`,
		"no title":                     `{"category":"LOGIN"}`,
		"empty title":                  `{"category":"LOGIN","title":""}`,
		"vault's name":                 `{"title":"t","category":"LOGIN","vault":{"id":"Demo"}}`,
		"vault's name in another case": `{"title":"t","category":"LOGIN","vault":{"id":"dEMO"}}`,
		"title only":                   `{"title":"t","category":"SECURE_NOTE"}`,
		"any case":                     `{"title":"t","category":"SERVER","fields":[{"type":"month_Year","value":"2025/01"},{"type":"Concealed"}]}`,
		"null section":                 `{"title":"t","category":"SERVER","fields":[{"label":"a","section":{"id":null}}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkItem(t, create(t, text))
		})
	}
}

func TestCreate_KeepsIDs(t *testing.T) {
	t.Parallel()
	it := create(t, `{"title":"t","category":"LOGIN","id":"zzzzzzzzzzzzzzzzzzzzzzzzzz",
		"sections":[{"id":"8D5A7F52-6A55-4C3B-8A70-3F8A0A3E9A11","label":"one"},{"label":"two"}],
		"fields":[{"id":"mine","purpose":"PASSWORD","value":"x"},{"id":"A/b","label":"c"},
			{"label":"by label","section":{"label":"two"}},{"label":"password","value":"other"},
			{"label":"code","type":"otp","value":"JBSW Y3DP EHPK 3PXP"}]}`)
	checkItem(t, it)
	if it.ID != "id000000000000000000000001" {
		t.Errorf("the id of the item is %q, want one of the server's", it.ID)
	}
	if got := field(t, it, "mine").Label; got != "password" {
		t.Errorf("the password's label is %q", got)
	}
	if got := it.Sections[0].ID; got != "8D5A7F52-6A55-4C3B-8A70-3F8A0A3E9A11" {
		t.Errorf("the first section's id is %q, want the client's", got)
	}
	var labels []string
	for _, f := range it.Fields {
		labels = append(labels, f.ID+" "+f.Label)
	}
	want := []string{
		"username username", "mine password", "notesPlain notesPlain", "A/b c",
		"id000000000000000000000003 by label",
		"id000000000000000000000004 password", // a label alone makes no password
		"TOTP_id000000000000000000000005 code",
	}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if s := it.Fields[4].Section; s == nil || *s != it.Sections[1] {
		t.Errorf("the field of section \"two\" is in %v, want %v", s, it.Sections[1])
	}
}

func TestCreate_CompletesSectionsAndLabels(t *testing.T) {
	t.Parallel()
	it := create(t, `{"title":"t","category":"LOGIN","sections":[{"id":"a","label":"A"},{"id":"b"}],"fields":[
		{"id":"1","section":{"id":"a"}},
		{"id":"2","section":{"id":"b"}},
		{"id":"3","section":{"id":"b","label":"B"}},
		{"id":"4","section":{"label":"B"}},
		{"id":"5","section":{"id":"c","label":"C"}},
		{"id":"6","section":{"id":"","label":""}}]}`)
	checkItem(t, it)
	want := []connect.Section{{ID: "a", Label: "A"}, {ID: "b", Label: "B"}, {ID: "c", Label: "C"}}
	if diff := cmp.Diff(want, it.Sections); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
	for id, want := range map[string]*connect.Section{
		"1": &want[0], "2": &want[1], "3": &want[1], "4": &want[1], "5": &want[2], "6": nil,
	} {
		if diff := cmp.Diff(want, field(t, it, id).Section); diff != "" {
			t.Errorf("section of field %s (-want +got):\n%s", id, diff)
		}
	}
}

// A standard field is in the section that was sent, else in that of its category.
func TestCreate_PutsStandardFieldsIntoSections(t *testing.T) {
	t.Parallel()
	it := create(t, `{"title":"t","category":"IDENTITY","sections":[{"id":"mine","label":"Mine"}],"fields":[
		{"id":"firstname","section":{"id":"mine"}},{"id":"lastname","section":{}},{"id":"company"}]}`)
	checkItem(t, it)
	mine := connect.Section{ID: "mine", Label: "Mine"}
	if diff := cmp.Diff(&mine, field(t, it, "firstname").Section); diff != "" {
		t.Errorf("section that was sent (-want +got):\n%s", diff)
	}
	standard := field(t, it, "initial").Section
	if standard == nil || *standard == mine {
		t.Fatalf("section of a field that was not sent: %+v", standard)
	}
	for _, id := range []string{"lastname", "company"} {
		if diff := cmp.Diff(standard, field(t, it, id).Section); diff != "" {
			t.Errorf("section of %s, which was sent without one (-want +got):\n%s", id, diff)
		}
	}
}

// A client that names a field only by label must be able to find it by label.
func TestCreate_AddsNoStandardFieldWithTheLabelOfAClientsField(t *testing.T) {
	t.Parallel()
	it := create(t, `{"title":"t","category":"SERVER","fields":[{"label":"Password","type":"CONCEALED","value":"x"}]}`)
	n := 0
	for _, f := range it.Fields {
		if strings.EqualFold(f.Label, "password") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d fields are called password, want 1: %s", n, asJSON(t, it.Fields))
	}
}

// A label alone does not make a field the password of a LOGIN: the standard field is added, empty.
func TestCreate_AddsStandardFieldsWithAPurpose(t *testing.T) {
	t.Parallel()
	it := create(t, `{"title":"t","category":"LOGIN","fields":[
		{"label":"password","value":"x"},{"purpose":"NOTES","type":"CONCEALED","value":"n"}]}`)
	checkItem(t, it)
	if f := field(t, it, "password"); f.Value != "" || f.Purpose != "PASSWORD" || len(it.Fields) != 4 {
		t.Errorf("fields are %s", asJSON(t, it.Fields))
	}
	if f := field(t, it, "notesPlain"); f.Type != "STRING" || f.Value != "n" {
		t.Errorf("notes are %+v", f)
	}
}

func TestCreate_GeneratesPasswords(t *testing.T) {
	t.Parallel()
	it := create(t, `{"title":"t","category":"LOGIN","fields":[
		{"purpose":"PASSWORD","generate":true},
		{"id":"letters","generate":true,"recipe":{"length":30,"characterSets":["LETTERS"]}},
		{"id":"few","type":"CONCEALED","generate":true,"recipe":{"length":64,"characterSets":["digits","SYMBOLS"],"excludeCharacters":"2346!@.-_"}},
		{"id":"kept","generate":true,"value":"x"},
		{"id":"not","generate":false}]}`)
	for id, form := range map[string]string{
		"password": `^[A-Za-z0-9!@.\-_*]{32}$`,
		"letters":  `^[A-Za-z]{30}$`,
		"few":      `^[789*]{64}$`,
		"kept":     `^x$`,
		"not":      `^$`,
	} {
		if f := field(t, it, id); !regexp.MustCompile(form).MatchString(f.Value) {
			t.Errorf("%s is %q, want it to match %s", id, f.Value, form)
		}
	}
	// The entropy that was recorded for a password of the default recipe.
	if got := field(t, it, "password").Entropy; got < 189.7835 || got > 189.7836 {
		t.Errorf("entropy = %v, want 189.7836", got)
	}
	if got := field(t, it, "letters").Entropy; got != 0 {
		t.Errorf("entropy of a field without purpose = %v, want none", got)
	}
	again := create(t, `{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD","generate":true}]}`)
	if field(t, again, "password").Value != field(t, it, "password").Value {
		t.Error("the same chance made another password")
	}
}

// A password that is as long as there are sets has one character of each.
func TestCreate_UsesEveryRequestedSet(t *testing.T) {
	t.Parallel()
	r := options()
	for i := range 400 {
		length := 3 + i%2
		it, err := items.Create(body(t, fmt.Sprintf(`{"title":"t","category":"LOGIN","fields":[
			{"purpose":"PASSWORD","generate":true,"recipe":{"length":%d}}]}`, length)), vault(), r)
		if err != nil {
			t.Fatal(err)
		}
		value := field(t, it, "password").Value
		if len(value) != length || !strings.ContainsAny(value, "23456789") || !strings.ContainsAny(value, "!@.-_*") {
			t.Fatalf("%q lacks a digit or a symbol, or has not %d characters", value, length)
		}
	}
}

func TestCreate_FailsWithoutRandomBytes(t *testing.T) {
	t.Parallel()
	r := options()
	r.Rand = iotest.ErrReader(io.ErrUnexpectedEOF)
	_, err := items.Create(body(t, `{"title":"t","category":"LOGIN","fields":[{"generate":true}]}`), vault(), r)
	wantError(t, err, 500, "Something went wrong")

	r = options()
	r.NewID = func() string { return "id" }
	_, err = items.Create(body(t, `{"title":"t","category":"LOGIN","fields":[{"id":"id"},{}]}`), vault(), r)
	wantError(t, err, 500, "Something went wrong")
}

// NewID may repeat ids after a restart with the same seed.
func TestCreate_RetriesARepeatedID(t *testing.T) {
	t.Parallel()
	r, n := options(), 0
	r.NewID = func() string { n++; return fmt.Sprintf("id%024d", n/3) }
	it, err := items.Create(body(t, `{"title":"t","category":"LOGIN","sections":[{"label":"a"},{"label":"b"}],"fields":[{},{},{}]}`), vault(), r)
	if err != nil {
		t.Fatal(err)
	}
	checkItem(t, it)
}

func TestCreate_StoresSSHKeysAsStrings(t *testing.T) {
	t.Parallel()
	in := body(t, `{"title":"t","category":"SSH_KEY","fields":[
		{"id":"fingerprint","value":"SHA256:x"},{"id":"private_key","type":"SSHKEY","value":"k"}]}`)
	kept := options()
	kept.KeepSSHKeyType = true
	for want, do := range map[string]func() (connect.Item, error){
		"STRING":          func() (connect.Item, error) { return items.Create(in, vault(), options()) },
		"SSHKEY":          func() (connect.Item, error) { return items.Create(in, vault(), kept) },
		"SSHKEY (import)": func() (connect.Item, error) { return items.Import(in, vault(), options()) },
	} {
		it, err := do()
		if err != nil {
			t.Fatal(err)
		}
		if got := field(t, it, "private_key").Type; !strings.HasPrefix(want, got) {
			t.Errorf("the type of a private key is %s, want %s", got, want)
		}
		if it.AdditionalInformation != "SHA256:x" {
			t.Errorf("additionalInformation is %q, want the fingerprint", it.AdditionalInformation)
		}
	}
}

func TestCreate_SetsAdditionalInformation(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"title":"t","category":"LOGIN","fields":[{"purpose":"USERNAME","value":"u"}]}`:     "u",
		`{"title":"t","category":"LOGIN","fields":[{"id":"fingerprint","value":"x"}]}`:       "",
		`{"title":"t","category":"PASSWORD","fields":[{"purpose":"USERNAME","value":"u"}]}`:  "",
		`{"title":"t","category":"DATABASE","fields":[{"id":"username","value":"u"}]}`:       "",
		`{"title":"t","category":"SSH_KEY","fields":[{"id":"fingerprint","value":"SHA"}]}`:   "SHA",
		`{"title":"t","category":"SECURE_NOTE","fields":[{"id":"fingerprint","value":"x"}]}`: "",
	} {
		if it := create(t, text); it.AdditionalInformation != want {
			t.Errorf("additionalInformation of %s is %q, want %q", text, it.AdditionalInformation, want)
		}
	}
}

func TestImport_AcceptsEveryCategory(t *testing.T) {
	t.Parallel()
	for _, category := range connect.Categories() {
		it, err := items.Import(connect.ItemInput{ID: "zzzzzzzzzzzzzzzzzzzzzzzzzz", Title: "t", Category: category}, vault(), options())
		if err != nil {
			t.Errorf("Import of %s = %v", category, err)
			continue
		}
		checkItem(t, it)
		if it.ID != "zzzzzzzzzzzzzzzzzzzzzzzzzz" {
			t.Errorf("the imported %s has id %q", category, it.ID)
		}
	}
	_, err := items.Import(connect.ItemInput{Title: "t", Category: "NOPE"}, vault(), options())
	wantError(t, err, 400, "Invalid item category")
}

// The constant of the Go SDK has an underscore that no response has.
func TestImport_AcceptsTheSSHKeyTypeOfTheGoSDK(t *testing.T) {
	t.Parallel()
	in := connect.ItemInput{Category: "SSH_KEY", Title: "k", Fields: []connect.FieldInput{{ID: "private_key", Type: "SSH_KEY", Value: "made up"}}}
	r := options()
	r.KeepSSHKeyType = true
	it, err := items.Create(in, connect.VaultRef{ID: "v"}, r)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range it.Fields {
		if f.ID == "private_key" && f.Type != "SSHKEY" {
			t.Errorf("the key's type is %s", f.Type)
		}
	}
}
