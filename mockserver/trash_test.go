package mockserver_test

import (
	"bytes"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

// Snapshots, exports and resets treat items in the trash as removed, whether they were
// created or came from the fixture.
func TestTrash_IsNotInSnapshotsAndEndsWithAReset(t *testing.T) {
	t.Parallel()
	s, d := newServer(t, connecttest.WithConnectVersion("1.0.0")).withoutCheck(), demo(t)
	snapshot := func(name string) {
		t.Helper()
		s.saveSnapshot(t, controlapi.NewSnapshot{Name: name})
	}
	created, own := s.create(t, d.vault("Deployments"), `{"title":"own","category":"LOGIN"}`)
	based := d.path("Deployments", "Deploy Certificates")
	id := s.item(t, based).ID
	before := s.vault(t, d.vault("Deployments")).Items
	snapshot("before")
	for _, path := range []string{own, based} {
		s.send(t, "DELETE", path, nil).wantStatus(t, 204)
		if it := s.item(t, path); !it.Trashed || it.Vault.ID != d.vault("Deployments") {
			t.Errorf("%s: read as trashed %t in the vault %q", path, it.Trashed, it.Vault.ID)
		}
	}
	snapshot("after")

	diff, err := s.Mock.DiffSnapshots(t.Context(), "", "before", "after")
	must(t, err)
	removed := map[string]string{}
	for _, c := range diff.Changes {
		if c.Kind == "item" {
			removed[c.ID] = c.Change
		}
	}
	if want := map[string]string{created.ID: "removed", id: "removed"}; !cmp.Equal(want, removed) {
		t.Errorf("changed items are %v, want %v", removed, want)
	}

	var archive bytes.Buffer
	must(t, s.Mock.ExportSnapshot(t.Context(), "", "after", &archive))
	newer := newServer(t)
	if _, err := newer.Mock.ImportSnapshot(t.Context(), "", "old", &archive); err != nil {
		t.Fatal(err)
	}
	newer.restoreSnapshot(t, "", "old")
	listed := newer.list(t, d.items("Deployments"))
	counted := newer.vault(t, d.vault("Deployments")).Items
	if want := before - 2; counted != want || len(listed) != want {
		t.Errorf("the vault counts %d and lists %d items, want %d", counted, len(listed), want)
	}

	s.restoreSnapshot(t, "", "before")
	for _, path := range []string{own, based} {
		if s.item(t, path).Trashed {
			t.Errorf("%s: restored into the trash", path)
		}
	}
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{}))
	s.get(t, own).wantStatus(t, 404)
	s.item(t, based)
}
