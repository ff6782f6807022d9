package mockserver_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
)

// terraform relies on the versions of items and vaults.
func TestWrites_CountVersions(t *testing.T) {
	t.Parallel()
	now := newClock()
	s, d := newServer(t, connecttest.WithClock(now.Now)), demo(t)
	id := d.vault("Office")
	before := s.vault(t, id)
	expect := func(what string, writes, items int, moved bool) {
		t.Helper()
		v := s.vault(t, id)
		if v.ContentVersion != before.ContentVersion+writes || v.Items != before.Items+items || v.AttributeVersion != 1 {
			t.Errorf("%s: vault was %+v, is %+v", what, before, v)
		}
		if v.UpdatedAt.Equal(now.Now()) != moved {
			t.Errorf("%s: vault updated at %s, the clock says %s", what, v.UpdatedAt, now.Now())
		}
		if !v.CreatedAt.Equal(before.CreatedAt.Time) {
			t.Errorf("%s: vault created at %s", what, v.CreatedAt)
		}
	}
	now.advance(time.Minute)
	it, path := s.create(t, id, `{"title":"t","category":"LOGIN"}`)
	created := it.CreatedAt
	expect("create", 1, 1, true)
	version := func(what string, inResponse, wantInResponse, want int, moved bool) {
		t.Helper()
		got := s.item(t, path)
		if inResponse != wantInResponse || got.Version != want {
			t.Errorf("%s: version %d in the response, then %d; want %d, then %d", what, inResponse, got.Version,
				wantInResponse, want)
		}
		if got.UpdatedAt.Equal(now.Now()) != moved || !got.CreatedAt.Equal(created.Time) {
			t.Errorf("%s: updated at %s, created at %s", what, got.UpdatedAt, got.CreatedAt)
		}
	}
	version("create", it.Version, 1, 1, true)
	now.advance(time.Minute)
	it = decode[connect.Item](t, s.send(t, "PUT", path, it))
	version("put", it.Version, 1, 2, true)
	expect("put", 2, 1, true)
	now.advance(time.Minute)
	it = decode[connect.Item](t, s.send(t, "PUT", path, it)) // with the old version in it
	version("second put", it.Version, 2, 3, true)
	now.advance(time.Minute)
	it = decode[connect.Item](t, s.send(t, "PATCH", path, `[{"op":"replace","path":"/favorite","value":true}]`))
	version("patch", it.Version, 3, 4, true)
	expect("patch", 4, 1, true)
	now.advance(time.Minute)
	it = decode[connect.Item](t, s.send(t, "PATCH", path, `[]`))
	version("patch of nothing", it.Version, 4, 4, false)
	expect("patch of nothing", 4, 1, false)
	s.send(t, "PUT", path, `{"title":"t","category":"SERVER","vault":{"id":"`+id+`"}}`).
		wantError(t, connect.CategoryChanged())
	s.send(t, "PATCH", path, `[{"op":"remove","path":"/nothing"}]`).wantStatus(t, 400)
	s.send(t, "POST", "/v1/vaults/"+id+"/items", `{"title":"t","category":"CUSTOM"}`).wantStatus(t, 400)
	s.send(t, "DELETE", "/v1/vaults/"+id+"/items/"+noItem, nil).wantError(t, connect.ItemNotFound(noItem))
	version("refused writes", 0, 0, 4, false)
	expect("refused writes", 4, 1, false)
	now.advance(time.Minute)
	s.send(t, "DELETE", path, nil).wantStatus(t, 204)
	expect("delete", 5, 0, true)
	s.get(t, path).wantError(t, connect.ItemNotFound(it.ID))
	s.send(t, "DELETE", path, nil).wantError(t, connect.ItemNotFound(it.ID))
	expect("second delete", 5, 0, true)
}

func TestPut_ReplacesTheItem(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	vault, path := d.vault("Office"), d.path("Office", "Time Tracker")
	id := lastSegment(path)
	put := func(body string) response { return s.send(t, "PUT", path, body) }
	// A LOGIN without fields gets the standard fields, empty.
	it := decode[connect.Item](t, put(`{"title":"t","category":"LOGIN","vault":{"id":"`+vault+`"}}`))
	if len(it.Fields) != 3 || it.Fields[0].ID != "username" || it.Fields[0].Value != "" || it.Favorite || it.Tags != nil ||
		it.URLs != nil || it.Sections != nil {
		t.Errorf("replaced by %+v", it)
	}
	put(`{"id":"` + id + `","title":"t","category":"LOGIN","vault":{"id":"` + vault + `"}}`).wantOK(t)
	put(`{"id":"","title":"t","category":"LOGIN","vault":{"id":"` + vault + `"}}`).wantOK(t)
	put(`{"id":"`+noItem+`","title":"t","category":"LOGIN","vault":{"id":"`+vault+`"}}`).
		wantError(t, connect.ItemMismatch("id"))
	put(`{"title":"t","category":"LOGIN","vault":{"id":"`+noVault+`"}}`).wantError(t, connect.ItemMismatch("vault.id"))
	if e := put(`{"title":"t","category":"LOGIN"}`).apiError(t); e.Status != 400 || !strings.Contains(e.Message, "vault") {
		t.Errorf("without a vault: got %v", &e) // js 122
	}
	put(`{"title":"t","category":"SERVER","vault":{"id":"`+vault+`"}}`).wantError(t, connect.CategoryChanged())
	s.send(t, "PUT", "/v1/vaults/"+vault+"/items/"+noItem,
		`{"title":"t","category":"LOGIN","vault":{"id":"`+vault+`"}}`).wantError(t, connect.ItemNotFound(noItem))
	// A DOCUMENT can be updated (1.7.2) and keeps its files.
	doc := s.item(t, d.path("Office", "Rental Contract"))
	doc.Title = "Old Contract"
	s.send(t, "PUT", d.path("Office", "Rental Contract"), doc).wantOK(t)
	if got := s.item(t, d.path("Office", "Rental Contract")); len(got.Files) != 3 || got.Title != "Old Contract" {
		t.Errorf("after a PUT the document is %+v", got)
	}
	s.get(t, d.file("Office", "Rental Contract", "floor plan.png")+"/content").wantOK(t)
}
