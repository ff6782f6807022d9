package control

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// must is a value that had to be there.
func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(got T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
}

// refused holds an error to a status and words.
func refused(t *testing.T, err error, status int, words string) {
	t.Helper()
	var e *controlapi.Error
	if !errors.As(err, &e) || e.Status != status || !strings.Contains(e.Message, words) {
		t.Errorf("got %v, want %d %q", err, status, words)
	}
}

func none(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestEveryOperation does what each operation is for, by the client and over
// HTTP, and counts that none was left out.
func TestEveryOperation(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.overview(t)
	r.accounts(t)
	r.clocks(t)
	r.tokens(t)
	r.snapshots(t)
	r.faults(t)
	r.journals(t)
	r.fixtures(t)
	r.reset(t)
	for _, op := range r.seen.doc.Operations {
		if !r.seen.operations[op.ID] {
			t.Errorf("%s was never answered", op.ID)
		}
	}
	if log := r.log.String(); log != "" {
		t.Error(log)
	}
}

func (r *rig) overview(t *testing.T) {
	o := must[controlapi.Overview](t)(r.Overview(t.Context()))
	if o.Version != "1.8.2" || !slices.Contains(o.Operations, "GetVaults") || len(o.Accounts) != 1 || o.Accounts[0].Name != "Demo" || !o.Accounts[0].Seeded || o.Accounts[0].Token != "" {
		t.Errorf("%+v", o)
	}
}

func (r *rig) accounts(t *testing.T) {
	ctx := t.Context()
	a := must[controlapi.Account](t)(r.CreateAccount(ctx, controlapi.NewAccount{Name: "world one?"}))
	if status, body := r.connect(t, a.Token, "GET", "/v1/vaults", ""); status != 200 || !strings.Contains(body, "Private") {
		t.Errorf("the token of a new world: %d %s", status, body)
	}
	_, err := r.CreateAccount(ctx, controlapi.NewAccount{Name: a.Name})
	refused(t, err, http.StatusConflict, a.Name)
	_, err = r.CreateAccount(ctx, controlapi.NewAccount{From: "nobody"})
	refused(t, err, http.StatusNotFound, "nobody")
	if all := must[[]controlapi.Account](t)(r.Accounts(ctx)); len(all) != 2 || all[1].ID != a.ID || all[1].Token != "" {
		t.Errorf("%+v", all)
	}
	none(t, r.DeleteAccount(ctx, a.Name))
	refused(t, r.DeleteAccount(ctx, a.Name), http.StatusNotFound, a.Name)
	if err := r.DeleteAccount(ctx, "Demo"); err == nil {
		t.Error("what was there from the start was deleted")
	}
	if status, _ := r.connect(t, a.Token, "GET", "/v1/vaults", ""); status != 401 {
		t.Errorf("the token of an ended world: %d", status)
	}
	response, body := r.ask(t, "POST", "/accounts", authorized, "")
	if response.StatusCode != 201 {
		t.Errorf("without a body: %d %s", response.StatusCode, body)
	}
}

func (r *rig) clocks(t *testing.T) {
	ctx, moment, stop := t.Context(), time.Date(2031, 2, 3, 4, 5, 6, 7, time.UTC), true
	c := must[controlapi.Clock](t)(r.SetClock(ctx, "", controlapi.ClockChange{Set: moment, Advance: controlapi.Duration(time.Hour), Frozen: &stop}))
	if !c.Now.Equal(moment.Add(time.Hour)) || !c.Frozen || c.Own {
		t.Errorf("%+v", c)
	}
	if again := must[controlapi.Clock](t)(r.Clock(ctx, "Demo")); !again.Now.Equal(c.Now) || again.Own {
		t.Errorf("%+v", again)
	}
	_, err := r.SetClock(ctx, "", controlapi.ClockChange{})
	refused(t, err, http.StatusBadRequest, "nothing to do")
	_, err = r.Clock(ctx, "nobody")
	refused(t, err, http.StatusNotFound, "nobody")
	_ = must[controlapi.Clock](t)(r.SetClock(ctx, "", controlapi.ClockChange{Real: true}))
}

func (r *rig) tokens(t *testing.T) {
	ctx := t.Context()
	made := must[controlapi.Token](t)(r.IssueToken(ctx, controlapi.Token{
		Name: "half/past?", Vaults: map[string]string{"Private": "read"}, ExpiresIn: controlapi.Duration(time.Hour),
	}))
	if status, body := r.connect(t, made.Value, "GET", "/v1/vaults", ""); status != 200 || strings.Contains(body, "Shared") {
		t.Errorf("%d %s", status, body)
	}
	_, err := r.IssueToken(ctx, controlapi.Token{Name: made.Name})
	refused(t, err, http.StatusConflict, made.Name)
	_, err = r.IssueToken(ctx, controlapi.Token{Name: "x", Vaults: map[string]string{"Nowhere": "read"}})
	if err == nil {
		t.Error("a token for a vault that is not there")
	}
	change := controlapi.TokenChange{Vaults: map[string]string{"Shared": "read"}}
	if changed := must[controlapi.Token](t)(r.ChangeToken(ctx, "", made.Name, change)); changed.Value != made.Value || changed.Vaults["Shared"] != "read" || len(changed.Vaults) != 1 {
		t.Error("the change is not what was asked for, or the value has changed")
	}
	if all := must[[]controlapi.Token](t)(r.ListTokens(ctx, "")); !slices.ContainsFunc(all, func(o controlapi.Token) bool { return o.ID == made.ID && o.Value == made.Value && o.State == "active" }) {
		t.Errorf("%d tokens without the one that was made", len(all))
	}
	none(t, r.RevokeToken(ctx, "", made.ID))
	if status, _ := r.connect(t, made.Value, "GET", "/v1/vaults", ""); status != 401 {
		t.Errorf("a revoked token: %d", status)
	}
	refused(t, r.RevokeToken(ctx, "", "nothing of the kind"), http.StatusNotFound, "")
}

func (r *rig) snapshots(t *testing.T) {
	ctx := t.Context()
	w := must[controlapi.Account](t)(r.CreateAccount(ctx, controlapi.NewAccount{}))
	s := must[controlapi.Snapshot](t)(r.SaveSnapshot(ctx, controlapi.NewSnapshot{Account: w.ID, Name: "before %2F?"}))
	if s.Vaults != 2 || s.Items != 2 {
		t.Errorf("%+v", s)
	}
	_, err := r.SaveSnapshot(ctx, controlapi.NewSnapshot{Account: w.ID, Name: s.Name})
	refused(t, err, http.StatusConflict, "already")
	vault, item := r.firstItem(t, w.Token, "Private")
	if status, body := r.connect(t, w.Token, "DELETE", "/v1/vaults/"+vault+"/items/"+item, ""); status != 204 {
		t.Fatalf("%d %s", status, body)
	}
	d := must[controlapi.Diff](t)(r.DiffSnapshots(ctx, w.ID, s.Name, ""))
	if !slices.ContainsFunc(d.Changes, func(c controlapi.Change) bool { return c.ID == item && c.Kind == "item" && c.Change == "removed" }) {
		t.Errorf("%+v", d)
	}
	if same := must[controlapi.Diff](t)(r.DiffSnapshots(ctx, w.ID, s.Name, s.Name)); len(same.Changes) != 0 {
		t.Errorf("%+v", same)
	}
	none(t, r.RestoreSnapshot(ctx, w.ID, s.Name))
	if status, _ := r.connect(t, w.Token, "GET", "/v1/vaults/"+vault+"/items/"+item, ""); status != 200 {
		t.Errorf("the item is not there again: %d", status)
	}
	r.files(t, w, s)
	none(t, r.DeleteSnapshot(ctx, w.ID, s.Name))
	refused(t, r.RestoreSnapshot(ctx, w.ID, s.Name), http.StatusNotFound, "before")
	if left := must[[]controlapi.Snapshot](t)(r.Snapshots(ctx, w.ID)); len(left) != 1 || left[0].Name != "copy" {
		t.Errorf("%+v", left)
	}
	none(t, r.DeleteAccount(ctx, w.ID))
}

// files exports a snapshot and imports it, whole and cut.
func (r *rig) files(t *testing.T, w controlapi.Account, s controlapi.Snapshot) {
	ctx := t.Context()
	var file bytes.Buffer
	none(t, r.ExportSnapshot(ctx, w.ID, s.Name, &file))
	copied := must[controlapi.Snapshot](t)(r.ImportSnapshot(ctx, w.ID, "copy", bytes.NewReader(file.Bytes())))
	if copied.Name != "copy" || copied.Items != s.Items || copied.Vaults != s.Vaults {
		t.Errorf("%+v", copied)
	}
	if d := must[controlapi.Diff](t)(r.DiffSnapshots(ctx, w.ID, s.Name, "copy")); slices.ContainsFunc(d.Changes, func(c controlapi.Change) bool { return c.Kind != "token" }) {
		t.Errorf("a copy differs: %+v", d)
	}
	for name, cut := range map[string][]byte{"cut": file.Bytes()[:file.Len()/2], "empty": nil, "something else": []byte("vaults: []"), "zipped": zipped(t, "vaults: []")} {
		_, err := r.ImportSnapshot(ctx, w.ID, "cut", bytes.NewReader(cut))
		if err == nil {
			t.Errorf("%s: taken", name)
			continue
		}
		refused(t, err, http.StatusBadRequest, "")
	}
	refused(t, r.ExportSnapshot(ctx, w.ID, "nothing", io.Discard), http.StatusNotFound, "nothing")
	response, body := r.ask(t, "HEAD", "/snapshots/copy?account="+w.ID, authorized, "")
	if response.StatusCode != 200 || body != "" {
		t.Errorf("HEAD: %d", response.StatusCode)
	}
}

func zipped(t *testing.T, text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := io.WriteString(z, text)
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (r *rig) faults(t *testing.T) {
	ctx := t.Context()
	w := must[controlapi.Account](t)(r.CreateAccount(ctx, controlapi.NewAccount{Name: "faulty"}))
	f := must[controlapi.Fault](t)(r.AddFault(ctx, controlapi.Fault{
		Name: "busy", Account: w.ID, Operations: []string{"GetVaults"}, Times: 1,
		Abort: &controlapi.Abort{Status: 429}, Headers: map[string]string{"Retry-After": "1"},
	}))
	for _, want := range []int{429, 200} {
		if status, body := r.connect(t, w.Token, "GET", "/v1/vaults", ""); status != want {
			t.Errorf("got %d %s, want %d", status, body, want)
		}
	}
	_, err := r.AddFault(ctx, f)
	refused(t, err, http.StatusConflict, "busy")
	_, err = r.AddFault(ctx, controlapi.Fault{Operation: "GetVault", Abort: &controlapi.Abort{Status: 500}})
	refused(t, err, http.StatusBadRequest, "GetVault")
	_, err = r.AddFault(ctx, controlapi.Fault{})
	refused(t, err, http.StatusBadRequest, "")
	if list := must[[]controlapi.Fault](t)(r.Faults(ctx, "faulty")); len(list) != 1 || list[0].Struck != 1 || list[0].Matched != 2 {
		t.Errorf("%+v", list)
	}
	_, err = r.Faults(ctx, "nobody")
	refused(t, err, http.StatusNotFound, "nobody")
	refused(t, r.ResetFaults(ctx, "nobody"), http.StatusNotFound, "nobody")
	none(t, r.RemoveFault(ctx, "busy"))
	refused(t, r.RemoveFault(ctx, "busy"), http.StatusNotFound, "busy")
	response, body := r.ask(t, "POST", "/faults", asJSON, `{"account": "`+w.ID+`", "delay": "1ns", "abort": 503}`)
	if response.StatusCode != 201 {
		t.Errorf("short forms: %d %s", response.StatusCode, body)
	}
	none(t, r.ResetFaults(ctx, "faulty"))
	if list := must[[]controlapi.Fault](t)(r.Faults(ctx, "")); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	for _, p := range must[[]controlapi.Preset](t)(r.Presets(ctx)) {
		if _, err := r.AddFault(ctx, controlapi.Fault{Preset: p.Name, Account: w.ID}); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
	none(t, r.ResetFaults(ctx, ""))
}

func (r *rig) journals(t *testing.T) {
	ctx, one := t.Context(), 1
	w := must[controlapi.Account](t)(r.CreateAccount(ctx, controlapi.NewAccount{Name: "watched"}))
	r.connect(t, w.Token, "GET", "/v1/vaults", "")
	r.connect(t, w.Token, "GET", "/v1/vaults/aaaaaaaaaaaaaaaaaaaaaaaaaa", "")
	j := must[controlapi.Journal](t)(r.Journal(ctx, controlapi.JournalQuery{Account: "watched", Status: "4xx"}))
	if len(j.Entries) != 1 || j.Entries[0].Operation != "GetVaultById" {
		t.Fatalf("%+v", j)
	}
	id := j.Entries[0].ID
	if all := must[controlapi.Journal](t)(r.Journal(ctx, controlapi.JournalQuery{After: id - 1, Since: j.Entries[0].Time, Until: j.Entries[0].Time.Add(time.Hour), Limit: 5})); len(all.Entries) != 1 {
		t.Errorf("%+v", all)
	}
	e := must[controlapi.Explanation](t)(r.Explain(ctx, id))
	if e.Check != "authorize" || e.Rule == "" {
		t.Errorf("%+v", e)
	}
	_, err := r.Explain(ctx, 1<<40)
	refused(t, err, http.StatusNotFound, "")
	v := controlapi.Verification{Account: w.ID, Expect: []controlapi.Expectation{{Operation: "GetVaults", Count: &one}, {Operation: "GetVaultById", Status: "403"}}, InOrder: true, Only: true}
	if got := must[controlapi.VerifyResult](t)(r.VerifyJournal(ctx, v)); !got.OK {
		t.Errorf("%+v", got)
	}
	v.Expect = v.Expect[:1]
	if got := must[controlapi.VerifyResult](t)(r.VerifyJournal(ctx, v)); got.OK || len(got.Problems) == 0 {
		t.Errorf("%+v", got)
	}
	_, err = r.VerifyJournal(ctx, controlapi.Verification{Expect: []controlapi.Expectation{{Operation: "GetVault"}}})
	refused(t, err, http.StatusBadRequest, "GetVault")
	none(t, r.ClearJournal(ctx, "watched"))
	if j := must[controlapi.Journal](t)(r.Journal(ctx, controlapi.JournalQuery{Account: w.ID})); len(j.Entries) != 0 {
		t.Errorf("%+v", j)
	}
	none(t, r.ClearJournal(ctx, ""))
}

func (r *rig) fixtures(t *testing.T) {
	ctx := t.Context()
	w := must[controlapi.Account](t)(r.CreateAccount(ctx, controlapi.NewAccount{Name: "filled"}))
	const more = "vaults:\n  - name: More\n    items:\n      - {title: One, category: LOGIN}\n"
	load := func(text string, add bool) (controlapi.LoadResult, error) {
		return r.LoadFixture(ctx, "filled", strings.NewReader(text), add)
	}
	if got := must[controlapi.LoadResult](t)(load(more, true)); got != (controlapi.LoadResult{Account: w.ID, Vaults: 1, Items: 1}) {
		t.Errorf("%+v", got)
	}
	if _, body := r.connect(t, w.Token, "GET", "/v1/vaults", ""); !strings.Contains(body, "More") || !strings.Contains(body, "Private") {
		t.Errorf("added: %s", body)
	}
	_, err := load(more, true)
	refused(t, err, http.StatusConflict, "")
	_ = must[controlapi.LoadResult](t)(load(`{"vaults": [{"name": "Only"}]}`, false))
	if _, body := r.connect(t, w.Token, "GET", "/v1/vaults", ""); !strings.Contains(body, "Only") || strings.Contains(body, "Private") {
		t.Errorf("replaced: %s", body)
	}
	_, err = load("vaults:\n  - nam: More\n", false)
	refused(t, err, http.StatusBadRequest, "fixture:2:5: ")
	_, err = load("vaults:\n  - name: V\n    items:\n      - title: I\n        category: DOCUMENT\n        files:\n          - {name: f, path: operations_test.go}\n", false)
	refused(t, err, http.StatusBadRequest, "fixture:7:29: path can't be used here")
	_, err = load(strings.Repeat("[", 100_000), false)
	refused(t, err, http.StatusBadRequest, "fixture:1:101: nested too deeply (at most 100 lists and mappings in one another)")
	_, err = load(strings.Repeat("user: x\n", 20_000), false)
	refused(t, err, http.StatusBadRequest, "fixture:2001:1: a mapping of more than 2000 keys")
	_, err = load("", false)
	refused(t, err, http.StatusBadRequest, "")
	response, body := r.ask(t, "POST", "/fixtures?add=1", asJSON, `{"vaults": [{"name": "Other"}]}`)
	if response.StatusCode != 200 {
		t.Errorf("JSON: %d %s", response.StatusCode, body)
	}
}

func (r *rig) reset(t *testing.T) {
	ctx := t.Context()
	none(t, r.Reset(ctx, controlapi.Reset{Account: "filled"}))
	refused(t, r.Reset(ctx, controlapi.Reset{Account: "nobody"}), http.StatusNotFound, "nobody")
	none(t, r.Reset(ctx, controlapi.Reset{}))
	if all := must[[]controlapi.Account](t)(r.Accounts(ctx)); len(all) != 1 {
		t.Errorf("%+v", all)
	}
	if response, body := r.ask(t, "POST", "/reset", authorized, ""); response.StatusCode != 204 {
		t.Errorf("without a body: %d %s", response.StatusCode, body)
	}
}
