package visibility

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWrites_OfAnAccountAreHiddenOnlyThere(t *testing.T) {
	t.Parallel()
	l := New(MaxBytes)
	now := time.Unix(1000, 0)
	delayed := func(item string) *Write {
		return &Write{Vault: "v", Item: item, Until: now.Add(time.Second)}
	}
	l.Add("A", delayed("a"))
	l.Add("B", delayed("a"))
	l.Interrupt("down", "B")
	l.Add("B", delayed("b"))
	l.Add("B", &Write{Vault: "v", Item: "c"})
	hidden := func(account, fault string, now time.Time) string {
		items := map[string]bool{}
		for _, w := range l.HiddenFrom(account, "v", now, fault) {
			items[w.Item] = true
		}
		return strings.Join(slices.Sorted(maps.Keys(items)), " ")
	}
	for _, test := range []struct{ account, fault, want string }{
		{"A", "", "a"}, {"B", "", "a b"}, {"B", "down", "a b c"}, {"C", "", ""}, {"A", "down", "a"},
	} {
		if got := hidden(test.account, test.fault, now); got != test.want {
			t.Errorf("%s %s: hidden are %q, want %q", test.account, test.fault, got, test.want)
		}
	}
	later := now.Add(time.Second)
	if got := hidden("B", "", later) + "|" + hidden("B", "down", later); got != "|b c" {
		t.Errorf("after the delay: %q", got)
	}
	l.RemoveAll("B")
	if got := hidden("B", "down", now); got != "" {
		t.Errorf("after the account's data was replaced: %q", got)
	}
	l.Clear("B")
	if l.MustAdd("B") || !l.MustAdd("A") {
		t.Error("Clear did not clear its account, or cleared another")
	}
	l.Clear("")
	if !l.IsEmpty() || l.bytes != 0 {
		t.Error("writes are left after everything was cleared")
	}
}
