package faults

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

// operations returns the operations of Connect.
func operations() []string {
	return append(append(reads(), writes()...), "GetServerHealth", "GetHeartbeat", "GetPrometheusMetrics")
}

// set returns a Set with valid faults.
func set(t testing.TB, documents ...controlapi.Fault) *Set {
	t.Helper()
	s := New(operations())
	for _, d := range documents {
		if _, err := s.Add(d); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func throttled(change func(*controlapi.Fault)) controlapi.Fault {
	f := controlapi.Fault{Abort: &controlapi.Abort{Status: 429}}
	if change != nil {
		change(&f)
	}
	return f
}

func get(account, token string) Request {
	return Request{Operation: "GetVaults", Account: account, TokenID: token, TokenName: "name of " + token}
}

// times sends n requests and writes x for each that the fault applied to.
func times(s *Set, n int, r Request) string {
	var seen strings.Builder
	for range n {
		seen.WriteByte(map[bool]byte{true: 'x', false: '.'}[s.Effects(r) != nil])
	}
	return seen.String()
}

func TestCounts_DecideWhichRequestsAFaultAppliesTo(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]controlapi.Fault{
		"xxxxxxxxxx": {},
		"..x.......": {Nth: 3},
		"....xxxxxx": {After: 4},
		"xx........": {Times: 2},
		"...xx.....": {After: 3, Times: 2},
		"x.xx.xxxx.": {Percentage: 50, Seed: 7},
		"..xx......": {Percentage: 50, Seed: 7, After: 1, Times: 2},
	} {
		f.Abort = &controlapi.Abort{Status: 429}
		for range 2 { // a percentage selects the same requests again
			s := set(t, f)
			if got := times(s, 10, get("A", "t")); got != want {
				t.Errorf("%+v: applied to %s, want %s", f, got, want)
			}
			if got := s.List("")[0]; got.Matched != 10 || got.Struck != strings.Count(want, "x") {
				t.Errorf("%+v: counted %d that match and %d that it applied to", f, got.Matched, got.Struck)
			}
		}
	}
}

func TestPer_CountsForEachToken(t *testing.T) {
	t.Parallel()
	s := set(t, throttled(func(f *controlapi.Fault) { f.Times, f.Per = 1, "token" }))
	for _, token := range []Request{get("A", "one"), get("A", "two"), get("B", "one"), get("", "")} {
		if got := times(s, 3, token); got != "x.." {
			t.Errorf("%+v: applied to %s", token, got)
		}
	}
	s.Reset("A") // also drops the counts of the account's tokens
	if got := times(s, 2, get("A", "one")) + times(s, 2, get("B", "one")); got != "x..." {
		t.Errorf("after the reset of an account: %s", got)
	}
	if n := len(s.byAccount[""][0].byToken); n != 3 {
		t.Errorf("counts of %d tokens are kept, want 3", n)
	}
}

func TestPercentage_AppliesToThatShare(t *testing.T) {
	t.Parallel()
	for _, percentage := range []float64{1, 20, 99.5, 100} {
		s := set(t, throttled(func(f *controlapi.Fault) { f.Percentage = percentage }))
		const n = 20000
		applied := strings.Count(times(s, n, get("A", "t")), "x")
		if share := float64(applied) / n * 100; share < percentage-1.5 || share > percentage+1.5 {
			t.Errorf("%g %%: applied to %d of %d", percentage, applied, n)
		}
	}
}

func TestMatches_SelectsByOperationVaultAndToken(t *testing.T) {
	t.Parallel()
	item := Request{
		Operation: "GetVaultItemById", Account: "A", Vault: "v", VaultName: "Office", Item: "i",
		TokenID: "id", TokenName: "ci",
	}
	for name, test := range map[string]struct {
		fault controlapi.Fault
		hit   bool
		miss  func(*Request)
	}{
		"operations":    {controlapi.Fault{Operations: []string{"GetVaults", "GetVaultItemById"}}, true, func(r *Request) { r.Operation = "GetVaultItems" }},
		"operation":     {controlapi.Fault{Operation: "GetVaultItemById"}, true, func(r *Request) { r.Operation = "GetVaults" }},
		"account":       {controlapi.Fault{Account: "A"}, true, func(r *Request) { r.Account = "B" }},
		"nobody":        {controlapi.Fault{Account: "A"}, true, func(r *Request) { r.Account = "" }},
		"vault by id":   {controlapi.Fault{Vault: "v"}, true, func(r *Request) { r.Vault = "w" }},
		"vault by name": {controlapi.Fault{Vault: "Office"}, true, func(r *Request) { r.VaultName = "office" }},
		"no vault":      {controlapi.Fault{Vault: "v"}, true, func(r *Request) { r.Vault, r.VaultName = "", "" }},
		"token by id":   {controlapi.Fault{Token: "id"}, true, func(r *Request) { r.TokenID = "other" }},
		"token by name": {controlapi.Fault{Token: "ci"}, true, func(r *Request) { r.TokenName = "cd" }},
		"no token":      {controlapi.Fault{Token: "ci"}, true, func(r *Request) { r.TokenID, r.TokenName = "", "" }},
		"heartbeat":     {controlapi.Fault{}, true, func(r *Request) { r.Operation = "GetHeartbeat" }},
		"metrics":       {controlapi.Fault{}, true, func(r *Request) { r.Operation = "GetPrometheusMetrics" }},
	} {
		test.fault.Abort = &controlapi.Abort{Status: 429}
		s := set(t, test.fault)
		if s.Effects(item) == nil {
			t.Errorf("%s: the fault does not apply", name)
		}
		other := item
		test.miss(&other)
		if s.Effects(other) != nil {
			t.Errorf("%s: the fault applies to %+v", name, other)
		}
		if got := s.List("")[0]; got.Matched != 1 {
			t.Errorf("%s: %d requests matched, want 1", name, got.Matched)
		}
	}
	for _, id := range []string{"GetHeartbeat", "GetPrometheusMetrics"} {
		if set(t, throttled(func(f *controlapi.Fault) { f.Operation = id })).Effects(Request{Operation: id}) == nil {
			t.Errorf("a fault of %s does not apply to it", id)
		}
	}
	if set(t, throttled(nil)).Effects(Request{Operation: "GetServerHealth"}) == nil {
		t.Error("a fault of all operations does not apply to GetServerHealth")
	}
}

func TestEffects_OfSeveralFaultsAreMerged(t *testing.T) {
	t.Parallel()
	second := controlapi.Duration(time.Second)
	s := set(t,
		controlapi.Fault{Name: "a", Delay: &controlapi.Delay{Fixed: second}, Headers: map[string]string{"x-b": "2", "X-A": "1"}, ContentType: "text/html"},
		controlapi.Fault{Name: "b", Account: "A", Delay: &controlapi.Delay{Fixed: second}, Headers: map[string]string{"X-a": "3"}, ContentType: "text/plain"},
		controlapi.Fault{Name: "c", Abort: &controlapi.Abort{Status: 429}, Times: 2},
		controlapi.Fault{Name: "d", Account: "A", Abort: &controlapi.Abort{Status: 503}, Times: 1},
		controlapi.Fault{Name: "e", DropHeaders: []string{"retry-after"}, Connection: "reset", MalformJSON: true, Lag: second},
		controlapi.Fault{Name: "f", Connection: "empty", Lag: 2 * second, Sync: "down"},
	)
	got := s.Effects(get("A", "t"))
	want := &Effects{
		Names: []string{"a", "b", "c", "e", "f"}, Before: Interruption{Delay: 2 * time.Second, Abort: got.Before.Abort},
		After:   Interruption{Connection: "reset"},
		Headers: []Header{{"X-A", "1"}, {"X-B", "2"}, {"X-A", "3"}}, ContentType: "text/html",
		DropHeaders: []string{"Retry-After"}, MalformJSON: true, Lag: 2 * time.Second, Sync: "f",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for i, status := range []int{429, 503, 0} {
		effects := s.Effects(get("A", "t"))
		abort := effects.Before.Abort
		if (abort != nil) != (status != 0) || status != 0 && abort.Status != status {
			t.Errorf("request %d: %+v, want %d", i+2, abort, status)
		}
	}
	if d := s.List("A")[1]; d.Matched != 2 || d.Struck != 1 {
		t.Errorf("a fault after another with an abort counted %d and %d", d.Matched, d.Struck)
	}
}

func TestSet_NamesListsAndRemovesFaults(t *testing.T) {
	t.Parallel()
	s := &Set{} // accepts any operation
	names := func(account string) string {
		var all []string
		for _, f := range s.List(account) {
			all = append(all, f.Name)
		}
		return strings.Join(all, " ")
	}
	if !s.IsEmpty() || s.Effects(get("A", "t")) != nil {
		t.Error("the zero value has faults")
	}
	for _, f := range []controlapi.Fault{
		throttled(nil), throttled(func(f *controlapi.Fault) { f.Account = "A" }),
		throttled(func(f *controlapi.Fault) { f.Name, f.Operation = "mine", "Anything" }),
		{Preset: "read-only"}, {Preset: "read-only"}, {Drip: &controlapi.Drip{Every: 1}, Account: "B"},
	} {
		if _, err := s.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := names(""), "abort abort-2 mine read-only read-only-2 drip"; got != want {
		t.Errorf("listed %q, want %q", got, want)
	}
	if names("A") != "abort-2" || names("C") != "" {
		t.Errorf("of accounts: %q, %q", names("A"), names("C"))
	}
	_, err := s.Add(throttled(func(f *controlapi.Fault) { f.Name = "mine" }))
	wantError(t, err, 409, `name: there is a fault "mine" already`)
	wantError(t, s.Remove("abort-3"), 404, `did you mean "abort-2"?`)
	if err := s.Remove("abort"); err != nil {
		t.Fatal(err)
	}
	s.Reset("A")
	s.Reset("nobody")
	if got := names(""); got != "mine read-only read-only-2 drip" || s.Len() != 4 {
		t.Errorf("after removing: %q, %d", got, s.Len())
	}
	s.Reset("")
	if !s.IsEmpty() || names("") != "" || len(s.byAccount) > 0 {
		t.Error("after a reset there are faults")
	}
	wantError(t, s.Remove("mine"), 404, `there is no fault "mine"`)
}

// The documents that Add takes and returns share no memory with the Set.
func TestAdd_CopiesDocuments(t *testing.T) {
	t.Parallel()
	body, n := "b", int64(1)
	given := controlapi.Fault{
		Operations: []string{"GetVaults"}, Delay: &controlapi.Delay{Uniform: &controlapi.Uniform{Max: 5}},
		Abort: &controlapi.Abort{Status: 500, Body: &body}, Headers: map[string]string{"A": "b"},
		Truncate: &n, Drip: &controlapi.Drip{Every: 1}, DropHeaders: []string{"B"},
	}
	s := set(t, given)
	want := s.List("")[0]
	spoil := func(f controlapi.Fault) {
		f.Operations[0], *f.Abort.Body, f.Abort.Status, f.Headers["A"], *f.Truncate, f.Drip.Bytes = "", "", 0, "", 0, 9
		f.DropHeaders[0], f.Delay.Uniform.Max = "", 0
	}
	spoil(given)
	spoil(s.List("")[0])
	if diff := cmp.Diff(want, s.List("")[0]); diff != "" {
		t.Error(diff)
	}
}

// Concurrent requests are all counted.
func TestSet_CountsConcurrentRequests(t *testing.T) {
	t.Parallel()
	s := set(t, throttled(func(f *controlapi.Fault) { f.Times = 100 }),
		throttled(func(f *controlapi.Fault) { f.Percentage, f.Per = 30, "token" }))
	var all sync.WaitGroup
	for n := range 8 {
		account := fmt.Sprint(n)
		all.Go(func() {
			for range 100 {
				s.Effects(get(account, "t"))
				f, err := s.Add(throttled(func(f *controlapi.Fault) { f.Account = account }))
				if err != nil {
					t.Error(err)
				}
				s.Effects(get(account, "t"))
				s.List("")
				if err := s.Remove(f.Name); err != nil {
					t.Error(err)
				}
				s.Reset(account)
			}
		})
	}
	all.Wait()
	if f := s.List("")[0]; f.Matched != 1600 || f.Struck != 100 {
		t.Errorf("counted %d and %d", f.Matched, f.Struck)
	}
	if s.Len() != 2 {
		t.Errorf("%d faults are left", s.Len())
	}
}

func wantError(t *testing.T, err error, status int, text string) {
	t.Helper()
	var refusal *controlapi.Error
	if !errors.As(err, &refusal) || refusal.Status != status || !strings.Contains(refusal.Message, text) {
		t.Errorf("error %v, want %d with %q", err, status, text)
	}
}
