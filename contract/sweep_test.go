package contract

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Sweeping finds what is in the ledger, and what has both the suite's title and
// its tag; it deletes nothing else, and nothing at all when it only looks.
func TestSweep(t *testing.T) {
	t.Parallel()
	target := mockTarget(t)
	s := newTestSession(t, target)
	add := func(title string, tags ...string) string {
		in := noteInput()
		in.Title, in.Tags, in.Vault = title, tags, &connect.VaultRef{ID: target.Vault}
		return s.do("CreateVaultItem", body(in)).expectStatus(200).item().ID
	}
	both := add(tag+"-abc item 1", tag, tag+"-abc")
	own := add("renamed by the suite", "other")
	spared := []string{
		add(tag+"-abc item 2", "other"), add("an item of somebody", tag), add("see "+tag+"-abc", tag), add(tag, "x"),
		add("plain"),
	}
	ledger := filepath.Join(t.TempDir(), "ledger")
	gone := strings.Repeat("z", 26)
	writeFile(t, ledger, fmt.Sprintf(`{"op":"made","vault":%[1]q,"item":%[2]q}
{"op":"made","vault":%[1]q,"item":%[3]q}
{"op":"made","vault":%[1]q,"item":%[4]q}
{"op":"gone","vault":%[1]q,"item":%[4]q}
{"op":"made","vault":%[5]q,"item":%[4]q}
`, target.Vault, own, gone, spared[0], strings.Repeat("y", 26)))
	before := sortedIDs(listItems(t, target))

	forbidden := target
	forbidden.AllowWrites = false
	if _, err := Sweep(t.Context(), forbidden, Options{Ledger: ledger, Timing: longTiming()}, false); err == nil {
		t.Error("it sweeps without leave to write")
	}
	found, err := Sweep(t.Context(), target, Options{Ledger: ledger, Timing: longTiming()}, true)
	if err != nil {
		t.Fatal(err)
	}
	if got := leftovers(found); !slices.Equal(got, sorted(both, own, gone)) {
		t.Errorf("found %v", found)
	}
	for _, l := range found {
		if l.Deleted || l.Why == "" {
			t.Errorf("looking only: %+v", l)
		}
	}
	if got := sortedIDs(listItems(t, target)); !slices.Equal(got, before) {
		t.Errorf("looking only changed the vault: %v, before %v", got, before)
	}

	swept, err := Sweep(t.Context(), target, Options{Ledger: ledger, Timing: longTiming()}, false)
	if err != nil {
		t.Fatal(err)
	}
	if got := leftovers(swept); !slices.Equal(got, sorted(both, own, gone)) ||
		slices.ContainsFunc(swept, func(l Leftover) bool { return !l.Deleted }) {
		t.Errorf("swept %+v", swept)
	}
	want := slices.DeleteFunc(before, func(id string) bool { return id == both || id == own })
	if got := sortedIDs(listItems(t, target)); !slices.Equal(got, want) {
		t.Errorf("after sweeping there are %v, want %v", got, want)
	}
	again, err := Sweep(t.Context(), target, Options{Ledger: ledger, Timing: longTiming()}, false)
	if err != nil || len(again) != 0 {
		t.Errorf("swept again: %v %v", again, err)
	}
}

// What is in the ledger of another vault stays known: this sweep can't reach it.
func TestSweepKeepsOtherVaultsInTheLedger(t *testing.T) {
	t.Parallel()
	target := mockTarget(t)
	ledger := filepath.Join(t.TempDir(), "ledger")
	writeFile(t, ledger,
		fmt.Sprintf(`{"op":"made","vault":%q,"item":%q}`+"\n", strings.Repeat("y", 26), strings.Repeat("x", 26)))
	if _, err := Sweep(t.Context(), target, Options{Ledger: ledger, Timing: longTiming()}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(ledger); err != nil {
		t.Errorf("the ledger is gone, and with it the item of another vault: %v", err)
	}
}

func sortedIDs(list []connect.Summary) (all []string) {
	for _, it := range list {
		all = append(all, it.ID)
	}
	return sorted(all...)
}

func leftovers(list []Leftover) (all []string) {
	for _, l := range list {
		all = append(all, l.Item)
	}
	return sorted(all...)
}

func sorted(all ...string) []string {
	slices.Sort(all)
	return all
}
