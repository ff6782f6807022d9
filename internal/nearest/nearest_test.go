package nearest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFindSimilar_ReturnsSimilarTexts(t *testing.T) {
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
		if diff := cmp.Diff(want, FindSimilar(wanted, titles)); diff != "" {
			t.Errorf("%q: %s", wanted, diff)
		}
	}
	operations := []string{"GetVaults", "GetVaultById", "GetVaultItems", "GetVaultItemById", "DownloadFileByID"}
	for wanted, want := range map[string]string{
		"getvaultitem": "GetVaultItems", "DownloadFileById": "DownloadFileByID", "GetVault": "GetVaults",
		"GetItemById": "GetVaultItemById",
	} {
		if got := FindSimilar(wanted, operations); len(got) == 0 || got[0] != want {
			t.Errorf("%s: %v, want %s first", wanted, got, want)
		}
	}
	if got := FindSimilar("b", []string{"a", "a", "b"}); got != nil {
		t.Errorf("a letter is similar to another: %q", got)
	}
}

func TestFindSimilar_AcceptsAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		wanted := rapid.String().Draw(t, "wanted")
		among := rapid.SliceOf(rapid.String()).Draw(t, "among")
		got := FindSimilar(wanted, append(among, wanted))
		if len(got) > 3 {
			t.Errorf("%d texts", len(got))
		}
		for _, text := range got {
			if text == wanted {
				t.Error("a text is similar to itself")
			}
		}
	})
	FindSimilar(strings.Repeat("a", 1<<20), []string{strings.Repeat("b", 1<<20)})
}

func TestDistance_IsAMetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 8, -1)
		a, b := []rune(text.Draw(t, "a")), []rune(text.Draw(t, "b"))
		d := distance(a, b, 100)
		if d != distance(b, a, 100) {
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

func TestHint_ReturnsTheNearestWordOrTheList(t *testing.T) {
	t.Parallel()
	words := []string{"write", "read", "files"}
	for wrong, want := range map[string]string{
		"wirte": `did you mean "write"?`, "READ": `did you mean "read"?`, "flies": `did you mean "files"?`,
		"something": "one of files, read, write",
	} {
		if got := Hint(wrong, words); got != want {
			t.Errorf("%s: %s, want %s", wrong, got, want)
		}
	}
	if got := Hint("x", nil); got != "" {
		t.Error(got)
	}
	if many := Hint("something", strings.Split(strings.Repeat("a ", 30), " ")); !strings.HasSuffix(many, ", ...") {
		t.Error(many)
	}
}

func TestDidYouMean_NamesEachWord(t *testing.T) {
	t.Parallel()
	for want, words := range map[string][]string{
		"": nil, `did you mean "a"?`: {"a"}, `did you mean "a" or "b"?`: {"a", "b"}, `did you mean "a", "b" or "c"?`: {"a", "b", "c"},
	} {
		if got := DidYouMean(words...); got != want {
			t.Errorf("%q: %s, want %s", words, got, want)
		}
	}
}
