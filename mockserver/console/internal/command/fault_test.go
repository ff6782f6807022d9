package command

import (
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

func TestAddFault_HasEveryMember(t *testing.T) {
	t.Parallel()
	cut := int64(-10)
	got := AddFault(controlapi.Fault{
		Name: "all", Preset: "p", Operations: []string{"A", "B"}, Account: "a", Vault: "v", Token: "t", Nth: 1, After: 2,
		Times: 3, Percentage: 12.5, Per: "token", Phase: "after", Delay: &controlapi.Delay{Fixed: 1e9},
		Abort: &controlapi.Abort{Status: 500, Message: "it's off"}, Headers: map[string]string{"B": "2", "A": "1"},
		Connection: "reset", Truncate: &cut, Drip: &controlapi.Drip{Every: 1e6}, MalformJSON: true, Lag: 2e9, Sync: "down",
	})
	want := `connectmock ctl fault add all --preset p --operation A --operation B --account a --vault v --token t --nth 1 ` +
		`--after 2 --times 3 --percentage 12.5 --phase after --per-token --delay 1s --abort 500 --message 'it'\''s off' ` +
		`--header 'A: 1' --header 'B: 2' --connection reset --truncate=-10 --drip 1/1ms --malform-json --lag 2s --sync down`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
