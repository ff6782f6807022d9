package command

import (
	"reflect"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

func TestAddFault_HasEveryMember(t *testing.T) {
	t.Parallel()
	cut, body := int64(-10), ""
	all := controlapi.Fault{
		Name: "all", Preset: "p", Operations: []string{"A", "B"}, Operation: "C", Account: "a", Vault: "v", Token: "t",
		Nth: 1, After: 2, Times: 3, Percentage: 12.5, Seed: 7, Per: "token", Phase: "after", Delay: &controlapi.Delay{Fixed: 1e9},
		Abort:       &controlapi.Abort{Status: 500, Message: "it's off", Body: &body},
		DropHeaders: []string{"ETag"}, ContentType: "text/plain", Headers: map[string]string{"B": "2", "A": "1"},
		Connection: "reset", Truncate: &cut, Drip: &controlapi.Drip{Every: 1e6}, MalformJSON: true, Lag: 2e9, Sync: "down",
		Matched: 1, Struck: 1, // only in responses
	}
	for i, value := 0, reflect.ValueOf(all); i < value.NumField(); i++ {
		if value.Field(i).IsZero() {
			t.Errorf("%s is not in this test", value.Type().Field(i).Name)
		}
	}
	got := AddFault(all)
	want := `connectmock ctl fault add all --preset p --operation A --operation B --operation C --account a --vault v --token t ` +
		`--nth 1 --after 2 --times 3 --percentage 12.5 --seed 7 --phase after --per-token --delay 1s ` +
		`--abort 500 --message 'it'\''s off' ` +
		`--body= --header 'A: 1' --header 'B: 2' --drop-header ETag --content-type text/plain ` +
		`--connection reset --truncate=-10 --drip 1/1ms --malform-json --lag 2s --sync down`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
