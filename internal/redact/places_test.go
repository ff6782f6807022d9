package redact

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/exchange/exchangetest"
	"github.com/google/go-cmp/cmp"
)

func TestConcealPlaces_MasksValuesOfAnyLength(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"fields":[{"id":"cvv","type":"CONCEALED","value":"123"}]}`:         `{"fields":[{"id":"cvv","type":"CONCEALED","value":"•"}]}`,
		`{"fields":[{"value":"1","type":"concealed"}]}`:                      `{"fields":[{"value":"•","type":"concealed"}]}`,
		`{"fields":[{"type":"CONCEALED","value":7}]}`:                        `{"fields":[{"type":"CONCEALED","value":"•"}]}`,
		`{"fields":[{"type":"CONCEALED","value":["a",{"b":"c"}]}]}`:          `{"fields":[{"type":"CONCEALED","value":"•"}]}`,
		`{"fields":[{"type":"CONCEALED","value":""}]}`:                       `{"fields":[{"type":"CONCEALED","value":""}]}`,
		`{"fields":[{"type":"CONCEALED","value":null}]}`:                     `{"fields":[{"type":"CONCEALED","value":null}]}`,
		`{"fields":[{"type":"STRING","purpose":"PASSWORD","value":"x"}]}`:    `{"fields":[{"type":"STRING","purpose":"PASSWORD","value":"•"}]}`,
		`{"fields":[{"type":"STRING","purpose":"NOTES","value":"x"}]}`:       `{"fields":[{"type":"STRING","purpose":"NOTES","value":"•"}]}`,
		`{"fields":[{"type":"STRING","purpose":"USERNAME","value":"x"}]}`:    `{"fields":[{"type":"STRING","purpose":"USERNAME","value":"x"}]}`,
		`{"fields":[{"type":"CONCEALED","purpose":"USERNAME","value":"x"}]}`: `{"fields":[{"type":"CONCEALED","purpose":"USERNAME","value":"•"}]}`,
		`{"fields":[{"type":"OTP","totp":"123","value":"x"}]}`:               `{"fields":[{"type":"OTP","totp":"•","value":"•"}]}`,
		`{"fields":[{"type":"STRING","totp":"123","value":"x"}]}`:            `{"fields":[{"type":"STRING","totp":"•","value":"x"}]}`,
		`{"fields":[{"type":"SOMETHING","value":"x"}]}`:                      `{"fields":[{"type":"SOMETHING","value":"•"}]}`,
		`{"fields":[{"type":5,"value":"x"}]}`:                                `{"fields":[{"type":5,"value":"•"}]}`,
		`{"fields":[{"type":"STRING","secret":"x"}]}`:                        `{"fields":[{"type":"STRING","secret":"•"}]}`,
		`{"fields":["x"]}`:                      `{"fields":["•"]}`,
		`{"fields":"x"}`:                        `{"fields":"•"}`,
		`{"fields":{"password":"x"}}`:           `{"fields":{"password":"•"}}`,
		`{"FIELDS":[{"TYPE":"A","VALUE":"x"}]}`: `{"FIELDS":[{"TYPE":"A","VALUE":"•"}]}`,
		`{"fieldſ":[{"x":"x"}]}`:                `{"fieldſ":[{"x":"•"}]}`,
		`{"fields":[{"type":"CONCEALED","passwordDetails":{"strength":"GOOD","entropy":80,"history":["a","b"]}}]}`: `{"fields":[{"type":"CONCEALED",` +
			`"passwordDetails":{"strength":"GOOD","entropy":80,"history":"•"}}]}`,
		`{"fields":[{"type":"STRING","password_details":{"history":[{"value":"a","time":"b"}]}}]}`: `{"fields":[{"type":"STRING",` +
			`"password_details":{"history":"•"}}]}`,
		`{"id":"x","content":"UyEh"}`:                                                      `{"id":"x","content":"•"}`,
		`[{"op":"replace","path":"/fields/cvv/value","value":"1"}]`:                        `[{"op":"replace","path":"/fields/cvv/value","value":"•"}]`,
		`[{"op":"replace","value":{"value":"1"},"path":"/fields/cvv"}]`:                    `[{"op":"replace","value":{"value":"•"},"path":"/fields/cvv"}]`,
		`[{"op":"replace","path":"/FIELDS/cvv/value","value":["1"]}]`:                      `[{"op":"replace","path":"/FIELDS/cvv/value","value":"•"}]`,
		`[{"op":"replace","path":"/fields/cvv/label","value":"x"}]`:                        `[{"op":"replace","path":"/fields/cvv/label","value":"x"}]`,
		`[{"op":"replace","path":"/title","value":"x"}]`:                                   `[{"op":"replace","path":"/title","value":"x"}]`,
		`[{"op":"replace","path":"/","value":"x"}]`:                                        `[{"op":"replace","path":"/","value":"•"}]`,
		`[{"op":"add","path":"/fields","value":{"type":"CONCEALED","value":"1"}}]`:         `[{"op":"add","path":"/fields","value":{"type":"CONCEALED","value":"•"}}]`,
		`{"status":400,"message":"bad: {\"value\":\"1\"}"}`:                                `{"status":400,"message":"•"}`,
		`{"status":400,"message":"the value \"x\" is wrong"}`:                              `{"status":400,"message":"the value \"x\" is wrong"}`,
		`{"title":"\u0041\u00e9\n","fields":[{"\u0076alue":"1","type":"CONC\u0045ALED"}]}`: `{"title":"Aé\n","fields":[{"value":"•","type":"CONCEALED"}]}`,
	} {
		got, err := concealPlaces([]byte(body))
		if diff := cmp.Diff(strings.ReplaceAll(want, "•", Mask), string(got.text)); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", body, err, diff)
		}
		if again, err := concealPlaces(got.text); err != nil || !bytes.Equal(again.text, got.text) {
			t.Errorf("%s: a second time it is %s, %v", body, again.text, err)
		}
	}
}

func TestConcealPlaces_RejectsAmbiguousOrInvalidJSON(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, ` `, `{`, `{}{}`, `{},`, `{"a":1,}`, `[1,]`, "\ufeff{}", `{"a":1 "b":2}`, `{a:1}`, `{'a':1}`, `{"a":01}`, `{"a":NaN}`,
		`{"a":tru}`, `"a`, "\"\n\"", `"\x"`, `{"a":1,"a":2}`, `{"a":1,"A":2}`, `{"s":1,"ſ":2}`, `{"a":1,"\u0061":2}`,
		`[[{"value":1,"vaLue":2}]]`, "\"\xff\"", `<p>{}</p>`, `{}x`, strings.Repeat("[", 101) + strings.Repeat("]", 101),
		strings.Repeat("[", 1_000_000), `{"a"}`, `{"a":}`, `{,}`, `[,]`, `nul`, `-`, `//`, `{"a":1}]`,
	} {
		if got, err := concealPlaces([]byte(body)); err == nil {
			t.Errorf("%.60q is taken for JSON and becomes %q", body, got.text)
		}
	}
}

// What the scanner accepts as JSON is valid for encoding/json, before and after masking.
func FuzzConcealPlaces(f *testing.F) {
	for _, shape := range exchangetest.Shapes() {
		f.Add([]byte(shape.Apply(`{"fields":[{"type":"CONCEALED","value":"x"}]}`)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := concealPlaces(body)
		if err == nil && (!json.Valid(body) || !json.Valid(got.text)) {
			t.Errorf("%q becomes %q", body, got.text)
		}
	})
}

func TestBody_HidesOnlySecrets(t *testing.T) {
	t.Parallel()
	const page = "<html><body>Bad Gateway</body></html>"
	for _, c := range []struct{ operation, body, want string }{
		{"GetVaults", page, page},
		{"GetVaultItemById", page, "[37 bytes, not shown: not valid JSON]"},
		{"", page, "[37 bytes, not shown: not valid JSON]"},
		{"", "404 page not found\n", "404 page not found\n"},
		{"GetVaultItemById", "", ""},
		{"GetHeartbeat", "\xff\xfe", "[2 bytes, not shown: not text]"},
		{"GetVaultItemById", `{"status":404,"message":"item not found"}`, `{"status":404,"message":"item not found"}`},
	} {
		var r Redactor
		if got := r.Body(c.operation, []byte(c.body)); got != c.want {
			t.Errorf("%s %q is shown as %q, want %q", c.operation, c.body, got, c.want)
		}
	}
}
