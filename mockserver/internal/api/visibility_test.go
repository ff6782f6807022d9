package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/backend/visibility"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

// laggingHandler is a handler whose tests delay what reads see, with a clock and a caller.
type laggingHandler struct {
	*Handler
	token, vault string
	mu           sync.Mutex
	now          time.Time
}

func openLagging(t *testing.T) *laggingHandler {
	t.Helper()
	l := &laggingHandler{now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	w := &fixtures.Fixture{Accounts: []fixtures.Account{{Vaults: []fixtures.Vault{
		{Name: "first", Items: []fixtures.Item{
			{Title: "alpha", Category: "LOGIN", Tags: []string{"a", "b"}},
			{Title: "beta", Category: "DOCUMENT", Files: []fixtures.File{
				{Name: "f", Text: "content of f"}, {Name: "g", Size: 5000},
			}},
			{Title: "gamma", Category: "SERVER"},
		}},
		{Name: "second", Items: []fixtures.Item{{Title: "alpha", Category: "LOGIN"}}},
	}}}}
	if err := w.Complete(); err != nil {
		t.Fatal(err)
	}
	var err error
	l.Handler = open(t, config{fixture: w, now: l.clock})
	if l.token, err = l.backend.Tokens.FirstToken(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.vault = w.Accounts[0].Vaults[0].ID
	return l
}

func (l *laggingHandler) clock() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *laggingHandler) advance(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = l.now.Add(d)
}

// send returns the status and the body of a response.
func (l *laggingHandler) send(method, path, body string) (int, string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+l.token)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	l.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// readAll returns everything that reads show of the vault and of the items.
func (l *laggingHandler) readAll(items []string) map[string]string {
	paths := []string{"/v1/vaults", "/v1/vaults/" + l.vault}
	vault := "/v1/vaults/" + l.vault + "/items"
	for _, filter := range []string{
		"", `?filter=title+eq+"alpha"`, `?filter=tag+eq+"b"+or+title+co+"new"`, `?filter=not+(title+sw+"a")`,
	} {
		paths = append(paths, vault+filter)
	}
	for _, id := range items {
		it := vault + "/" + id
		paths = append(paths, it, it+"/files", it+"/files?inline_content=true")
	}
	responses := map[string]string{}
	for _, path := range paths {
		status, body := l.send("GET", strings.NewReplacer(`"`, "%22", "(", "%28", ")", "%29").Replace(path), "")
		responses[path] = fmt.Sprint(status, " ", body)
	}
	return responses
}

// readAllVisible returns what readAll would without a lag.
func (l *laggingHandler) readAllVisible(items []string) map[string]string {
	vaults := l.backend.Vaults
	kept := vaults.Pending
	vaults.Pending = visibility.New(visibility.MaxBytes)
	defer func() { vaults.Pending = kept }()
	return l.readAll(items)
}

// Whatever is written, reads show what there was before the lag: the vaults, the lists in their order, the items, the
// files and their content.
func TestReads_AreAsFarBehindAsTheLag(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := openLagging(t)
			const behind = 10 * time.Second
			if _, err := l.backend.AddFault(t.Context(), controlapi.Fault{Lag: controlapi.Duration(behind)}); err != nil {
				t.Fatal(err)
			}
			random := rand.New(rand.NewPCG(seed, 0))
			items := l.itemIDs(t)
			type moment struct {
				at   time.Time
				data map[string]string
			}
			history := []moment{{l.clock(), l.readAllVisible(items)}}
			for range 30 {
				l.advance(time.Duration(random.IntN(4000)) * time.Millisecond)
				if id := l.write(t, random, items); id != "" {
					items = append(items, id)
				}
				history = append(history, moment{l.clock(), l.readAllVisible(items)})
				if random.IntN(3) == 0 {
					l.advance(time.Duration(random.IntN(6000)) * time.Millisecond)
				}
				seen := l.clock().Add(-behind)
				then := history[0]
				for _, m := range history {
					if !m.at.After(seen) {
						then = m
					}
				}
				got := l.readAll(items)
				for path, want := range then.data {
					if diff := cmp.Diff(want, got[path]); diff != "" {
						t.Fatalf("%s, as it was %v ago: %s", path, behind, diff)
					}
				}
				for path, response := range got {
					if _, known := then.data[path]; !known && !strings.HasPrefix(response, "404") {
						t.Fatalf("%s is of an item that did not exist: %s", path, response)
					}
				}
			}
			l.advance(behind)
			if diff := cmp.Diff(l.readAllVisible(items), l.readAll(items)); diff != "" {
				t.Errorf("when the lag is over: %s", diff)
			}
			if n, bytes := l.backend.Pending.Usage(); n != 0 || bytes != 0 {
				t.Errorf("%d writes of %d bytes are kept", n, bytes)
			}
		})
	}
}

// itemIDs returns the ids of the vault's items.
func (l *laggingHandler) itemIDs(t *testing.T) (ids []string) {
	t.Helper()
	_, body := l.send("GET", "/v1/vaults/"+l.vault+"/items", "")
	var list []connect.Ref
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		t.Fatal(err)
	}
	for _, it := range list {
		ids = append(ids, it.ID)
	}
	return ids
}

// write makes a random write to the vault, and returns the id of an item that it has created. A write may be refused,
// because items are deleted.
func (l *laggingHandler) write(t *testing.T, random *rand.Rand, items []string) (made string) {
	t.Helper()
	vault := "/v1/vaults/" + l.vault + "/items"
	it := vault + "/" + items[random.IntN(len(items))]
	title := []string{"alpha", "new one", "beta", "omega"}[random.IntN(4)]
	tags := []string{`["b"]`, `["x","y"]`, `[]`}[random.IntN(3)]
	item := `{"title":"` + title + `","category":"LOGIN","tags":` + tags + `,"vault":{"id":"` + l.vault + `"}}`
	switch random.IntN(6) {
	case 0, 1:
		status, body := l.send("POST", vault, item)
		if status != 200 {
			t.Fatalf("create: %d %s", status, body)
		}
		var it connect.Ref
		if err := json.Unmarshal([]byte(body), &it); err != nil {
			t.Fatal(err)
		}
		return it.ID
	case 2:
		l.send("PUT", it, item)
	case 3, 4:
		l.send("PATCH", it, `[{"op":"replace","path":"/title","value":"`+title+`"},`+
			`{"op":"replace","path":"/tags","value":`+tags+`}]`)
	case 5:
		l.send("DELETE", it, "")
	}
	return ""
}

// The content of a file of a deleted item can be read as long as its item is visible.
func TestReads_ReturnFilesOfDeletedItems(t *testing.T) {
	t.Parallel()
	l := openLagging(t)
	if _, err := l.backend.AddFault(t.Context(), controlapi.Fault{Lag: controlapi.Duration(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	it := "/v1/vaults/" + l.vault + "/items/" + l.itemIDs(t)[1]
	_, list := l.send("GET", it+"/files", "")
	var contents []string
	for _, part := range strings.Split(list, `"content_path":"`)[1:] {
		path, _, _ := strings.Cut(part, `"`)
		contents = append(contents, path)
	}
	before := map[string]string{}
	for _, path := range contents {
		_, before[path] = l.send("GET", path, "")
	}
	// Changed and deleted, both not visible yet.
	l.send("PATCH", it, `[{"op":"replace","path":"/title","value":"other"}]`)
	if status, body := l.send("DELETE", it, ""); status != 204 {
		t.Fatalf("delete: %d %s", status, body)
	}
	for path, want := range before {
		if status, got := l.send("GET", path, ""); status != 200 || got != want || got == "" {
			t.Errorf("%s: %d %q, want %q", path, status, got, want)
		}
	}
	if status, _ := l.send("DELETE", it, ""); status != 404 {
		t.Errorf("writes see everything; the status of a second delete is %d", status)
	}
	l.advance(time.Minute)
	for path := range before {
		if status, _ := l.send("GET", path, ""); status != 404 {
			t.Errorf("%s: %d when the lag is over", path, status)
		}
	}
}

// A write that fails leaves nothing to be undone. One that is visible at once makes the earlier writes to its item
// visible.
func TestPendingWrites_AreOnlyHiddenOnes(t *testing.T) {
	t.Parallel()
	l := openLagging(t)
	fault, err := l.backend.AddFault(t.Context(), controlapi.Fault{Lag: controlapi.Duration(time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	it := "/v1/vaults/" + l.vault + "/items/" + l.itemIDs(t)[0]
	rename := func(title string) string { return `[{"op":"replace","path":"/title","value":"` + title + `"}]` }
	title := func() string {
		_, body := l.send("GET", it, "")
		_, rest, _ := strings.Cut(body, `"title":"`)
		title, _, _ := strings.Cut(rest, `"`)
		return title
	}
	l.send("PATCH", it, `[{"op":"replace","path":"/nothing","value":1}]`)
	l.send("PATCH", it, `[]`)
	l.send("DELETE", it[:len(it)-26]+"aaaaaaaaaaaaaaaaaaaaaaaaaa", "")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(gone, "DELETE", it, nil)
	r.Header.Set("Authorization", "Bearer "+l.token)
	func() {
		defer func() { _ = recover() }() // the connection is closed
		l.ServeHTTP(httptest.NewRecorder(), r)
	}()
	if n, _ := l.backend.Pending.Usage(); n != 0 {
		t.Errorf("%d writes are kept, none was made", n)
	}
	l.send("PATCH", it, rename("second"))
	if got := title(); got != "alpha" {
		t.Errorf("the title is %q", got)
	}
	l.backend.Faults.Reset("") // the writes it delayed stay hidden
	l.send("PATCH", it, rename("third"))
	if got := title(); got != "third" || !l.backend.Pending.IsEmpty() {
		t.Errorf("after a visible write the title is %q", got)
	}

	if fault, err = l.backend.AddFault(t.Context(), fault); err != nil {
		t.Fatal(err)
	}
	l.send("PATCH", it, rename("fourth"))
	if err := l.backend.RemoveFault(fault.Name); err != nil {
		t.Fatal(err)
	}
	if got := title(); got != "fourth" || !l.backend.Pending.IsEmpty() {
		t.Errorf("without the fault the title is %q", got)
	}
}

// While 1Password is unreachable for one token, it reads what there was when that began, however long others write.
func TestReads_StayBehindWhileSyncIsDown(t *testing.T) {
	t.Parallel()
	l := openLagging(t)
	items := l.itemIDs(t)
	app := l.token
	cutOff, err := l.backend.IssueToken(t.Context(), controlapi.Token{Name: "cut off"})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	write := func() {
		if id := l.write(t, random, items); id != "" {
			items = append(items, id)
		}
		l.advance(time.Second)
	}
	for range 3 {
		write()
	}
	before := l.readAll(items)
	for _, f := range []controlapi.Fault{
		{Name: "down", Preset: "sync-down", Token: "cut off"},
		{Name: "late", Lag: controlapi.Duration(3 * time.Second), Percentage: 50},
	} {
		if _, err := l.backend.AddFault(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	for range 12 {
		write()
		l.token = cutOff.Value
		got := l.readAll(items)
		for path, want := range before {
			if diff := cmp.Diff(want, got[path]); diff != "" {
				t.Fatalf("%s, cut off: %s", path, diff)
			}
		}
		if status, _ := l.send("DELETE", "/v1/vaults/"+l.vault+"/items/"+items[0], ""); status != 500 {
			t.Fatalf("the status of a write while 1Password is unreachable is %d", status)
		}
		l.token = app
	}
	for _, name := range []string{"late", "down"} {
		if err := l.backend.RemoveFault(name); err != nil {
			t.Fatal(err)
		}
	}
	l.token = cutOff.Value
	if diff := cmp.Diff(l.readAllVisible(items), l.readAll(items)); diff != "" {
		t.Errorf("reachable again: %s", diff)
	}
	if n, bytes := l.backend.Pending.Usage(); n != 0 || bytes != 0 {
		t.Errorf("%d writes of %d bytes are kept", n, bytes)
	}
}

// The kept writes stay below the limit: the oldest become visible early, and an item that takes half of it at once.
func TestPendingWrites_AreBounded(t *testing.T) {
	t.Parallel()
	l := openLagging(t)
	const limit = 20_000
	l.backend.Pending = visibility.New(limit)
	l.backend.Vaults.Pending = l.backend.Pending
	if _, err := l.backend.AddFault(t.Context(), controlapi.Fault{Lag: controlapi.Duration(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	items := l.itemIDs(t)
	it := "/v1/vaults/" + l.vault + "/items/" + items[0]
	for n := range 100 {
		l.send("PATCH", it, fmt.Sprintf(`[{"op":"replace","path":"/title","value":"title %d"}]`, n))
		if _, bytes := l.backend.Pending.Usage(); bytes > limit {
			t.Fatalf("after %d writes %d bytes are kept", n, bytes)
		}
	}
	if kept, _ := l.backend.Pending.Usage(); kept < 5 || kept > 40 {
		t.Errorf("%d writes are kept", kept)
	}
	large := strings.Repeat("x", 12_000)
	l.send("PATCH", it, `[{"op":"replace","path":"/title","value":"`+large+`"}]`)
	l.send("PATCH", it, `[{"op":"replace","path":"/title","value":"small"}]`)
	if _, body := l.send("GET", it, ""); !strings.Contains(body, `"title":"small"`) {
		t.Errorf("a write that is too large to be kept is not visible: %.200s", body)
	}
	if err := l.backend.ResetFaults(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if n, bytes := l.backend.Pending.Usage(); n != 0 || bytes != 0 {
		t.Errorf("after a reset %d bytes are kept", bytes)
	}
}

// No caller sees a write before its time, however many read and write at once.
func TestReads_StayBehindUnderLoad(t *testing.T) {
	t.Parallel()
	l := openLagging(t)
	items := l.itemIDs(t)
	before := l.readAll(items)
	if _, err := l.backend.AddFault(t.Context(), controlapi.Fault{Preset: "write-visibility-lag"}); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var writers, readers sync.WaitGroup
	for n := range 4 {
		writers.Go(func() {
			random := rand.New(rand.NewPCG(uint64(n), 2))
			mine := slices.Clone(items)
			for range 15 {
				if id := l.write(t, random, mine); id != "" {
					mine = append(mine, id)
				}
			}
		})
	}
	for range 2 {
		readers.Go(func() {
			for {
				if diff := cmp.Diff(before, l.readAll(items)); diff != "" {
					t.Errorf("before its time: %s", diff)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
	l.advance(2 * time.Second)
	items = l.itemIDs(t)
	if diff := cmp.Diff(l.readAllVisible(items), l.readAll(items)); diff != "" {
		t.Errorf("when the lag is over: %s", diff)
	}
	if !l.backend.Pending.IsEmpty() {
		t.Error("writes are kept")
	}
}
