package mutants

import (
	"path"
	"strings"
	"testing"
)

func TestClientBug_IsKnownOfEachMutant(t *testing.T) {
	t.Parallel()
	for _, m := range All() {
		if text := m.ClientBug(); !strings.HasPrefix(text, "a client that ") || strings.Contains(text, "OPERATION") {
			t.Errorf("%s: %q", m.ID(), text)
		}
	}
}

func TestClientBugs_MatchMutants(t *testing.T) {
	t.Parallel()
	for _, bug := range clientBugs() {
		for pattern := range strings.FieldsSeq(bug.patterns) {
			matches := 0
			for _, m := range All() {
				ok, err := path.Match(pattern, m.ID())
				if err != nil {
					t.Fatalf("%s: %v", pattern, err)
				}
				if ok {
					matches++
				}
			}
			if matches == 0 {
				t.Errorf("%s matches no mutant", pattern)
			}
		}
	}
}

func TestClientBug_NamesTheOperation(t *testing.T) {
	t.Parallel()
	for _, m := range All() {
		const want = "a client that does not look at the status and the body of POST /v1/vaults/{vaultUuid}/items"
		if got := m.ClientBug(); m.Name == "create-answers-201" && got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
