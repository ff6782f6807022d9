package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSize_ReadsUnits(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"1": 1, "512B": 512, "16MiB": 16 << 20, "1 GiB": 1 << 30, "100KiB": 100 << 10, "1048576": 1 << 20,
		"": 0, "0": 0, "-1": 0, "1MB": 0, "MiB": 0, "1.5MiB": 0, "9223372036854775807GiB": 0,
	} {
		var s size
		if err := s.Set(text); (err == nil) != (want > 0) || s.bytes != want {
			t.Errorf("%q: %d, %v; want %d", text, s.bytes, err, want)
		}
	}
	for n, want := range map[int64]string{0: "0", 1: "1B", 16 << 20: "16MiB", 1536: "1536B", 2048: "2KiB"} {
		if s := (size{bytes: n}); s.String() != want {
			t.Errorf("%d is shown as %s, want %s", n, &s, want)
		}
	}
}

func TestParseMoment_ReadsDatesAndDurations(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"24h": "2026-05-02T12:00:00Z", "-90m": "2026-05-01T10:30:00Z", "2030-01-31": "2030-01-31T00:00:00Z",
		"2030-01-31T01:02:03+01:00": "2030-01-31T00:02:03Z",
	} {
		if got, err := parseMoment(text, now); err != nil || got.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
	if got, err := parseMoment("", now); err != nil || !got.IsZero() {
		t.Errorf("empty: %s, %v", got, err)
	}
	for _, text := range []string{"tomorrow", "24", "2030-13-01"} {
		if _, err := parseMoment(text, now); err == nil {
			t.Errorf("%s was parsed as a moment", text)
		}
	}
}

func TestPairs_KeepOrderAndTheLastOfAName(t *testing.T) {
	t.Parallel()
	p := pairs{form: "NAME=VALUE"}
	for _, text := range []string{"a=1", "b=2=3,a=4"} {
		if err := p.Set(text); err != nil {
			t.Fatal(err)
		}
	}
	want := []pair{{"b", "2=3"}, {"a", "4"}}
	if diff := cmp.Diff(want, p.list, cmp.AllowUnexported(pair{})); diff != "" {
		t.Error(diff)
	}
	for _, text := range []string{"", "secret", "=secret", "secret=", "c=1,secret"} {
		if err := p.Set(text); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
