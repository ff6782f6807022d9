package mockserver_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
)

// transcript creates items with generated values and returns all that the server
// tells.
func (s *testServer) transcript(t *testing.T) string {
	t.Helper()
	text := s.Token
	for range 3 {
		r := s.send(t, "POST", demo(t).items("Office"), `{"title":"t","category":"LOGIN","sections":[{"label":"s"}],`+
			`"fields":[{"purpose":"PASSWORD","generate":true},{"label":"own"}]}`)
		text += fmt.Sprintf("\n%d %s", r.status, r.body)
	}
	text += "\n" + s.accountState(t, "")
	return text + string(s.get(t, "/v1/activity?limit=1000").body)
}

func TestSeed_MakesServersEqual(t *testing.T) {
	t.Parallel()
	of := func(seed uint64) string {
		return newServer(t, connecttest.WithSeed(seed), connecttest.WithClock(newClock().Now),
			connecttest.WithoutSocket()).transcript(t)
	}
	seven := of(7)
	wantState(t, seven, of(7), "a second server with the same seed")
	if of(8) == seven {
		t.Error("a server with another seed responds the same")
	}
	first, second := of(0), of(0)
	if first == second {
		t.Error("two servers without a seed respond the same")
	}
}

func TestSeed_DoesNotRepeatIDsAfterARestart(t *testing.T) {
	t.Parallel()
	file, d := filepath.Join(t.TempDir(), "mock.db"), demo(t)
	seen := map[string]bool{}
	for range 4 {
		runServer(t, file, func(s *testServer) {
			for range 3 {
				it, _ := s.create(t, d.vault("Office"), `{"title":"t","category":"LOGIN",`+
					`"fields":[{"label":"a"},{"purpose":"PASSWORD","generate":true}]}`)
				request := s.activity(t, "?limit=1").records[0].RequestID
				for _, random := range []string{it.ID, it.Fields[3].ID, it.Fields[1].Value, request} {
					if seen[random] {
						t.Errorf("%q was generated twice", random)
					}
					seen[random] = true
				}
			}
		}, connecttest.WithSeed(7))
	}
}

// A fixture that is stored while it is generated is the same as one that was
// generated before.
func TestGenerate_EqualsTheGeneratedFixture(t *testing.T) {
	t.Parallel()
	of := func(c mockserver.Config) string {
		s := newServer(t, connecttest.WithoutSocket(), connecttest.WithSeed(7), connecttest.WithClock(newClock().Now),
			connecttest.WithConfig(func(to *mockserver.Config) {
				to.Fixture, to.Generate, to.OnProgress = c.Fixture, c.Generate, c.OnProgress
			}))
		return s.Token + "\n" + s.accountState(t, "")
	}
	o := fixtures.Options{Seed: 7, Vaults: 3, Items: 300, Files: 9, History: 1500}
	want := of(mockserver.Config{Fixture: fixtures.Generate(o)})
	var last mockserver.Progress
	got := of(mockserver.Config{Generate: &o, OnProgress: func(p mockserver.Progress) {
		if p.Items < last.Items || p.Records < last.Records {
			t.Errorf("progress %v after %v", p, last)
		}
		last = p
	}})
	wantState(t, want, got, "stored while it is generated")
	if last != (mockserver.Progress{Items: 300, AllItems: 300, Records: 1500, AllRecords: 1500}) {
		t.Errorf("last progress: %+v", last)
	}
}

// A start that is canceled halfway keeps nothing of the fixture; the next one loads
// another. There are as many items as are stored in bulk.
func TestGenerate_KeepsNothingWhenCanceled(t *testing.T) {
	t.Parallel()
	o := fixtures.Options{Seed: 7, Vaults: 2, Items: 20_000, Files: -1, History: 1000}
	ctx, cancel := context.WithCancel(t.Context())
	c := mockserver.Config{
		Store: filepath.Join(t.TempDir(), "store.db"), Seed: 7, Generate: &o,
		OnProgress: func(p mockserver.Progress) {
			if p.Items > 1000 {
				cancel()
			}
		},
	}
	if s, err := mockserver.New(ctx, c); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, %v", s, err)
	}
	c.OnProgress, o.Items = nil, 100
	s, err := mockserver.New(t.Context(), c)
	must(t, err)
	defer s.Close()
	if loaded, err := s.Status(t.Context()); err != nil || !loaded.Seeded || loaded.Items != 100 {
		t.Errorf("overview %+v, error %v", loaded, err)
	}
}

func TestGenerate_RefusesAFixtureBesideIt(t *testing.T) {
	t.Parallel()
	var refused *mockserver.ConfigError
	_, err := mockserver.New(t.Context(), mockserver.Config{Fixture: fixtures.Demo(), Generate: &fixtures.Options{}})
	if !errors.As(err, &refused) {
		t.Errorf("got %v", err)
	}
}
