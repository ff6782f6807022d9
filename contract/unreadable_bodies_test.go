package contract

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/connectmock/connectmock/internal/exchange/exchangetest"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/report/reporttest"
	"pgregory.net/rapid"
)

// Nothing that a run writes may have the secrets that a server adds to each item that it
// sends, in bodies of any shape.
func TestRun_WritesNoSecretsOfBodiesOfAnyShape(t *testing.T) {
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
		spoilt.Client = &http.Client{
			Transport: handlerTransport{exchangetest.Spoil(transportHandler{next}, shape, long, short)}}
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
		texts, err := reporttest.WriteAll(run)
		if err != nil {
			rt.Fatal(err)
		}
		texts["progress"] = progress.String()
		for _, message := range reporttest.FindSecrets(texts, long, short, "kanarienvogel") {
			rt.Errorf("rule %s, body %s: %s", rule, shape.Name, message)
		}
	})
	if failures*5 < runs { // rapid draws fewer with -short
		t.Errorf("only %d of %d rules failed, so the reports had too few bodies", failures, runs)
	}
}
