package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
)

func TestUnknownVariables_AreReportedWithTheNearestName(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		"CONNECTMOCK_FIXTURES=hunter2.yaml": "connectmock: the variable CONNECTMOCK_FIXTURES is unknown and has no effect;" +
			" did you mean \"CONNECTMOCK_FIXTURE\"?\n",
		"CONNECTMOCK_TOKENS=ci=hunter2":     "did you mean \"CONNECTMOCK_TOKEN\"?",
		"CONNECTMOCK_QUIRKS=hunter2":        "did you mean \"CONNECTMOCK_QUIRK\"?",
		"CONNECTMOCK_CONTROL_ADR=hunter2":   "did you mean \"CONNECTMOCK_CONTROL_ADDR\"?",
		"CONNECTMOCK_XYZZYPLUGH=hunter2":    "connectmock serve --help lists the variables",
		"CONNECTMOCK_BAD\x1bNAME=hunter2":   "unknown",
		"CONNECTMOCK_FIXTURE=x.yaml":        "", // of serve
		"CONNECTMOCK_RULE=health/*":         "", // of contract run
		"CONNECTMOCK_CONTROL=off":           "",
		"CONNECTMOCK_CONTROL_TOKEN=hunter2": "",
		"CONNECTMOCK_FIXTURES=":             "", // an empty one is not set
		"connectmock_fixtures=hunter2":      "",
		"CONNECTMOCK_TEST_SERVE_STORE=x":    "",
	} {
		var out, stderr bytes.Buffer
		std := &cli.Streams{In: strings.NewReader(""), Out: &out, Err: &stderr, Environ: []string{entry, entry}}
		code := run(t.Context(), []string{"fixtures", "schema"}, std)
		text := stderr.String()
		if code != cli.ExitOK || !strings.Contains(text, want) || (want == "") != (text == "") ||
			strings.Count(text, "\n") > 1 || strings.ContainsAny(text, "\x1b") || strings.Contains(text, "hunter2") {
			t.Errorf("%q: exit code %d, standard error %q, want %q", entry, code, text, want)
		}
	}
}

// A warning would appear in the line that the shell completes.
func TestUnknownVariables_AreNotReportedDuringCompletion(t *testing.T) {
	t.Parallel()
	var out, stderr bytes.Buffer
	std := &cli.Streams{Out: &out, Err: &stderr, Environ: []string{"CONNECTMOCK_FIXTURES=x"}}
	run(t.Context(), []string{"__complete", "fixtures", ""}, std)
	if strings.Contains(stderr.String(), "CONNECTMOCK_FIXTURES") {
		t.Error(stderr.String())
	}
}

// Files from Windows and text copied from web pages have such characters.
func TestVariables_AreTrimmedOfInvisibleCharacters(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\r", "\r\n", " ", "\u00a0", "\ufeff", "\u200b"} {
		var out bytes.Buffer
		environ := []string{"CONNECTMOCK_SEED=" + end + "x7" + end}
		std := &cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out, Environ: environ}
		code := run(t.Context(), []string{"serve"}, std)
		if code != cli.ExitUsage || !strings.Contains(out.String(), `CONNECTMOCK_SEED: "x7" is not a number`) {
			t.Errorf("%q: exit code %d, %s", end, code, &out)
		}
	}
}
