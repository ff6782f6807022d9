package visibility

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// Delayed writes of one account do not show in another.
func TestWrites_AreKeptByAccount(t *testing.T) {
	t.Parallel()
	l := New(MaxBytes)
	now := time.Unix(1000, 0)
	late := func(item string) *Write {
		return &Write{Vault: "v", Item: item, Until: now.Add(time.Second)}
	}
	l.Add("A", late("a"))
	l.Add("B", late("a"))
	l.Interrupt("down", "B")
	l.Add("B", late("b"))
	l.Add("B", &Write{Vault: "v", Item: "c"})
	of := func(account, fault string, now time.Time) string {
		items := map[string]bool{}
		for _, u := range l.HiddenFrom(account, "v", now, fault) {
			items[u.Item] = true
		}
		return strings.Join(slices.Sorted(maps.Keys(items)), " ")
	}
	for _, test := range []struct{ account, fault, want string }{
		{"A", "", "a"}, {"B", "", "a b"}, {"B", "down", "a b c"}, {"C", "", ""}, {"A", "down", "a"},
	} {
		if got := of(test.account, test.fault, now); got != test.want {
			t.Errorf("%s %s: hidden are %q, want %q", test.account, test.fault, got, test.want)
		}
	}
	if got := of("B", "", now.Add(time.Second)) + "|" + of("B", "down", now.Add(time.Second)); got != "|b c" {
		t.Errorf("when the lag is over: %q", got)
	}
	l.RemoveAll("B")
	if got := of("B", "down", now); got != "" {
		t.Errorf("after its content has become another: %q", got)
	}
	l.Clear("B")
	if l.MustAdd("B") || !l.MustAdd("A") {
		t.Error("clearing one account cleared another, or nothing")
	}
	l.Clear("")
	if !l.IsEmpty() || l.bytes != 0 {
		t.Error("something is kept")
	}
}
