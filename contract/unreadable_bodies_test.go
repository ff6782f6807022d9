package contract

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/exchange/exchangetest"
	"github.com/connectmock/connectmock/internal/report"
	"pgregory.net/rapid"
)

// A server adds secrets to every item that it sends, in bodies of any shape. Nothing
// that a run writes may have one.
func TestRun_WritesNoSecretsWhateverTheShapeOfABody(t *testing.T) {
	t.Parallel()
	rules := []string{
		"items/read-as-listed", "items/create-is-what-is-read", "fields/login-is-completed", "fields/documented-types",
		"items/replace-answers-new-content", "patch/next-version", "files/details", "files/none",
		"filters/no-match", "filters/title-eq", "filters/encodings", "errors/values-stay-private", "errors/unknown-file",
	}
	target := mockTarget(t)
	next := target.Client.Transport
	shapes := exchangetest.Shapes()
	runs, failures := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		long := "kanarienvogel" + rapid.StringMatching(`[0-9a-f"<&/ é]{2,9}`).Draw(rt, "long") + "kanarienvogel"
		short := rapid.SampledFrom([]string{"☃", "ß7", "¤", "1¤"}).Draw(rt, "short")
		shape := rapid.SampledFrom(shapes).Draw(rt, "shape")
		spoilt := target
		spoilt.Client = &http.Client{Transport: handlerTransport{exchangetest.Spoil(transportHandler{next}, shape, long, short)}}
		var progress bytes.Buffer
		timing := noWaiting()
		timing.Within = 1
		rule := rapid.SampledFrom(rules).Draw(rt, "rule")
		run, err := Run(t.Context(), spoilt, Options{Rules: []string{rule}, Progress: &progress, Timing: timing})
		if err != nil {
			rt.Fatal(err)
		}
		runs++
		failures += run.Count()[report.Fail]
		artefacts := map[string]string{"progress": progress.String()}
		for form, write := range map[string]func(io.Writer, *report.Run) error{
			"json": report.JSON, "junit": report.JUnit, "markdown": report.Markdown, "html": report.HTML,
		} {
			var out bytes.Buffer
			if err := write(&out, run); err != nil {
				rt.Fatal(err)
			}
			artefacts[form] = out.String()
		}
		for name, text := range artefacts {
			for _, secret := range []string{long, short, "kanarienvogel"} {
				for _, spelling := range exchangetest.Spellings(secret) {
					if at := strings.Index(text, spelling); at >= 0 {
						near := text[max(0, at-300) : at+len(spelling)]
						rt.Errorf("%s of %s has %q (%s):\n...%s", name, rule, spelling, shape.Name, near)
					}
				}
			}
		}
	})
	if failures*5 < runs { // rapid draws fewer with -short
		t.Errorf("only %d rules of %d failed: nothing came near the reports", failures, runs)
	}
}
