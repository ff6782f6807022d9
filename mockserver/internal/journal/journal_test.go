package journal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/connectmock/connectmock/openapi/controlapi"
	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func ids(t *testing.T, j *Journal, q controlapi.JournalQuery) (list []uint64) {
	t.Helper()
	page, err := j.Query(q)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range page.Entries {
		list = append(list, e.ID)
	}
	return list
}

func TestAdd_KeepsTheNewestEntries(t *testing.T) {
	t.Parallel()
	j := New(3, nil)
	for n := range 5 {
		if id := j.Add(controlapi.Entry{ID: 77, Account: "A"}, Details{Check: "body"}); id != uint64(n+1) {
			t.Errorf("entry %d has the id %d", n+1, id)
		}
	}
	if diff := gocmp.Diff([]uint64{3, 4, 5}, ids(t, j, controlapi.JournalQuery{})); diff != "" {
		t.Error(diff)
	}
	for id, want := range map[uint64]bool{0: false, 2: false, 3: true, 5: true, 6: false, 1 << 63: false} {
		if r, kept := j.Record(id); kept != want || kept && (r.ID != id || r.Check != "body") {
			t.Errorf("entry %d: %v, kept %v", id, r, kept)
		}
	}
	kept, dropped := j.Stats()
	if kept != 3 || dropped != 2 || j.LastID() != 5 {
		t.Errorf("%d kept, %d dropped, last %d", kept, dropped, j.LastID())
	}
}

func TestAdd_TruncatesLongTexts(t *testing.T) {
	t.Parallel()
	j := New(1, nil)
	long := strings.Repeat("ö", 1<<20)
	j.Add(controlapi.Entry{Method: long, Path: long, Query: long, Message: long, UserAgent: long}, Details{})
	r, _ := j.Record(1)
	for text, limit := range map[string]int{
		r.Method: maxMethod, r.Path: maxPath, r.Query: maxQuery, r.UserAgent: MaxUserAgent,
	} {
		if len(text) > limit || len(text) < limit-4 || !utf8.ValidString(text) || !strings.HasSuffix(text, "…") {
			t.Errorf("cut to %d bytes, limit %d: %.20q", len(text), limit, text)
		}
	}
	if got := Truncate(strings.Repeat("\xff", 100), 10); !utf8.ValidString(got) {
		t.Errorf("%q", got)
	}
	if got := Truncate("exactly ten", 11); got != "exactly ten" {
		t.Errorf("%q", got)
	}
}

// Whatever reads an entry first gets it without what is hidden; a part of it that a cut would leave is hidden too.
func TestJournal_HidesBeforeAnEntryIsRead(t *testing.T) {
	t.Parallel()
	const secret = "kanarienvogel"
	long := strings.Repeat("x", maxPath-len(secret)) + secret + secret
	for name, read := range map[string]func(*Journal) any{
		"Record": func(j *Journal) any { r, _ := j.Record(1); return r },
		"Query":  func(j *Journal) any { page, _ := j.Query(controlapi.JournalQuery{}); return page },
		"Follow": func(j *Journal) any { u, _ := j.Follow(t.Context(), controlapi.JournalQuery{}); return u },
		"Verify": func(j *Journal) any {
			v, _ := j.Verify(controlapi.Verification{Expect: []controlapi.Expectation{{Operation: "other"}}})
			return v
		},
	} {
		for _, path := range []string{"/v1/" + secret, long} {
			hidden := 0
			j := New(10, func(r *Record) {
				hidden++
				r.Path = strings.ReplaceAll(r.Path, secret, "[hidden]")
			})
			j.Add(controlapi.Entry{Operation: "a", Path: path, Status: 200}, Details{})
			for range 2 {
				if got := fmt.Sprintf("%+v", read(j)); strings.Contains(got, "kana") {
					t.Errorf("%s shows %s", name, got)
				}
			}
			if hidden != 1 {
				t.Errorf("%s: hidden %d times", name, hidden)
			}
		}
	}
}

// A suite sends more requests than a journal keeps. They drop their own, not those of clients.
func TestAdd_KeepsClientsApartFromSuites(t *testing.T) {
	t.Parallel()
	j := New(2, nil)
	for _, isSuite := range []bool{false, true, true, true, false, true} {
		j.Add(controlapi.Entry{Account: "A"}, Details{IsSuite: isSuite})
	}
	if diff := gocmp.Diff([]uint64{1, 4, 5, 6}, ids(t, j, controlapi.JournalQuery{})); diff != "" {
		t.Error(diff)
	}
	if kept, dropped := j.Stats(); kept != 4 || dropped != 2 {
		t.Errorf("%d kept, %d dropped", kept, dropped)
	}
	for after, missed := range map[uint64]uint64{0: 2, 1: 2, 2: 1, 3: 0, 5: 0} {
		if u, err := j.Follow(t.Context(), controlapi.JournalQuery{After: after}); err != nil || u.Missed != missed {
			t.Errorf("after %d: %+v %v, want %d missed", after, u, err, missed)
		}
	}
}

func TestClear_RemovesEntriesOfAnAccountOrAll(t *testing.T) {
	t.Parallel()
	j := New(4, nil)
	for _, account := range []string{"A", "B", "A", "B", "A", "B"} {
		j.Add(controlapi.Entry{Account: account}, Details{})
	}
	dropped := func(account string) uint64 {
		page, err := j.Query(controlapi.JournalQuery{Account: account})
		if err != nil {
			t.Fatal(err)
		}
		return page.Dropped
	}
	if dropped("") != 2 || dropped("A") != 1 || dropped("C") != 0 {
		t.Errorf("dropped: %d, of A %d, of C %d", dropped(""), dropped("A"), dropped("C"))
	}
	j.Clear("A")
	if diff := gocmp.Diff([]uint64{4, 6}, ids(t, j, controlapi.JournalQuery{})); diff != "" {
		t.Error(diff)
	}
	if dropped("") != 1 || dropped("A") != 0 || dropped("B") != 1 {
		t.Errorf("after A was cleared: %d, of A %d, of B %d", dropped(""), dropped("A"), dropped("B"))
	}
	j.Clear("")
	if got := ids(t, j, controlapi.JournalQuery{}); got != nil || dropped("") != 0 {
		t.Errorf("after all was cleared: %v, %d dropped", got, dropped(""))
	}
	if id := j.Add(controlapi.Entry{Account: "A"}, Details{}); id != 7 || dropped("") != 0 {
		t.Errorf("the next id is %d, %d dropped", id, dropped(""))
	}
}

// A dropped entry of one account does not make another account uncertain, nor
// later entries.
func TestQuery_CountsDroppedEntriesOfTheAccount(t *testing.T) {
	t.Parallel()
	j := New(2, nil)
	for _, account := range []string{"A", "A", "B", "B"} {
		j.Add(controlapi.Entry{Account: account}, Details{})
	}
	for _, c := range []struct {
		account string
		after   uint64
		want    uint64
	}{{"", 0, 2}, {"A", 0, 2}, {"A", 1, 2}, {"A", 2, 0}, {"", 2, 0}, {"B", 0, 0}} {
		page, err := j.Query(controlapi.JournalQuery{Account: c.account, After: c.after})
		if err != nil || page.Dropped != c.want {
			t.Errorf("account %q after %d: dropped %d, want %d (%v)", c.account, c.after, page.Dropped, c.want, err)
		}
	}
}

// The memory for counts of many short-lived accounts is bounded.
func TestJournal_CountsManyAccountsTogether(t *testing.T) {
	t.Parallel()
	j := New(1, nil)
	for i := range maxAccounts + 10 {
		j.Add(controlapi.Entry{Account: fmt.Sprint(i)}, Details{})
	}
	if len(j.drops) > 10 || j.other.count != maxAccounts {
		t.Errorf("%d accounts are counted separately, %d entries together", len(j.drops), j.other.count)
	}
	page, err := j.Query(controlapi.JournalQuery{Account: "7"})
	if err != nil || page.Dropped != maxAccounts {
		t.Errorf("%d entries of an account may be dropped (%v)", page.Dropped, err)
	}
	if page, _ := j.Query(controlapi.JournalQuery{Account: "7", After: maxAccounts}); page.Dropped != 0 {
		t.Errorf("%d later entries may be dropped", page.Dropped)
	}
	if all, _ := j.Query(controlapi.JournalQuery{}); all.Dropped != maxAccounts+9 {
		t.Errorf("%d entries of all accounts may be dropped", all.Dropped)
	}
}

// Whatever is added and cleared, a journal returns what a list would.
func TestJournal_BehavesLikeAList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 5).Draw(t, "size")
		j := New(size, nil)
		var all, suites []controlapi.Entry // a cleared one has no status
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			account := rapid.SampledFrom([]string{"A", "B", ""}).Draw(t, "account")
			if rapid.IntRange(0, 5).Draw(t, "what") == 0 {
				j.Clear(account)
				for _, list := range [][]controlapi.Entry{all, suites} {
					for i := range list {
						if account == "" || list[i].Account == account {
							list[i].Status = 0
						}
					}
				}
				continue
			}
			status := rapid.SampledFrom([]int{200, 404, 409}).Draw(t, "status")
			e, isSuite := controlapi.Entry{Account: account, Status: status}, rapid.Bool().Draw(t, "is of a suite")
			if e.ID = j.Add(e, Details{IsSuite: isSuite}); isSuite {
				suites = append(suites, e)
			} else {
				all = append(all, e)
			}
		}
		q := controlapi.JournalQuery{
			Account: rapid.SampledFrom([]string{"A", ""}).Draw(t, "account of the query"),
			After:   uint64(rapid.IntRange(0, 20).Draw(t, "after")),
			Status:  rapid.SampledFrom([]string{"", "4xx", "200,409"}).Draw(t, "statuses"),
			Limit:   rapid.IntRange(1, 6).Draw(t, "limit"),
		}
		kept := slices.Concat(all[max(0, len(all)-size):], suites[max(0, len(suites)-size):])
		slices.SortFunc(kept, func(a, b controlapi.Entry) int { return cmp.Compare(a.ID, b.ID) })
		want := []controlapi.Entry{}
		for _, e := range kept {
			if r, found := j.Record(e.ID); found != (e.Status != 0) || found && r.Status != e.Status {
				t.Errorf("entry %d: %+v, found %v", e.ID, r, found)
			}
			ok := q.Status == "" || q.Status == "4xx" && e.Status >= 400 || q.Status == "200,409" && e.Status != 404
			if e.ID > q.After && ok && e.Status != 0 && (q.Account == "" || q.Account == e.Account) {
				want = append(want, e)
			}
		}
		page, err := j.Query(q)
		if err != nil {
			t.Fatal(err)
		}
		if page.Matched != len(want) {
			t.Errorf("matched %d, want %d", page.Matched, len(want))
		}
		if diff := gocmp.Diff(want[max(0, len(want)-q.Limit):], page.Entries); diff != "" {
			t.Error(diff)
		}
	})
}

func TestJournal_IsSafeForManyGoroutines(t *testing.T) {
	t.Parallel()
	j := New(50, nil)
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for i := range 200 {
				j.Add(controlapi.Entry{Account: fmt.Sprint(n), Status: 200 + i%2}, Details{})
				if i%20 == 0 {
					j.Clear(fmt.Sprint((n + 1) % 8))
					if _, err := j.Query(controlapi.JournalQuery{Account: fmt.Sprint(n)}); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	group.Wait()
	if j.LastID() != 1600 {
		t.Errorf("%d entries were added, not 1600", j.LastID())
	}
	kept := ids(t, j, controlapi.JournalQuery{Limit: 100})
	for i := 1; i < len(kept); i++ {
		if kept[i] <= kept[i-1] {
			t.Fatalf("out of order: %v", kept)
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	j := New(1000, nil)
	e := controlapi.Entry{
		Account: strings.Repeat("A", 26), Caller: "writer", Method: "GET", Operation: "GetVaultItemById", Status: 200,
		Path:      "/v1/vaults/" + strings.Repeat("v", 26) + "/items/" + strings.Repeat("i", 26),
		UserAgent: "connect-sdk-go/1.5.3",
	}
	for range 2000 {
		j.Add(e, Details{})
	}
	b.ReportAllocs()
	for b.Loop() {
		j.Add(e, Details{Check: "handle"})
	}
}

func TestAdd_AllocatesNothingWhenFull(t *testing.T) {
	j := New(100, nil)
	e := controlapi.Entry{Account: "A", Path: "/v1/vaults", Status: 200}
	for range 200 {
		j.Add(e, Details{})
	}
	if n := testing.AllocsPerRun(100, func() { j.Add(e, Details{Check: "handle"}) }); n != 0 {
		t.Errorf("%v allocations for an entry", n)
	}
}
