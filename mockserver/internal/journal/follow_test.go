package journal

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

func entryIDs(entries []controlapi.Entry) (list []uint64) {
	for _, e := range entries {
		list = append(list, e.ID)
	}
	return list
}

func addAll(j *Journal, operations ...string) {
	for _, name := range operations {
		j.Add(controlapi.Entry{Operation: name, Status: 200}, Details{})
	}
}

func TestFollow_ReturnsWhatWasAddedBefore(t *testing.T) {
	t.Parallel()
	j := New(10, nil)
	addAll(j, "a", "b", "a", "b")
	u, err := j.Follow(t.Context(), controlapi.JournalQuery{Operation: "a", After: 1})
	if diff := cmp.Diff([]uint64{3}, entryIDs(u.Entries)); err != nil || diff != "" || u.Last != 4 || u.Missed != 0 {
		t.Error(err, diff, u)
	}
}

func TestFollow_WaitsForAnEntryThatMatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := New(10, nil)
		done := make(chan controlapi.JournalUpdate, 1)
		go func() {
			u, err := j.Follow(t.Context(), controlapi.JournalQuery{Operation: "a"})
			if err != nil {
				t.Error(err)
			}
			done <- u
		}()
		synctest.Wait()
		addAll(j, "b", "b")
		synctest.Wait()
		if len(done) > 0 {
			t.Fatal("another entry ended the waiting")
		}
		addAll(j, "a")
		u := <-done
		if diff := cmp.Diff([]uint64{3}, entryIDs(u.Entries)); diff != "" || u.Last != 3 {
			t.Error(diff, u)
		}
	})
}

func TestFollow_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := New(10, nil)
		addAll(j, "b")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		u, err := j.Follow(ctx, controlapi.JournalQuery{Operation: "a"})
		if err != nil || u.Last != 1 || len(u.Entries) != 0 || u.Entries == nil {
			t.Errorf("%+v %v", u, err)
		}
	})
}

func TestFollow_CountsDroppedEntries(t *testing.T) {
	t.Parallel()
	j := New(2, nil)
	addAll(j, "a", "a", "a", "a", "a")
	for after, missed := range map[uint64]uint64{0: 3, 1: 2, 2: 1, 3: 0, 4: 0} {
		u, err := j.Follow(t.Context(), controlapi.JournalQuery{After: after})
		if err != nil || u.Missed != missed || u.Last != 5 {
			t.Errorf("after %d: %+v %v, want %d missed", after, u, err, missed)
		}
	}
	u, err := j.Follow(t.Context(), controlapi.JournalQuery{Operation: "b"})
	if err != nil || u.Missed != 3 || u.Last != 5 {
		t.Errorf("without a match: %+v %v", u, err)
	}
}

func TestFollow_SplitsLargeUpdates(t *testing.T) {
	t.Parallel()
	j := New(3*maxUpdate, nil)
	for range maxUpdate + 1 {
		addAll(j, "a")
	}
	u, err := j.Follow(t.Context(), controlapi.JournalQuery{})
	if err != nil || len(u.Entries) != maxUpdate || u.Last != maxUpdate {
		t.Errorf("%d entries up to %d: %v", len(u.Entries), u.Last, err)
	}
	u, err = j.Follow(t.Context(), controlapi.JournalQuery{After: u.Last})
	if err != nil || len(u.Entries) != 1 || u.Last != maxUpdate+1 {
		t.Errorf("%d entries up to %d: %v", len(u.Entries), u.Last, err)
	}
}
