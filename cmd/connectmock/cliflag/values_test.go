package cliflag

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseMoment_ReadsDatesAndDurations(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"24h": "2026-05-02T12:00:00Z", "-90m": "2026-05-01T10:30:00Z", "2030-01-31": "2030-01-31T00:00:00Z",
		"2030-01-31T01:02:03+01:00": "2030-01-31T00:02:03Z",
	} {
		if got, err := ParseMoment(text, now); err != nil || got.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
	if got, err := ParseMoment("", now); err != nil || !got.IsZero() {
		t.Errorf("empty: %s, %v", got, err)
	}
	for _, text := range []string{"tomorrow", "24", "2030-13-01"} {
		if _, err := ParseMoment(text, now); err == nil {
			t.Errorf("%s was parsed as a moment", text)
		}
	}
}

func TestPairs_KeepOrderAndTheLastOfAName(t *testing.T) {
	t.Parallel()
	p := Pairs{Form: "NAME=VALUE"}
	for _, text := range []string{"a=1", "b=2=3,a=4"} {
		if err := p.Set(text); err != nil {
			t.Fatal(err)
		}
	}
	want := []Pair{{"b", "2=3"}, {"a", "4"}}
	if diff := cmp.Diff(want, p.List, cmp.AllowUnexported(Pair{})); diff != "" {
		t.Error(diff)
	}
	for _, text := range []string{"", "secret", "=secret", "secret=", "c=1,secret"} {
		if err := p.Set(text); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
