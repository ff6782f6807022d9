package mockserver_test

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

func TestVersionChanges_NameAQuirkOrAReason(t *testing.T) {
	t.Parallel()
	known, switches := mockserver.KnownVersions(), mockserver.Quirks()
	for _, c := range mockserver.VersionChanges() {
		if !slices.Contains(known, c.Before) || c.From != "" && !slices.Contains(known, c.From) {
			t.Errorf("%s: %s: not the known versions %v", c.Versions(), c.About, known)
		}
		if c.About == "" || !strings.Contains(c.Evidence, "[") {
			t.Errorf("%s: %q has no text or no evidence", c.Versions(), c.About)
		}
		i := slices.IndexFunc(switches, func(q mockserver.Quirk) bool { return q.Name == c.Quirk })
		switch {
		case (c.Quirk == "") == (c.NotShown == ""):
			t.Errorf("%s: %s: has both a switch and a reason why there is none, or neither", c.Versions(), c.About)
		case c.Quirk == "" && len(c.Breaks) > 0:
			t.Errorf("%s: %s: is not shown and breaks rules", c.Versions(), c.About)
		case c.Quirk != "" && (i < 0 || !slices.Contains(switches[i].Values[1:], c.Value)):
			t.Errorf("%s: there is no switch %s=%s, or it is the default", c.Versions(), c.Quirk, c.Value)
		case c.Preset != "" && !slices.ContainsFunc(faults.Presets(), isPreset(c.Preset)):
			t.Errorf("%s: there is no preset %s", c.Versions(), c.Preset)
		}
	}
}

func isPreset(name string) func(controlapi.Preset) bool {
	return func(p controlapi.Preset) bool { return p.Name == name }
}

func TestVersionChanges_SetEachQuirkOnce(t *testing.T) {
	t.Parallel()
	for _, version := range mockserver.KnownVersions() {
		set := map[string]bool{}
		for _, c := range mockserver.VersionChanges() {
			if c.Quirk == "" || !c.Holds(version) {
				continue
			}
			if set[c.Quirk] {
				t.Errorf("%s sets the switch %s twice", version, c.Quirk)
			}
			set[c.Quirk] = true
		}
	}
}

func TestVersionQuirks_FollowTheVersion(t *testing.T) {
	t.Parallel()
	before154 := map[string]string{
		"address-type": "unknown", "file-item-update": "document-refused", "key-case": "snake",
		"patch-write-only": "answered", "uncreatable-text": "custom-only",
	}
	for version, want := range map[string]map[string]string{
		mockserver.DefaultConnectVersion: {},
		"1.9.0":                          {},
		"10.0.0":                         {},
		"1.8.1":                          {"address-type": "unknown"},
		"1.7.2":                          {"address-type": "unknown"},
		"1.5.3":                          before154,
	} {
		wantEqual(t, want, mockserver.VersionQuirks(version), "%s turns on", version)
	}
	for between, older := range map[string]string{
		"0.9.0": "1.0.0", "1.1.9": "1.1.1", "1.4.12": "1.4.0", "1.7.10": "1.7.3", "1.5.30": "1.5.8",
	} {
		if diff := cmp.Diff(mockserver.VersionQuirks(older), mockserver.VersionQuirks(between)); diff != "" {
			t.Errorf("%s does not do what %s did (-%s +%s):\n%s", between, older, older, between, diff)
		}
	}
}

func TestConnectVersion_IsOverriddenByQuirks(t *testing.T) {
	t.Parallel()
	asVersion := func(options ...connecttest.Option) *testServer {
		return newServer(t, append([]connecttest.Option{connecttest.WithConnectVersion("1.2.0")},
			options...)...).withoutCheck()
	}
	path := demo(t).path("Deployments", "Deploy Certificates") + "/files"
	old := asVersion().get(t, path)
	if old.status != 404 || old.header.Get("1Password-Connect-Version") != "" {
		t.Errorf("1.2.0 responds to files with %d and the version %q", old.status,
			old.header.Get("1Password-Connect-Version"))
	}
	files, header := connecttest.WithQuirk("file-routes", "served"), connecttest.WithQuirk("version-header", "sent")
	chosen := asVersion(files, header).get(t, path)
	if version := chosen.header.Get("1Password-Connect-Version"); chosen.status != 200 || version != "1.2.0" {
		t.Errorf("with both quirks: status %d and the version %q", chosen.status, version)
	}
}

func TestConnectVersion_IsCheckedBeforeTheStore(t *testing.T) {
	t.Parallel()
	for _, version := range []string{
		"latest", "1.8", "v1.8.1", "1.8.1\n", "1.8.1-rc1", "1.8.99999999999", " 1.8.1", "-1.8.1",
		"01.8.2", "1.08.2", "1.8.02", "00.0.0",
	} {
		file := filepath.Join(t.TempDir(), "mock.db")
		_, err := mockserver.New(t.Context(), mockserver.Config{Store: file, ConnectVersion: version})
		var refused *mockserver.ConfigError
		if !errors.As(err, &refused) {
			t.Fatalf("version %q: %v", version, err)
		}
		for _, known := range mockserver.KnownVersions() {
			if !strings.Contains(refused.Reason, known) {
				t.Errorf("version %q: %s does not name %s", version, refused.Reason, known)
			}
		}
		if left, _ := filepath.Glob(file + "*"); left != nil {
			t.Errorf("version %q: created %v", version, left)
		}
	}
}

func TestCheckResponses_RefusesVersionsOutsideTheDocument(t *testing.T) {
	t.Parallel()
	for version, says := range map[string]string{
		"1.5.2": "key-case=snake, which connect version 1.5.2 turns on",
		"1.5.4": "content-path=camel, which connect version 1.5.4 turns on",
	} {
		_, err := mockserver.New(t.Context(), mockserver.Config{ConnectVersion: version, CheckResponses: true})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, must say %s", version, err, says)
		}
	}
	_, err := mockserver.New(t.Context(), mockserver.Config{Quirks: map[string]string{"content-path": "bare"}, CheckResponses: true})
	const wayOut = "choose content-path=slash"
	if err == nil || strings.Contains(err.Error(), "turns on") || !strings.Contains(err.Error(), wayOut) {
		t.Errorf("content-path=bare: error %v", err)
	}
	s := newServer(t, connecttest.WithConnectVersion("1.5.2"), connecttest.WithQuirk("key-case", "camel"),
		withResponseCheck())
	s.item(t, demo(t).path("Office", "Time Tracker"))
}

// Responses of every other version are in the document.
func TestCheckResponses_AcceptsOtherVersions(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"1.0.0", "1.1.0", "1.2.0", "1.4.0", "1.5.0", "1.5.5", "1.8.1"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, connecttest.WithConnectVersion(version),
				withResponseCheck()).withoutCheck()
			d := demo(t)
			s.get(t, "/health").wantOK(t)
			for _, v := range s.vaults(t) {
				for _, it := range s.list(t, "/v1/vaults/"+v.ID+"/items") {
					s.item(t, "/v1/vaults/"+v.ID+"/items/"+it.ID)
				}
			}
			path := d.path("Ada's Own", "Old Forum")
			s.send(t, "DELETE", path, nil).wantStatus(t, 204)
			if after := s.get(t, path).status; version == "1.0.0" && after != 200 || version != "1.0.0" && after != 404 {
				t.Errorf("a deleted item is: status %d", after)
			}
		})
	}
}

func TestSnakeCase_LeavesInvalidJSONToTheChecks(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithQuirk("key-case", "snake")).withoutCheck()
	items := demo(t).items("Office")
	deep := strings.Repeat("[", 20_000)
	for _, body := range []string{"", "{", `{"title":"a"}{}`, `{"title":"a",}`, "\xff", `[1,`, deep} {
		if a := s.send(t, "POST", items, body); a.status != 400 {
			t.Errorf("%.20q: status %d", body, a.status)
		}
	}
	created := s.send(t, "POST", items,
		`{"title":"<&> é \u00e9","category":"LOGIN","tags":["camelCase"],"last_edited_by":"x","createdAt":"y"}`).wantOK(t)
	var it struct {
		Title string
		Tags  []string
	}
	must(t, json.Unmarshal(created.body, &it))
	if it.Title != "<&> é é" || len(it.Tags) != 1 || it.Tags[0] != "camelCase" {
		t.Errorf("created %+v: values must stay as they were sent", it)
	}
}
