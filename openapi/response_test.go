package openapi

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// exampleHeader returns a header with what the document requires of a response.
func exampleHeader(response *openapi3.Response, kind string) http.Header {
	h := http.Header{}
	if kind != "" {
		h.Set("Content-Type", kind)
	}
	for name, ref := range response.Headers {
		switch v := ref.Value.Example.(type) {
		case string:
			h.Set(name, v)
		case float64:
			h.Set(name, strconv.FormatFloat(v, 'f', -1, 64))
		case int:
			h.Set(name, strconv.Itoa(v))
		}
	}
	return h
}

func exampleBody(t *testing.T, kind string, value any) []byte {
	t.Helper()
	if !isJSON(kind) {
		return []byte(value.(string))
	}
	return exampleJSON(t, value)
}

func exampleJSON(t testing.TB, value any) []byte {
	t.Helper()
	body, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestCheckResponse_AcceptsAnExampleOfEachResponse(t *testing.T) {
	t.Parallel()
	for _, op := range connectForTest(t).Operations {
		for status, ref := range op.spec.Responses.Map() {
			code, err := strconv.Atoi(status)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(op.Method, "/", nil)
			if code == http.StatusNoContent {
				if err := op.CheckResponse(r, code, exampleHeader(ref.Value, ""), nil); err != nil {
					t.Error(err)
				}
				continue
			}
			if len(ref.Value.Content) == 0 {
				t.Errorf("%s %s has no content", op.ID, status)
			}
			for kind, media := range ref.Value.Content {
				if media.Example == nil {
					t.Errorf("%s %s has no example", op.ID, status)
					continue
				}
				body := exampleBody(t, kind, media.Example)
				if err := op.CheckResponse(r, code, exampleHeader(ref.Value, kind), body); err != nil {
					t.Error(err)
				}
				if isJSON(kind) && code >= 400 && !strings.Contains(string(body), `"status":`+status) {
					t.Errorf("%s %s: the example has another status: %s", op.ID, status, body)
				}
			}
		}
	}
}

func TestCheckBody_AcceptsAnExampleOfEachRequest(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, op := range connectForTest(t).Operations {
		if op.spec.RequestBody == nil {
			continue
		}
		for kind, media := range op.spec.RequestBody.Value.Content {
			examples := []any{}
			if media.Example != nil {
				examples = append(examples, media.Example)
			}
			for _, e := range media.Examples {
				examples = append(examples, e.Value.Value)
			}
			if len(examples) == 0 {
				t.Errorf("%s has no example", op.ID)
			}
			for _, e := range examples {
				seen++
				r := httptest.NewRequest(op.Method, "/", nil)
				r.Header.Set("Content-Type", kind)
				if v := op.CheckBody(r, exampleBody(t, kind, e)); v != nil {
					t.Errorf("%s: %v", op.ID, v)
				}
			}
		}
	}
	if seen != 4 {
		t.Errorf("%d examples, want 4", seen)
	}
}

func TestCheckResponse_ReportsViolations(t *testing.T) {
	t.Parallel()
	const vault = `{"attributeVersion":1,"contentVersion":9,"createdAt":"2025-03-21T13:06:35Z","id":"hgm3sn37vkj3lsdkeouq46wyca","items":5,"name":"n","type":"USER_CREATED","updatedAt":"2025-04-18T16:38:40Z"}`
	const field = `{"category":"LOGIN","createdAt":"2025-03-21T13:06:35Z","fields":[FIELD],"id":"hgm3sn37vkj3lsdkeouq46wyca","lastEditedBy":"DOIHOHSV2NHK5HMSOLCWJUXFDM","title":"t","updatedAt":"2025-03-21T13:06:35.123456789Z","vault":{"id":"hgm3sn37vkj3lsdkeouq46wyca"},"version":1}`
	withField := func(f string) string { return strings.Replace(field, "FIELD", f, 1) }
	const versionOnly, page = "1Password-Connect-Version: 1.8.1", "1Password-Connect-Version: 1.8.1\nContent-Range: 1-1/1"
	tests := []struct {
		name, op, method string
		status           int
		kind, header     string
		body             string
		want             string
	}{
		{"vault", "GetVaultById", "GET", 200, "application/json", versionOnly, vault, ""},
		{"charset", "GetVaultById", "GET", 200, "application/json; charset=utf-8", versionOnly, vault, ""},
		{"recorded SSH key", "GetVaultItemById", "GET", 200, "application/json", versionOnly, withField(`{"id":"private_key","label":"private key","type":"SSHKEY","value":"v"}`), ""},
		{"undocumented status", "GetVaultById", "GET", 418, "application/json", versionOnly, `{}`, "GetVaultById responded with 418: the status is not documented"},
		{"no version", "GetVaultById", "GET", 200, "application/json", "", vault, "GetVaultById responded with 200: header 1Password-Connect-Version is required"},
		{"bad version", "GetVaultById", "GET", 200, "application/json", "1Password-Connect-Version: 1.8", vault, `GetVaultById responded with 200: header 1Password-Connect-Version must match ^[0-9]+\.[0-9]+\.[0-9]+$`},
		{"version twice", "GetVaultById", "GET", 200, "application/json", versionOnly + "\n" + versionOnly, vault, "GetVaultById responded with 200: header 1Password-Connect-Version must be there only once"},
		{"media type", "GetVaultById", "GET", 200, "text/plain", versionOnly, vault, "GetVaultById responded with 200: the media type must be application/json"},
		{"undeclared member", "GetVaultById", "GET", 200, "application/json", versionOnly, strings.Replace(vault, `"id"`, `"state":"x","id"`, 1), "GetVaultById responded with 200: body: state is not documented"},
		{"missing member", "GetVaultById", "GET", 200, "application/json", versionOnly, strings.Replace(vault, `"items":5,`, ``, 1), "GetVaultById responded with 200: body: items is required"},
		{"instant with an offset", "GetVaultById", "GET", 200, "application/json", versionOnly, strings.Replace(vault, `35Z`, `35+01:00`, 1), "GetVaultById responded with 200: body: createdAt must match Z$"},
		{"no instant", "GetVaultById", "GET", 200, "application/json", versionOnly, strings.Replace(vault, `2025-03-21T`, `2025-02-30T`, 1), "GetVaultById responded with 200: body: createdAt must have the format date-time"},
		{"null", "GetVaultItemById", "GET", 200, "application/json", versionOnly, withField(`{"id":"a","type":"STRING","value":null}`), "GetVaultItemById responded with 200: body: fields[0].value must not be null"},
		{"empty purpose", "GetVaultItemById", "GET", 200, "application/json", versionOnly, withField(`{"id":"a","type":"STRING","purpose":""}`), "GetVaultItemById responded with 200: body: fields[0].purpose must be one of USERNAME, PASSWORD, NOTES"},
		{"member of a request", "GetVaultItemById", "GET", 200, "application/json", versionOnly, withField(`{"id":"a","type":"STRING","generate":false}`), "GetVaultItemById responded with 200: body: fields[0].generate is not documented"},
		{"TOTP", "GetVaultItemById", "GET", 200, "application/json", versionOnly, withField(`{"id":"a","type":"TOTP"}`), "GetVaultItemById responded with 200: body: fields[0].type must be one of STRING, CONCEALED, URL, EMAIL, DATE, MONTH_YEAR, MENU, OTP, PHONE, ADDRESS, REFERENCE, CREDIT_CARD_TYPE, CREDIT_CARD_NUMBER, GENDER, SSHKEY, FILE, UNKNOWN"},
		{"fields in a list", "GetVaultItems", "GET", 200, "application/json", versionOnly, "[" + withField("") + "]", "GetVaultItems responded with 200: body: [0].fields is not documented"},
		{"null for an empty list", "GetVaults", "GET", 200, "application/json", versionOnly, "null", "GetVaults responded with 200: the body must not be null"},
		{"garbage after", "GetVaults", "GET", 200, "application/json", versionOnly, "[][]", "GetVaults responded with 200: the body must end after the JSON document"},
		{"no body", "GetVaults", "GET", 200, "application/json", versionOnly, "", "GetVaults responded with 200: the body must not be empty"},

		{"deleted", "DeleteVaultItem", "DELETE", 204, "", versionOnly, "", ""},
		{"deleted with a body", "DeleteVaultItem", "DELETE", 204, "", versionOnly, "{}", "DeleteVaultItem responded with 204: there is a body where none may be"},
		{"HEAD", "GetVaultById", "HEAD", 200, "application/json", versionOnly, "", ""},
		{"HEAD with a body", "GetVaultById", "HEAD", 200, "application/json", versionOnly, vault, "GetVaultById responded with 200: there is a body where none may be"},

		{"page", "GetApiActivity", "GET", 200, "application/json", page, "[]", ""},
		{"empty page", "GetApiActivity", "GET", 200, "application/json", versionOnly + "\nContent-Range: */1", "[]", ""},
		{"page without range", "GetApiActivity", "GET", 200, "application/json", versionOnly, "[]", "GetApiActivity responded with 200: header Content-Range is required"},
		{"heartbeat", "GetHeartbeat", "GET", 200, "text/plain; charset=utf-8", versionOnly, ".", ""},
		{"other heartbeat", "GetHeartbeat", "GET", 200, "text/plain", versionOnly, "ok", "GetHeartbeat responded with 200: the body must be one of ."},
		{"metrics", "GetPrometheusMetrics", "GET", 200, "text/plain; version=0.0.4; charset=utf-8; escaping=underscores", versionOnly, "go_goroutines 9\n", ""},
		{"download", "DownloadFileByID", "GET", 200, "application/octet-stream", versionOnly + "\nContent-Length: 3\nContent-Disposition: attachment; filename=\"a.txt\"", "\xff\xfe\x00", ""},
		{"download without length", "DownloadFileByID", "GET", 200, "application/octet-stream", versionOnly + "\nContent-Disposition: attachment; filename=\"a.txt\"", "abc", "DownloadFileByID responded with 200: header Content-Length is required"},
		{"error", "GetVaultById", "GET", 403, "application/json", versionOnly, `{"status":403,"message":"m"}`, ""},
		{"error without status", "GetVaultById", "GET", 403, "application/json", versionOnly, `{"message":"m"}`, "GetVaultById responded with 403: body: status is required"},
		{"error with another status", "GetVaultById", "GET", 403, "application/json", versionOnly, `{"status":404,"message":"m"}`, "GetVaultById responded with 403: body: status must be the status of the response"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			for line := range strings.Lines(tt.header) {
				name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
				h.Add(name, value)
			}
			if tt.kind != "" {
				h.Set("Content-Type", tt.kind)
			}
			r := httptest.NewRequest(tt.method, "/", nil)
			err := connectForTest(t).Operation(tt.op).CheckResponse(r, tt.status, h, []byte(tt.body))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
