package contract

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Sweep finds the items in the ledger, and those with the title and the tag of the
// suite. It deletes nothing else, and nothing in a dry run.
func TestSweep_DeletesOnlyItemsOfTheSuite(t *testing.T) {
	t.Parallel()
	target := mockTarget(t)
	s := newTestSession(t, target)
	add := func(title string, tags ...string) string {
		in := call.Note()
		in.Title, in.Tags, in.Vault = title, tags, &connect.VaultRef{ID: target.Vault}
		return s.Do("CreateVaultItem", call.Body(in)).ExpectStatus(200).Item().ID
	}
	both := add(call.Tag+"-abc item 1", call.Tag, call.Tag+"-abc")
	inLedger := add("renamed by the suite", "other")
	spared := []string{
		add(call.Tag+"-abc item 2", "other"), add("an item of another client", call.Tag), add("see "+call.Tag+"-abc", call.Tag), add(call.Tag, "x"),
		add("plain"),
	}
	ledger := filepath.Join(t.TempDir(), "ledger")
	gone := strings.Repeat("z", 26)
	writeFile(t, ledger, fmt.Sprintf(`{"op":"made","vault":%[1]q,"item":%[2]q}
{"op":"made","vault":%[1]q,"item":%[3]q}
{"op":"made","vault":%[1]q,"item":%[4]q}
{"op":"gone","vault":%[1]q,"item":%[4]q}
{"op":"made","vault":%[5]q,"item":%[4]q}
`, target.Vault, inLedger, gone, spared[0], strings.Repeat("y", 26)))
	before := sortedIDs(listItems(t, target))

	forbidden := target
	forbidden.AllowWrites = false
	if _, err := Sweep(t.Context(), forbidden, Options{Ledger: ledger, Timing: longTiming()}, false); err == nil {
		t.Error("it sweeps although writes are not allowed")
	}
	found, err := Sweep(t.Context(), target, Options{Ledger: ledger, Timing: longTiming()}, true)
	if err != nil {
		t.Fatal(err)
	}
	if got := leftovers(found); !slices.Equal(got, sorted(both, inLedger, gone)) {
		t.Errorf("found %v", found)
	}
	for _, l := range found {
		if l.Deleted || l.Why == "" {
			t.Errorf("dry run: %+v", l)
		}
	}
	if got := sortedIDs(listItems(t, target)); !slices.Equal(got, before) {
		t.Errorf("the dry run changed the vault: %v, before %v", got, before)
	}

	swept, err := Sweep(t.Context(), target, Options{Ledger: ledger, Timing: longTiming()}, false)
	if err != nil {
		t.Fatal(err)
	}
	if got := leftovers(swept); !slices.Equal(got, sorted(both, inLedger, gone)) ||
		slices.ContainsFunc(swept, func(l Leftover) bool { return !l.Deleted }) {
		t.Errorf("swept %+v", swept)
	}
	want := slices.DeleteFunc(before, func(id string) bool { return id == both || id == inLedger })
	if got := sortedIDs(listItems(t, target)); !slices.Equal(got, want) {
		t.Errorf("after Sweep the vault has %v, want %v", got, want)
	}
	again, err := Sweep(t.Context(), target, Options{Ledger: ledger, Timing: longTiming()}, false)
	if err != nil || len(again) != 0 {
		t.Errorf("swept again: %v %v", again, err)
	}
}

// Items of other vaults stay in the ledger.
func TestSweep_KeepsOtherVaultsInTheLedger(t *testing.T) {
	t.Parallel()
	target := mockTarget(t)
	ledger := filepath.Join(t.TempDir(), "ledger")
	writeFile(t, ledger,
		fmt.Sprintf(`{"op":"made","vault":%q,"item":%q}`+"\n", strings.Repeat("y", 26), strings.Repeat("x", 26)))
	if _, err := Sweep(t.Context(), target, Options{Ledger: ledger, Timing: longTiming()}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(ledger); err != nil {
		t.Errorf("the ledger with the item of another vault is gone: %v", err)
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
