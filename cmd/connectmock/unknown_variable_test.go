package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestUnknownVariables_AreToldWithTheNearestName(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		"CONNECTMOCK_FIXTURES=hunter2.yaml": "connectmock: the variable CONNECTMOCK_FIXTURES is unknown and has no effect; did you mean CONNECTMOCK_FIXTURE?\n",
		"CONNECTMOCK_TOKENS=ci=hunter2":     "did you mean CONNECTMOCK_TOKEN?",
		"CONNECTMOCK_QUIRKS=hunter2":        "did you mean CONNECTMOCK_QUIRK?",
		"CONNECTMOCK_CONTROL_ADR=hunter2":   "did you mean CONNECTMOCK_CONTROL_ADDR?",
		"CONNECTMOCK_XYZZYPLUGH=hunter2":    "connectmock serve --help shows those there are",
		"CONNECTMOCK_BAD\x1bNAME=hunter2":   "unknown",
		"CONNECTMOCK_FIXTURE=x.yaml":        "", // of serve
		"CONNECTMOCK_RULE=health/*":         "", // of contract run
		"CONNECTMOCK_CONTROL=off":           "",
		"CONNECTMOCK_CONTROL_TOKEN=hunter2": "",
		"CONNECTMOCK_FIXTURES=":             "", // empty is not set
		"connectmock_fixtures=hunter2":      "",
		"CONNECTMOCK_TEST_SERVE_STORE=x":    "",
	} {
		var out, said bytes.Buffer
		code := run(t.Context(), []string{"fixtures", "schema"}, &streams{in: strings.NewReader(""), out: &out, err: &said, environ: []string{entry, entry}})
		if code != exitOK || !strings.Contains(said.String(), want) || (want == "") != (said.Len() == 0) ||
			strings.Count(said.String(), "\n") > 1 || strings.ContainsAny(said.String(), "\x1b") || strings.Contains(said.String(), "hunter2") {
			t.Errorf("%q: exit code %d, said %q, want %q", entry, code, said.String(), want)
		}
	}
}

// Shells that complete a word get no warnings into their line.
func TestUnknownVariables_AreNotToldToCompletion(t *testing.T) {
	t.Parallel()
	var out, said bytes.Buffer
	run(t.Context(), []string{"__complete", "fixtures", ""}, &streams{out: &out, err: &said, environ: []string{"CONNECTMOCK_FIXTURES=x"}})
	if strings.Contains(said.String(), "CONNECTMOCK_FIXTURES") {
		t.Error(said.String())
	}
}

// A variable that came from a file of Windows, or was copied from a page, has
// what people do not see at its ends.
func TestVariables_AreReadWithoutInvisibleEnds(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\r", "\r\n", " ", "\u00a0", "\ufeff", "\u200b"} {
		var out bytes.Buffer
		std := &streams{in: strings.NewReader(""), out: &out, err: &out, environ: []string{"CONNECTMOCK_SEED=" + end + "x7" + end}}
		code := run(t.Context(), []string{"serve"}, std)
		if code != exitUsage || !strings.Contains(out.String(), `CONNECTMOCK_SEED: "x7" is not a number`) {
			t.Errorf("%q: exit code %d, %s", end, code, &out)
		}
	}
}
