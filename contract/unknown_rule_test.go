package contract

import (
	"strings"
	"testing"
)

func TestUnknownRule_NamesTheNearestFirst(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"items/raed":             `did you mean "items/read-as-listed"`,
		"health/heartbeet":       `did you mean "health/heartbeat"`,
		"helath/heartbeat":       `did you mean "health/heartbeat"`,
		"heartbeat":              `did you mean "health/heartbeat"`,
		"heartbeet":              `did you mean "health/heartbeat"`,
		"itmes/*":                `did you mean "items/*"`,
		"items/qqqqqq":           `connectmock contract list shows them`,
		"items":                  `did you mean "items/*", `,
		"*":                      `"*/*" matches the rules of each group`,
		"patch/wants-list":       `did you mean "patch/wants-a-list"`,
		"errors/unknown-item":    `did you mean "errors/unknown-file", "errors/unknown-route"`,
		"vaults":                 `did you mean "vaults/*", `,
		"nothing-of-the-kind/*":  `connectmock contract list shows them`,
		"":                       `connectmock contract list shows them`,
		"-":                      `connectmock contract list shows them`,
		strings.Repeat("/", 200): `no rule matches`,
	} {
		got := UnknownRule(pattern).Error()
		if !strings.Contains(got, want) {
			t.Errorf("%q: %s; want %q", pattern, got, want)
		}
		if n := strings.Count(got, ", "); n >= maxSuggested {
			t.Errorf("%q: %d rules are suggested", pattern, n+1)
		}
	}
}
