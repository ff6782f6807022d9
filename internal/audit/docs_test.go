package audit

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestDocs_HaveEveryKindAndLimit(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../docs/audit.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, f := range table() {
		if row := fmt.Sprintf("| `%s` | %s | ", f.kind, f.severity); !strings.Contains(text, row) {
			t.Errorf("the table of findings has no row %s", row)
		}
	}
	for limit, value := range map[string]any{
		"shortest pause before a retry":                               minPause,
		"the same after a 429 or 503":                                 minThrottledPause,
		"most tries of a request that may succeed later, or of a 404": maxTries,
		"most tries of a request that was refused":                    maxRefusedTries,
		"fewest needless repetitions that are reported":               minRepeats,
		"how soon a repetition is needless":                           repeatWindow,
		"smallest list of items for which a filter is advised":        fmt.Sprint(minItemListBytes, " bytes"),
		"smallest list of vaults for which a filter is advised":       fmt.Sprint(minVaultListBytes, " bytes"),
		"most requests of one token in a second":                      maxRequestsPerSecond,
	} {
		if row := fmt.Sprintf("| %s | %v |\n", limit, value); !strings.Contains(text, row) {
			t.Errorf("the table of limits has no row %s", row)
		}
	}
	if rows := strings.Count(text, "\n| `"); rows != len(table()) {
		t.Errorf("%d rows for %d kinds", rows, len(table()))
	}
}
