package journal

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestClosest(t *testing.T) {
	t.Parallel()
	titles := []string{"Database", "database", "Data base", "Datenbank", "Mail", "Mail archive", "Netzwerk", "", "北京", "Café"}
	for wanted, want := range map[string][]string{
		"Databse":    {"Database", "database", "Data base"},
		"Database":   {"database", "Data base"},
		"mial":       {"Mail"},
		"Mail":       {"Mail archive"},
		"北亰":         {"北京"},
		"cafe":       {"Café"},
		"Nothing":    nil,
		"":           nil,
		"NETZWERK":   {"Netzwerk"},
		"net-zwerk ": {"Netzwerk"},
	} {
		if diff := cmp.Diff(want, Closest(wanted, titles)); diff != "" {
			t.Errorf("%q: %s", wanted, diff)
		}
	}
	operations := []string{"GetVaults", "GetVaultById", "GetVaultItems", "GetVaultItemById", "DownloadFileByID"}
	for wanted, want := range map[string]string{"getvaultitem": "GetVaultItems", "DownloadFileById": "DownloadFileByID", "GetVault": "GetVaults", "GetItemById": "GetVaultItemById"} {
		if got := Closest(wanted, operations); len(got) == 0 || got[0] != want {
			t.Errorf("%s: %v, want %s first", wanted, got, want)
		}
	}
	if got := Closest("b", []string{"a", "a", "b"}); got != nil {
		t.Errorf("a letter is near another: %q", got)
	}
}

func TestClosestBearsEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		wanted := rapid.String().Draw(t, "wanted")
		among := rapid.SliceOf(rapid.String()).Draw(t, "among")
		got := Closest(wanted, append(among, wanted))
		if len(got) > 3 {
			t.Errorf("%d texts", len(got))
		}
		for _, text := range got {
			if text == wanted {
				t.Error("the text is near itself")
			}
		}
	})
	Closest(strings.Repeat("a", 1<<20), []string{strings.Repeat("b", 1<<20)})
}

func TestEditsIsADistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 8, -1)
		a, b := []rune(text.Draw(t, "a")), []rune(text.Draw(t, "b"))
		d := edits(a, b)
		if d != edits(b, a) {
			t.Error("not the same both ways")
		}
		if (d == 0) != (string(a) == string(b)) {
			t.Errorf("distance %d", d)
		}
		if d > max(len(a), len(b)) {
			t.Errorf("distance %d is more than all letters", d)
		}
	})
}
