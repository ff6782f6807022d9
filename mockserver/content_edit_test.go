package mockserver_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// What a person writes is what clients read, and the activity log has no record of it.
func TestEdit_IsSeenByClientsAndNotInTheLog(t *testing.T) {
	t.Parallel()
	s, ctx, d := newServer(t, withoutHistory()), t.Context(), demo(t)
	items := d.items("Office")
	id, err := s.Mock.CreateItem(ctx, "", "Office", connect.ItemInput{Title: "made", Category: "LOGIN",
		Fields: []connect.FieldInput{{Purpose: "PASSWORD", Value: "first"}}})
	must(t, err)
	must(t, s.Mock.ReplaceItem(ctx, "", "Office", id, 1, connect.ItemInput{Title: "changed", Category: "LOGIN",
		Fields: []connect.FieldInput{{ID: "password", Purpose: "PASSWORD", Value: "second"}}}))
	log := s.activity(t, "").total
	it := s.item(t, items+"/"+id)
	if log != 0 || it.Title != "changed" || it.Version != 2 {
		t.Errorf("%d records, title %q, version %d", log, it.Title, it.Version)
	}
	wantEqual(t, []string{"first"}, field(t, it, "PASSWORD").PasswordDetails.History, "history")

	content := bytes.Repeat([]byte("0123456789abcdef"), 40_000) // several chunks
	f, err := s.Mock.AddFile(ctx, "", "Office", "changed", controlapi.ItemFile{Name: "a file.txt"}, content)
	must(t, err)
	if it = s.item(t, items+"/"+id); len(it.Files) != 1 || it.Version != 3 || it.Files[0].Size != int64(len(content)) {
		t.Fatalf("version %d with the files %+v", it.Version, it.Files)
	}
	if got := s.get(t, it.Files[0].ContentPath).wantOK(t); !bytes.Equal(got.body, content) {
		t.Errorf("%d bytes of the file, want %d", len(got.body), len(content))
	}
	copied, err := s.Mock.CopyItem(ctx, "", "Office", id)
	must(t, err)
	must(t, s.Mock.DeleteFile(ctx, "", "Office", id, "a file.txt"))
	s.get(t, it.Files[0].ContentPath).wantError(t, connect.FileNotFound(f.ID))

	double := s.item(t, items+"/"+copied)
	if double.Title != "changed (copy)" || len(double.Files) != 1 || field(t, double, "PASSWORD").Value != "second" {
		t.Errorf("the copy is %+v", double)
	}
	_, from, err := s.Mock.OpenFile(ctx, "", "Office", copied, "a file.txt")
	must(t, err)
	defer from.Close()
	if got, err := io.ReadAll(from); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes of the copied file, %v", len(got), err)
	}
	must(t, s.Mock.DeleteItem(ctx, "", "Office", id))
	s.get(t, items+"/"+id).wantError(t, connect.ItemNotFound(id))
}

func TestEdit_RefusesWhatClientsMustNotWrite(t *testing.T) {
	t.Parallel()
	s, ctx := newServer(t), t.Context()
	login := func(fields ...connect.FieldInput) connect.ItemInput {
		return connect.ItemInput{Category: "LOGIN", Title: "x", Fields: fields}
	}
	id, err := s.Mock.CreateItem(ctx, "", "Office", login())
	must(t, err)
	create := func(in connect.ItemInput) error { _, err := s.Mock.CreateItem(ctx, "", "Office", in); return err }
	add := func(f controlapi.ItemFile, content []byte) error {
		_, err := s.Mock.AddFile(ctx, "", "Office", id, f, content)
		return err
	}
	for name, c := range map[string]struct {
		err    error
		status int
		text   string
	}{
		"category":     {create(connect.ItemInput{Category: "NOTHING"}), 400, "Invalid item category"},
		"field type":   {create(login(connect.FieldInput{Type: "NOTHING"})), 400, "unsupported field type"},
		"one-time":     {create(login(connect.FieldInput{Type: "OTP", Value: "not base32!"})), 400, "must be an otpauth"},
		"purpose":      {create(connect.ItemInput{Category: "DATABASE", Fields: []connect.FieldInput{{Purpose: "PASSWORD"}}}), 406, "purpose"},
		"old version":  {s.Mock.ReplaceItem(ctx, "", "Office", id, 7, login()), 409, "changed meanwhile"},
		"other vault":  {s.Mock.DeleteItem(ctx, "", "Deployments", id), 404, "no item"},
		"no account":   {s.Mock.DeleteItem(ctx, "nobody", "Office", id), 404, "no account"},
		"no file":      {s.Mock.DeleteFile(ctx, "", "Office", id, "x"), 404, "no file"},
		"no name":      {add(controlapi.ItemFile{}, nil), 400, "needs a name"},
		"line break":   {add(controlapi.ItemFile{Name: "a\nb"}, nil), 400, "line breaks"},
		"no section":   {add(controlapi.ItemFile{Name: "a", Section: "s"}, nil), 400, "no section"},
		"large":        {add(controlapi.ItemFile{Name: "a"}, make([]byte, 32<<20+1)), 413, "32 MiB"},
		"changed type": {s.Mock.ReplaceItem(ctx, "", "Office", id, 0, connect.ItemInput{Category: "SERVER"}), 400, "category"},
	} {
		if c.err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		wantControlError(t, c.err, c.status, c.text)
	}
}

// A page of items costs the same in a vault of 5000 as in one of 60.
func TestItems_ReadOnlyTheirPage(t *testing.T) {
	var fixture strings.Builder
	fixture.WriteString("vaults:\n")
	for name, n := range map[string]int{"small": 60, "large": 5000} {
		fmt.Fprintf(&fixture, "  - name: %s\n    items:\n", name)
		for i := range n {
			fmt.Fprintf(&fixture, "      - {title: Item %d, category: SECURE_NOTE}\n", i)
		}
	}
	s, ctx := newServer(t), t.Context()
	_, err := s.Mock.LoadFixture(ctx, "", parseFixture(t, fixture.String()), true)
	must(t, err)
	allocations := func(q controlapi.ItemQuery) float64 {
		return testing.AllocsPerRun(5, func() {
			page, err := s.Mock.Items(ctx, q)
			must(t, err)
			if len(page.Items) != min(50, page.Matched) {
				t.Errorf("%d items of %d", len(page.Items), page.Matched)
			}
		})
	}
	for _, search := range []string{"", "item"} {
		small := allocations(controlapi.ItemQuery{Vault: "small", Search: search, Limit: 50})
		large := allocations(controlapi.ItemQuery{Vault: "large", Search: search, Limit: 50, Offset: 4000})
		if large > 1.1*small {
			t.Errorf("search %q: %.0f allocations in a large vault, %.0f in a small one", search, large, small)
		}
	}
}

func TestActivity_SelectsRecords(t *testing.T) {
	t.Parallel()
	s, ctx, d := newServer(t, withoutHistory()), t.Context(), demo(t)
	created, path := s.create(t, d.vault("Office"), `{"title":"made","category":"SECURE_NOTE"}`)
	other := s.issueToken(t, controlapi.Token{Name: "other"})
	for range 120 {
		s.get(t, path, token(other.Value), header("User-Agent", "agent "+other.Value)).wantOK(t)
	}
	read := func(q controlapi.ActivityQuery) controlapi.ActivityPage {
		page, err := s.Mock.Activity(ctx, q)
		must(t, err)
		return page
	}
	page := read(controlapi.ActivityQuery{})
	if len(page.Records) != 50 || page.Next != 50 || page.Total != 121 {
		t.Errorf("%d records of %d, next at %d", len(page.Records), page.Total, page.Next)
	}
	first := page.Records[0]
	if first.Title != "made" || first.Vault.Name != "Office" || first.TokenName != "other" ||
		strings.Contains(first.UserAgent, other.Value) || first.Action != "READ" {
		t.Errorf("%+v", first)
	}
	for name, c := range map[string]struct {
		query      controlapi.ActivityQuery
		want, next int
	}{
		"by action":      {controlapi.ActivityQuery{Action: "CREATE"}, 1, 0},
		"by token":       {controlapi.ActivityQuery{Token: "other", Offset: 100}, 20, 0},
		"by id of token": {controlapi.ActivityQuery{Token: other.ID, Limit: 7}, 7, 7},
		"beyond the end": {controlapi.ActivityQuery{Offset: 500}, 0, 0},
		"none":           {controlapi.ActivityQuery{Action: "DELETE"}, 0, 0},
	} {
		if page := read(c.query); len(page.Records) != c.want || page.Next != c.next {
			t.Errorf("%s: %d records, next at %d; want %d, %d", name, len(page.Records), page.Next, c.want, c.next)
		}
	}
	must(t, s.Mock.DeleteItem(ctx, "", "Office", created.ID))
	if r := read(controlapi.ActivityQuery{Limit: 1}).Records[0]; r.Title != "" || r.Item != created.ID {
		t.Errorf("a deleted item has the title %q", r.Title)
	}
	_, err := s.Mock.Activity(ctx, controlapi.ActivityQuery{Action: "RAED"})
	wantControlError(t, err, 400, `did you mean "READ"`)
	_, err = s.Mock.Activity(ctx, controlapi.ActivityQuery{Token: "othr"})
	wantControlError(t, err, 404, `did you mean "other"`)
}
