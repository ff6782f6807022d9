package mockserver_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/connect"
)

// everything is all that a server has to tell of vaults, items, files and
// activity.
func everything(t *testing.T, c mockserver.Config) string {
	t.Helper()
	s, err := mockserver.New(c)
	must(t, err)
	defer s.Close()
	value, err := s.FirstToken(context.Background())
	must(t, err)
	said := []string{value}
	ask := func(path string) response {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer "+value)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		said = append(said, fmt.Sprint(path, w.Code, w.Body))
		return response{status: w.Code, body: w.Body.Bytes()}
	}
	ask("/v1/activity?limit=10000")
	for _, v := range decode[[]connect.Vault](t, ask("/v1/vaults")) {
		for _, it := range decode[[]connect.Summary](t, ask("/v1/vaults/"+v.ID+"/items")) {
			item := decode[connect.Item](t, ask("/v1/vaults/"+v.ID+"/items/"+it.ID))
			for _, f := range item.Files {
				ask(f.ContentPath)
			}
		}
	}
	return strings.Join(said, "\n")
}

// A world that is stored while it is made up is the same as one that was made
// up before.
func TestGenerate_EqualsTheGeneratedFixture(t *testing.T) {
	t.Parallel()
	o := fixtures.Options{Seed: 7, Vaults: 3, Items: 300, Files: 9, History: 1500}
	c := mockserver.Config{Seed: 7, Now: newClock().Now, Fixture: fixtures.Generate(o)}
	want := everything(t, c)
	c.Fixture, c.Generate = nil, &o
	var told mockserver.Progress
	c.OnProgress = func(p mockserver.Progress) {
		if p.Items < told.Items || p.Records < told.Records {
			t.Errorf("%v after %v", p, told)
		}
		told = p
	}
	if got := everything(t, c); got != want {
		t.Errorf("they differ from byte %d on", firstDifference(got, want))
	}
	if told != (mockserver.Progress{Items: 300, AllItems: 300, Records: 1500, AllRecords: 1500}) {
		t.Errorf("told at the end: %+v", told)
	}
}

// A start that is given up in the middle keeps nothing of the world; the next
// one loads it.
func TestGenerate_KeepsNothingWhenCanceled(t *testing.T) {
	t.Parallel()
	o := fixtures.Options{Seed: 7, Vaults: 2, Items: 25_000, Files: -1, History: 1000}
	ctx, cancel := context.WithCancel(context.Background())
	c := mockserver.Config{
		Store: filepath.Join(t.TempDir(), "store.db"), Seed: 7, Generate: &o,
		OnProgress: func(p mockserver.Progress) {
			if p.Items > 10_000 {
				cancel()
			}
		},
	}
	if s, err := mockserver.NewContext(ctx, c); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, %v", s, err)
	}
	c.OnProgress = nil
	s, err := mockserver.New(c)
	must(t, err)
	defer s.Close()
	held, err := s.Overview(context.Background())
	if err != nil || !held.Seeded || held.Items != 25_000 {
		t.Errorf("got %+v, %v", held, err)
	}
}

func TestGenerate_RefusesAFixtureBesideIt(t *testing.T) {
	t.Parallel()
	mistake := new(mockserver.ConfigError)
	if _, err := mockserver.New(mockserver.Config{Fixture: fixtures.Demo(), Generate: &fixtures.Options{}}); !errors.As(err, &mistake) {
		t.Errorf("got %v", err)
	}
}
