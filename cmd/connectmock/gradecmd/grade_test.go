package gradecmd

import (
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/grade"
	"github.com/google/go-cmp/cmp"
)

func TestGradeText_ListsWhatWasNotNoticed(t *testing.T) {
	t.Parallel()
	report := &grade.Report{Command: "npm test", Took: 2 * time.Second, Ended: "the budget of 2s ended", AtLeast: 90}
	for i, id := range []string{"body/vault-list-cut", "body/vault-list-in-object", "status/no-match-answers-404",
		"health/heartbeat-is-json", "header/json-as-text"} {
		list, err := selectMutants([]string{id}, nil)
		if err != nil {
			t.Fatal(err)
		}
		report.Results = append(report.Results, []grade.Result{
			{State: grade.Noticed}, {State: grade.Accepted, First: "GET /v1/vaults, request 1 of 3: another body"},
			{State: grade.NotTriggered}, {State: grade.NotReached}, {State: grade.NotRun, Reason: "the budget of 2s ended"},
		}[i])
		report.Results[i].Mutant = list[0]
	}
	const want = `grade of npm test, in 2s

Wrong response accepted, 1. The tests received a wrong response and passed.

  body/vault-list-in-object: the list of vaults is a member of an object
    would pass too: a client that takes a response that it can't read for an empty one
    first at GET /v1/vaults, request 1 of 3: another body

Not triggered, 1. The tests call the operation, but send no request for which this server is wrong, so they pass.
   1  a client that can't tell an empty result from a failure
      status/no-match-answers-404

Not run, 1. The tests were not run on these servers: nothing is known.
   1  the budget of 2s ended
      header/json-as-text

Not reached, 1. The tests never call the operations of these servers. They do not count.
      health 1

The run is not complete: the budget of 2s ended.

The tests noticed 1 of 3 wrong behaviours, 33.3%. 1 of the others need requests that the tests never send. ` +
		"At least 90% were asked for.\n"
	if diff := cmp.Diff(want, reportText(report)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSelectMutants_MatchesIDsAndNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ selected, excluded, want []string }{
		{[]string{"vault-list-cut"}, nil, []string{"body/vault-list-cut"}},
		{[]string{"*/vault-list-*", "file/file-cut"}, []string{"body/vault-list-[a-qs-z]*", "file-*"},
			[]string{"body/vault-list-repeats"}},
		{[]string{"file/file-cut", "file-cut"}, nil, []string{"file/file-cut"}},
	} {
		list, err := selectMutants(tt.selected, tt.excluded)
		var got []string
		for _, m := range list {
			got = append(got, m.ID())
		}
		if err != nil || !cmp.Equal(got, tt.want) {
			t.Errorf("%q without %q: %q, %v", tt.selected, tt.excluded, got, err)
		}
	}
}

func TestTail_KeepsTheEnd(t *testing.T) {
	t.Parallel()
	var out tail
	for _, text := range []string{strings.Repeat("a", 16<<10), "b", strings.Repeat("c", 3)} {
		if n, err := out.Write([]byte(text)); n != len(text) || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
	}
	if got := out.String(); len(got) != 16<<10 || !strings.HasSuffix(got, "aabccc") {
		t.Errorf("%d bytes, ending in %q", len(got), got[len(got)-6:])
	}
	if _, err := out.Write([]byte(strings.Repeat("d", 20<<10) + "e")); err != nil || out.String()[16<<10-2:] != "de" {
		t.Errorf("%d bytes, %v", out.Len(), err)
	}
}
