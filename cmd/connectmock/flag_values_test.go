package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
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

func TestParseRetention_ReadsRecordsAndAge(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for text, want := range map[string]mockserver.ActivityRetention{
		"100000": {Records: 100_000}, "30d": {Age: 30 * day}, "720h": {Age: 30 * day}, "1s": {Age: time.Second},
		"5,1h30m": {Records: 5, Age: 90 * time.Minute}, "1d,7": {Records: 7, Age: day}, "unlimited": {Unlimited: true},
	} {
		if got, err := parseRetention(text); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "0", "-1", "0d", "-3d", "1.5d", "99999999999d", "1ms", "1,2", "1h,2h", "1,", "1,unlimited", "all",
	} {
		got, err := parseRetention(text)
		isZero := got == mockserver.ActivityRetention{}
		if err == nil || !strings.Contains(err.Error(), "100000,30d, or unlimited") || !isZero {
			t.Errorf("%q: %v, %v", text, got, err)
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

func TestServe_HasAVariableForEveryFlag(t *testing.T) {
	t.Parallel()
	serve, _, err := newRoot(&streams{}).Find([]string{"serve"})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	serve.Flags().VisitAll(func(f *pflag.Flag) {
		seen++
		want := "CONNECTMOCK_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if f.Name == "control" { // CONNECTMOCK_CONTROL is the URL for clients
			want += "_ADDR"
		}
		isBound := cmp.Equal(f.Annotations[variableKey], []string{want}) && strings.Contains(f.Usage, "$"+want)
		if f.Name != "help" && !isBound {
			t.Errorf("--%s: %v, help %q", f.Name, f.Annotations, f.Usage)
		}
	})
	if seen < 20 {
		t.Errorf("only %d flags", seen)
	}
}

func TestRequestLine_EscapesControlCharacters(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 4, 5, 0, time.UTC)
	for _, test := range []struct {
		response mockserver.ResponseInfo
		want     string
	}{
		{mockserver.ResponseInfo{Method: "GET", Path: "/v1/vaults", Status: 200, Bytes: 712, Took: 340 * time.Microsecond, Caller: "ci"},
			"12:04:05 200 GET    /v1/vaults 0.3ms 712B ci\n"},
		{mockserver.ResponseInfo{Method: "DELETE", Path: "/v1/a\n\x1b[31m b", Status: 404, Err: errors.New("no\n\"söck\"")},
			`12:04:05 404 DELETE /v1/a%0A%1B%5B31m%20b 0.0ms 0B: no\n"söck"` + "\n"},
		{mockserver.ResponseInfo{Method: "G\x1bT", Path: "/", Status: 405, Caller: "tab\there"},
			`12:04:05 405 G\x1bT / 0.0ms 0B tab\there` + "\n"},
	} {
		if diff := cmp.Diff(test.want, requestLine(test.response, now)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestShellQuote_QuotesOnlyWhatNeedsIt(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"http://127.0.0.1:8080": "http://127.0.0.1:8080", "": "''", "a b": "'a b'", "it's$x": `'it'\''s$x'`,
	} {
		if got := environment.ShellQuote(word); got != want {
			t.Errorf("%q: %s, want %s", word, got, want)
		}
	}
}
