package journal

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

// messageOf returns the message of an error with status 400.
func messageOf(t *testing.T, err error) string {
	t.Helper()
	var e *controlapi.Error
	if !errors.As(err, &e) || e.Status != 400 {
		t.Fatalf("%v is not an error with status 400", err)
	}
	return e.Message
}

func minute(n int) time.Time { return time.Date(2026, 5, 1, 12, n, 0, 0, time.UTC) }

func sample() *Journal {
	j := New(100, nil)
	for n, e := range []controlapi.Entry{
		{Operation: "GetVaults", Status: 200, Account: "A", Caller: "writer"},
		{Operation: "GetVaultItemById", Status: 404, Account: "A", Caller: "reader", Message: "item x not found"},
		{Operation: "GetVaultItemById", Status: 429, Account: "A", Caller: "reader", Faults: []string{"slow", "throttle"}},
		{Operation: "GetVaultItemById", Status: 200, Account: "B", Caller: "reader"},
		{Path: "/v1/vault", Method: "GET", Status: 404},
		{Operation: "DownloadFileByID", Status: 0, Account: "A", Caller: "writer", Faults: []string{"reset"}, Done: true},
		{Operation: "DeleteVaultItem", Status: 409, Account: "A", Caller: "writer"},
	} {
		e.Time = minute(n + 1)
		j.Add(e, Details{})
	}
	return j
}

func TestQuery_SelectsEntries(t *testing.T) {
	t.Parallel()
	j := sample()
	for name, c := range map[string]struct {
		query controlapi.JournalQuery
		want  []uint64
	}{
		"everything":            {controlapi.JournalQuery{}, []uint64{1, 2, 3, 4, 5, 6, 7}},
		"an account":            {controlapi.JournalQuery{Account: "B"}, []uint64{4}},
		"an operation":          {controlapi.JournalQuery{Operation: "GetVaultItemById"}, []uint64{2, 3, 4}},
		"a status":              {controlapi.JournalQuery{Status: "404"}, []uint64{2, 5}},
		"a class":               {controlapi.JournalQuery{Status: "4xx"}, []uint64{2, 3, 5, 7}},
		"a class in upper case": {controlapi.JournalQuery{Status: "2XX"}, []uint64{1, 4}},
		"several statuses":      {controlapi.JournalQuery{Status: "404, 409"}, []uint64{2, 5, 7}},
		"a class and a status":  {controlapi.JournalQuery{Status: "2xx,429"}, []uint64{1, 3, 4}},
		"no response":           {controlapi.JournalQuery{Status: "0"}, []uint64{6}},
		"a caller":              {controlapi.JournalQuery{Caller: "writer"}, []uint64{1, 6, 7}},
		"a fault":               {controlapi.JournalQuery{Fault: "throttle"}, []uint64{3}},
		"since":                 {controlapi.JournalQuery{Since: minute(6)}, []uint64{6, 7}},
		"until":                 {controlapi.JournalQuery{Until: minute(2)}, []uint64{1}},
		"between":               {controlapi.JournalQuery{Since: minute(2), Until: minute(4)}, []uint64{2, 3}},
		"after":                 {controlapi.JournalQuery{After: 5}, []uint64{6, 7}},
		"after the last":        {controlapi.JournalQuery{After: 7}, nil},
		"the newest two":        {controlapi.JournalQuery{Limit: 2}, []uint64{6, 7}},
		"all of them together": {controlapi.JournalQuery{
			Account: "A", Operation: "GetVaultItemById", Status: "4xx", Caller: "reader", Fault: "slow", After: 1,
			Since: minute(1)}, []uint64{3}},
		"no entry with all of them": {controlapi.JournalQuery{Account: "B", Status: "404"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, ids(t, j, c.query)); diff != "" {
				t.Error(diff)
			}
		})
	}
	page, err := j.Query(controlapi.JournalQuery{Status: "4xx", Limit: 1})
	if err != nil || page.Matched != 4 || len(page.Entries) != 1 {
		t.Errorf("matched %d of 4, %d shown (%v)", page.Matched, len(page.Entries), err)
	}
	if page, _ := New(1, nil).Query(controlapi.JournalQuery{}); page.Entries == nil {
		t.Error("an empty page has no list")
	}
}

func TestQueryPart_LeavesOutTheNewest(t *testing.T) {
	t.Parallel()
	j := sample()
	for _, c := range []struct {
		skip int
		want []uint64
	}{{0, []uint64{6, 7}}, {1, []uint64{5, 6}}, {6, []uint64{1}}, {7, nil}, {1 << 40, nil}, {-3, []uint64{6, 7}}} {
		page, err := j.QueryPart(controlapi.JournalQuery{Limit: 2}, c.skip)
		if err != nil || page.Matched != 7 {
			t.Errorf("%d: matched %d of 7 (%v)", c.skip, page.Matched, err)
		}
		var got []uint64
		for _, e := range page.Entries {
			got = append(got, e.ID)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%d: %s", c.skip, diff)
		}
	}
}

func TestQuery_HasADefaultLimit(t *testing.T) {
	t.Parallel()
	j := New(300, nil)
	for range 200 {
		j.Add(controlapi.Entry{}, Details{})
	}
	if got := ids(t, j, controlapi.JournalQuery{}); len(got) != 100 || got[0] != 101 {
		t.Errorf("%d entries from %d", len(got), got[0])
	}
}

func TestQuery_RejectsInvalidQueries(t *testing.T) {
	t.Parallel()
	j := sample()
	for _, status := range []string{
		"40x", "xx", "4x", "6xx", "0xx", "4xxx", "99", "1000", "-404", "+404", "404;409", "404,", "ok", "4 04", "0404",
	} {
		_, err := j.Query(controlapi.JournalQuery{Status: status})
		message := messageOf(t, err)
		if !strings.Contains(message, `"`+status+`"`) || !strings.Contains(message, "404, 4xx or 404,409") {
			t.Errorf("%q: %s", status, message)
		}
	}
	_, err := j.Query(controlapi.JournalQuery{Limit: -1})
	if !strings.Contains(messageOf(t, err), "limit is -1") {
		t.Error(err)
	}
	_, err = j.Query(controlapi.JournalQuery{Since: minute(2), Until: minute(2)})
	if !strings.Contains(messageOf(t, err), "since is not before until") {
		t.Error(err)
	}
}
