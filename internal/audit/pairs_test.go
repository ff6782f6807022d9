package audit

import (
	"slices"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

// at returns an entry at a time after the start of the journal.
func at(after time.Duration, e controlapi.Entry) controlapi.Entry {
	e.Time = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC).Add(after)
	e.Took, e.Bytes = controlapi.Duration(time.Millisecond), 5000
	return e
}

// by returns an entry of another token and account.
func by(account, token string, e controlapi.Entry) controlapi.Entry {
	e.Account, e.Caller = account, token
	return e
}

func took(d time.Duration, e controlapi.Entry) controlapi.Entry {
	e.Took = controlapi.Duration(d)
	return e
}

func faulted(e controlapi.Entry) controlapi.Entry {
	e.Faults = []string{"f"}
	return e
}

// done returns the entry of a request that was done before a fault failed it.
func done(e controlapi.Entry) controlapi.Entry {
	e.Done = true
	return faulted(e)
}

// The report says which of the repeated requests were done, as far as the journal knows.
func TestAnalyze_SaysWhatWasDone(t *testing.T) {
	t.Parallel()
	create, v := "CreateVaultItem", vaults[0]
	report := Analyze(controlapi.Journal{Entries: []controlapi.Entry{
		done(at(0, entry(1, "app", create, v, 0))), at(time.Second, entry(2, "app", create, v, 504)),
		at(2*time.Second, entry(3, "app", create, v, 200)), done(at(4*time.Second, entry(4, "app", create, v, 403))),
	}}, nil)
	if len(report.Findings) != 1 {
		t.Fatalf("findings %+v", report.Findings)
	}
	const want = "repeated 2 times although the first may have been done, without reading in between; " +
		"the journal says that it was done once"
	if got := report.Findings[0]; got.Kind != UnsafeRetry || got.Found != want {
		t.Errorf("%+v\nwant %q", got, want)
	}
	if n := report.Needs[0]; len(n.Refused) != 0 || len(n.Vaults) != 1 || n.Vaults[0].Permission != "write" {
		t.Errorf("a done request with a 403 shows the need of %+v", n)
	}
}

// What the journal says about time, token and account decides which requests belong together.
func TestAnalyze_JoinsRequestsThatBelongTogether(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	get, list, create, patch := "GetVaultItemById", "GetVaultItems", "CreateVaultItem", "PatchVaultItem"
	v, w := vaults[0], vaults[1]
	for name, test := range map[string]struct {
		entries []controlapi.Entry
		want    []Kind
	}{
		"a retry at once": {
			[]controlapi.Entry{at(0, entry(1, "app", get, v, 502)), at(2*ms, entry(2, "app", get, v, 200))}, []Kind{EagerRetry},
		},
		"a request that was sent before the first had ended is no retry": {
			[]controlapi.Entry{took(20*ms, at(0, entry(1, "app", get, v, 502))), at(2*ms, entry(2, "app", get, v, 200))}, nil,
		},
		"the delay of a fault is no pause": {
			[]controlapi.Entry{
				faulted(took(time.Minute, at(0, entry(1, "app", get, v, 502)))), at(2*ms, entry(2, "app", get, v, 200)),
			}, []Kind{EagerRetry},
		},
		"the second retry after a lost connection needs a pause": {
			[]controlapi.Entry{
				faulted(at(0, entry(1, "app", get, v, 0))), faulted(at(2*ms, entry(2, "app", get, v, 0))),
				at(4*ms, entry(3, "app", get, v, 200)),
			}, []Kind{EagerRetry},
		},
		"a request of another token is no retry": {
			[]controlapi.Entry{
				at(0, entry(1, "app", get, v, 503)), at(time.Second, by("A", "ci", entry(2, "", get, v, 200))),
			}, []Kind{MissingRetry},
		},
		"a request of another account is no retry": {
			[]controlapi.Entry{
				at(0, entry(1, "app", get, v, 503)), at(time.Second, by("B", "app", entry(2, "", get, v, 200))),
			}, []Kind{MissingRetry},
		},
		"a request that the client gave up needs no retry": {
			[]controlapi.Entry{at(0, entry(1, "app", get, v, 0))}, nil,
		},
		"a create of which the outcome is unknown needs no retry": {
			[]controlapi.Entry{at(0, entry(1, "app", create, v, 504))}, nil,
		},
		"a create in another vault is no retry": {
			[]controlapi.Entry{at(0, entry(1, "app", create, v, 504)), at(time.Second, entry(2, "app", create, w, 200))}, nil,
		},
		"a look into another vault is none": {
			[]controlapi.Entry{
				at(0, entry(1, "app", create, v, 504)), at(time.Second, entry(2, "app", list, w, 200)),
				at(2*time.Second, entry(3, "app", create, v, 200)),
			}, []Kind{UnsafeRetry},
		},
		"a look of another token is none": {
			[]controlapi.Entry{
				at(0, entry(1, "app", create, v, 504)), at(time.Second, by("A", "ci", entry(2, "", list, v, 200))),
				at(2*time.Second, entry(3, "app", create, v, 200)),
			}, []Kind{UnsafeRetry},
		},
		"a create that was done although its response says throttled": {
			[]controlapi.Entry{
				done(at(0, entry(1, "app", create, v, 503))), at(time.Second, entry(2, "app", create, v, 200)),
			}, []Kind{UnsafeRetry},
		},
		"a create that was done although it seems refused, and no second one": {
			[]controlapi.Entry{done(at(0, entry(1, "app", create, v, 429)))}, nil,
		},
		"a create that was throttled and not done": {
			[]controlapi.Entry{
				faulted(at(0, entry(1, "app", create, v, 503))), at(time.Second, entry(2, "app", create, v, 200)),
			}, nil,
		},
		"a look at what was done": {
			[]controlapi.Entry{
				done(at(0, entry(1, "app", create, v, 400))), at(time.Second, entry(2, "app", list, v, 200)),
				at(2*time.Second, entry(3, "app", create, v, 200)),
			}, nil,
		},
		"a PATCH after a look at the item": {
			[]controlapi.Entry{
				at(0, entry(1, "app", patch, v, 500)), at(time.Second, entry(2, "app", get, v, 200)),
				at(2*time.Second, entry(3, "app", patch, v, 200)),
			}, nil,
		},
		"polling": {
			[]controlapi.Entry{
				at(0, entry(1, "app", get, v, 200)), at(11*time.Second, entry(2, "app", get, v, 200)),
				at(22*time.Second, entry(3, "app", get, v, 200)),
			}, nil,
		},
		"reads with a write of another token in between": {
			[]controlapi.Entry{
				at(0, entry(1, "app", get, v, 200)), at(1*ms, by("A", "ci", entry(2, "", patch, v, 200))),
				at(2*ms, entry(3, "app", get, v, 200)), at(3*ms, by("A", "ci", entry(4, "", patch, v, 200))),
				at(4*ms, entry(5, "app", get, v, 200)),
			}, nil,
		},
		"reads with writes to another vault in between": {
			[]controlapi.Entry{
				at(0, entry(1, "app", get, v, 200)), at(2*ms, entry(2, "app", patch, w, 200)),
				at(4*ms, entry(3, "app", get, v, 200)), at(6*ms, entry(4, "app", get, v, 200)),
			}, []Kind{RepeatedRead},
		},
		"a list of vaults and the use of two": {
			[]controlapi.Entry{
				at(0, entry(1, "app", "GetVaults", "", 200)), at(2*ms, entry(2, "app", get, v, 200)),
				at(4*ms, entry(3, "app", get, w, 200)),
			}, nil,
		},
		"polling until an item is there": {
			[]controlapi.Entry{
				at(0, entry(1, "app", get, v, 404)), at(1*ms, entry(2, "app", get, v, 404)),
				at(2*ms, entry(3, "app", get, v, 404)), at(3*ms, entry(4, "app", get, v, 404)),
				at(4*ms, entry(5, "app", get, v, 200)),
			}, nil,
		},
		"health checks need no retry": {
			[]controlapi.Entry{at(0, by("", "", entry(1, "", "GetServerHealth", "", 503)))}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []Kind
			for _, f := range Analyze(controlapi.Journal{Entries: test.entries}, nil).Findings {
				got = append(got, f.Kind)
			}
			if diff := cmp.Diff(test.want, slices.Compact(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnalyze_SaysWhatTheJournalDropped(t *testing.T) {
	t.Parallel()
	if r := Analyze(controlapi.Journal{Dropped: 3}, nil); r.Dropped != 3 || r.Requests != 0 {
		t.Errorf("%+v", r)
	}
}
