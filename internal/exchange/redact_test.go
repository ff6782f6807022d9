package exchange

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/exchange/exchangetest"
	"github.com/connectmock/connectmock/internal/redact"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// secretItem returns an item as JSON with secrets in every place that can have one.
func secretItem(t *rapid.T, long, short string) string {
	text := func(s string) string {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	secret := func() string { return text(rapid.SampledFrom([]string{long, short}).Draw(t, "secret")) }
	fields := []string{
		`{"id":"a","type":"CONCEALED","value":` + secret() + `}`,
		`{"id":"b","value":` + secret() + `,"type":"CONCEALED"}`,
		`{"id":"password","purpose":"PASSWORD","type":"STRING","value":` + secret() + `}`,
		`{"id":"notesPlain","type":"STRING","purpose":"NOTES","value":` + secret() + `}`,
		`{"id":"otp","type":"OTP","value":` + secret() + `,"totp":` + secret() + `}`,
		`{"id":"c","value":` + secret() + `}`,
		`{"id":"d","type":"CONCEALED","value":"x","passwordDetails":{"history":[` + secret() + `,` + secret() + `]}}`,
	}
	some := rapid.SliceOfNDistinct(rapid.SampledFrom(fields), 1, len(fields), rapid.ID).Draw(t, "fields")
	return `{"id":"` + itemID + `","title":"Card","fields":[` + strings.Join(some, ",") + `],` +
		`"files":[{"id":"f","content":"` + base64.StdEncoding.EncodeToString([]byte(long)) + `"}]}`
}

func TestRedact_HidesSecretsInBodiesOfAnyShape(t *testing.T) {
	t.Parallel()
	shapes := exchangetest.Shapes()
	rapid.Check(t, func(rt *rapid.T) {
		long := "kanarienvogel" + rapid.StringMatching(`[0-9a-f"<&/ é]{2,9}`).Draw(rt, "long") + "kanarienvogel"
		short := rapid.SampledFrom([]string{"☃", "ß7", "¤", "1¤"}).Draw(rt, "short")
		sent := rapid.SampledFrom(shapes).Draw(rt, "shape of the request")
		came := rapid.SampledFrom(shapes).Draw(rt, "shape of the response")
		method := rapid.SampledFrom([]string{"GET", "PUT", "POST"}).Draw(rt, "method")
		path := map[string]string{
			"GET": "/v1/vaults/" + vaultID + "/items/" + itemID, "PUT": "/v1/vaults/" + vaultID + "/items/" + itemID,
			"POST": "/v1/vaults/" + vaultID + "/items",
		}[method]
		if rapid.Bool().Draw(rt, "unknown route") {
			path += "//"
		}
		status := rapid.SampledFrom([]int{200, 400, 500}).Draw(rt, "status")
		body := came.Apply(secretItem(rt, long, short))
		r := &Recorder{Document: document(t), Redactor: new(redact.Redactor), Base: roundTrip(func(*http.Request) *http.Response {
			return &http.Response{
				StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
				Body: io.NopCloser(strings.NewReader(body)),
			}
		})}
		scope := r.Scope()
		req, err := http.NewRequest(method, "http://127.0.0.1"+path, strings.NewReader(sent.Apply(secretItem(rt, long, short))))
		if err != nil {
			rt.Fatal(err)
		}
		if res, err := r.RoundTrip(req); err == nil {
			_ = res.Body.Close()
		}
		e := scope.Exchanges()[0]
		var asJSON strings.Builder
		encoder := json.NewEncoder(&asJSON)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(body); err != nil {
			rt.Fatal(err)
		}
		shown := map[string]string{
			"exchange": fmt.Sprintf("%+v %s %s", *e, e.RequestBody, e.ResponseBody), "curl": Curl(e),
			"body": r.Redactor.Body(e.Operation, []byte(body)), "unknown body": r.Redactor.Body("", []byte(body)),
			"as a value": r.Redactor.JSON(asJSON.String()),
		}
		for name, text := range shown {
			for _, secret := range []string{long, short, "kanarienvogel"} {
				for _, spelling := range exchangetest.Spellings(secret) {
					if strings.Contains(text, spelling) {
						rt.Errorf("%s has %q as %q (sent %s, came %s):\n%.1500s", name, secret, spelling, sent.Name, came.Name, text)
					}
				}
			}
		}
	})
}

type roundTrip func(*http.Request) *http.Response

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }

func TestCurl_SaysWhyABodyIsMissing(t *testing.T) {
	t.Parallel()
	r := &Recorder{}
	c, url := client(t, r, respond(400, `{"status":400,"message":"bad"}`))
	scope := r.Scope()
	path := url + "/v1/vaults/" + vaultID + "/items"
	res, err := c.Post(path, "application/json", strings.NewReader(`{"fields":[{"value":"S-E-C"},]}`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got := Curl(scope.Exchanges()[0])
	if strings.Contains(got, "S-E-C") || !strings.Contains(got, "# the body of 31 bytes is not shown: not valid JSON\n") {
		t.Errorf("got\n%s", got)
	}
}

func TestRedact_HidesCredentials(t *testing.T) {
	t.Parallel()
	var r redact.Redactor
	r.AddToken("the-token", "OP_CONNECT_TOKEN")
	r.Add("hunter2")
	got := Redact(&Exchange{
		RequestHeader: http.Header{
			"Authorization": {"Bearer the-token", "bearer the-token", "Basic x", "Bearer other", ""},
			"Cookie":        {"a=b"}, "X-Hunter2": {"x"}, "X-hunter2": {"hunter2!"},
		},
		ResponseHeader: http.Header{"Set-Cookie": {"c=d"}, "Location": {"/?t=the-token"}},
	}, &r)
	want := http.Header{
		"Authorization": {"Bearer $OP_CONNECT_TOKEN", redact.Mask, redact.Mask, redact.Mask, redact.Mask},
		"Cookie":        {redact.Mask}, "X-Hunter2": {"x"}, "X-[redacted]": {"[redacted]!"},
	}
	if diff := cmp.Diff(want, got.RequestHeader); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(got, Redact(got, &r), cmp.AllowUnexported(Exchange{})); diff != "" {
		t.Error("redacting twice changes it:", diff)
	}
	want = http.Header{"Set-Cookie": {redact.Mask}, "Location": {"/?t=[redacted]"}}
	if diff := cmp.Diff(want, got.ResponseHeader); diff != "" {
		t.Error(diff)
	}
}
