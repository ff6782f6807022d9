package scenarios_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/connectmock/connectmock/internal/exchange/exchangetest"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/report/reporttest"
	"github.com/connectmock/connectmock/scenarios"
	"pgregory.net/rapid"
)

// The server puts secrets into every item it returns, in every shape that a body can have, and the scenario sends some.
// No report may contain one.
func TestRun_RedactsSecretsInBodiesOfAnyShape(t *testing.T) {
	t.Parallel()
	s, target := serverTarget(t)
	var list []struct{ ID string }
	getJSON(t, s, "/v1/vaults/"+target.Vault+"/items", &list)
	path := "/v1/vaults/" + target.Vault + "/items/" + list[0].ID
	expectations := []string{
		`status: 201`, `json: {fields: [{value: no}]}`, `json: {fields: {$contains: {value: no}}}`,
		`json: {fields: {$each: {value: no}}}`, `json: {fields: {$each: {totp: {$absent: false}}}}`, `exactly: {title: no}`,
		`json: {fields: {$unordered: [{value: no}]}}`, `json: {fields: {$len: 1}}`, `text: no`, `text: {$matches: "^no$"}`,
		`check: ["res.text == 'no'"]`, `check: ["res.json.fields[0].value == 'no'"]`, `check: ["res.json.fields == 1"]`,
		`check: ["res.json.fields[2].value == res.json.fields[9].value"]`,
	}
	runs, failures := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		long := "kanarienvogel" + rapid.StringMatching(`[0-9a-f"<&/ é]{2,9}`).Draw(rt, "long") + "kanarienvogel"
		short := rapid.SampledFrom([]string{"☃", "ß7", "¤", "1¤"}).Draw(rt, "short")
		came := rapid.SampledFrom(exchangetest.Shapes()).Draw(rt, "shape of the response")
		expected := rapid.SampledFrom(expectations).Draw(rt, "expectation")
		if !strings.HasPrefix(expected, "status") {
			expected = "status: 2xx, " + expected
		}
		request := "{method: GET, path: " + path + "}"
		sent := rapid.SampledFrom(exchangetest.Shapes()).Draw(rt, "shape of the request")
		body := sent.Apply(`{"title":"x","fields":[` + exchangetest.SecretFields(long, short) + `]}`)
		writable := utf8.ValidString(body) && !strings.ContainsAny(body, "\x00\ufeff") && len(body) < 10_000
		if writable && rapid.Bool().Draw(rt, "sends") {
			quoted, err := json.Marshal(body)
			if err != nil {
				rt.Fatal(err)
			}
			request = "{method: PUT, path: " + path + ", body: " + string(quoted) + "}"
		}
		spoilt := httptest.NewServer(exchangetest.Spoil(s.Mock, came, long, short))
		defer spoilt.Close()
		there := target
		there.URL = spoilt.URL
		text := "scenario: 1\nid: spoilt\ntitle: Spoilt\nrequires: [write]\nsteps:\n  - request: " + request +
			"\n    expect: {schema: off, because: the test spoils it, " + expected + "}\n"
		loaded, err := scenarios.Load(fstest.MapFS{"test.yaml": {Data: []byte(text)}}, "test.yaml")
		if err != nil {
			rt.Fatalf("%s: %v", text, err)
		}
		var progress bytes.Buffer
		o := generousOptions()
		o.OnResult = func(r report.Result) { fmt.Fprintln(&progress, r.State, r.Reason, r.Failure, r.Curl) }
		run, err := scenarios.Run(t.Context(), there, []*scenarios.Scenario{loaded}, o)
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
			rt.Errorf("body %s, expectation %s: %s", came.Name, expected, message)
		}
	})
	if failures*5 < runs { // rapid draws fewer with -short
		t.Errorf("only %d scenarios of %d failed: nothing came near the reports", failures, runs)
	}
}
