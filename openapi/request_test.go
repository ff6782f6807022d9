package openapi

import (
	"bufio"
	"encoding/json"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// captured is a request that an official client sent, as captured on the wire.
type captured struct {
	Client, Method, Target, ContentType, Body string
}

func capturedRequests(t testing.TB) []captured {
	t.Helper()
	f, err := os.Open("testdata/client-requests.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []captured
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var c captured
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCheckBody_AcceptsCapturedRequests(t *testing.T) {
	t.Parallel()
	doc := connectForTest(t)
	requests := capturedRequests(t)
	if len(requests) < 20 {
		t.Fatalf("only %d requests", len(requests))
	}
	for _, c := range requests {
		r := httptest.NewRequest(c.Method, c.Target, nil)
		r.Header.Set("Content-Type", c.ContentType)
		op, params := doc.Match(r.Method, r.URL.Path)
		if op == nil {
			t.Errorf("%s: %s %s is no operation", c.Client, c.Method, c.Target)
			continue
		}
		if v := op.CheckParameters(r, params); v != nil {
			t.Errorf("%s: %s %s: %v", c.Client, c.Method, c.Target, v)
		}
		if v := op.CheckBody(r, []byte(c.Body)); v != nil {
			t.Errorf("%s: %s %s: %v\n%s", c.Client, c.Method, c.Target, v, c.Body)
		}
	}
}

const (
	vaultID = "hfnjvi6aymbsnfc2xeeoheizda"
	itemID  = "2fcbqwe9ndg175zg2dzwftvkpa"
	fileID  = "6r65pjq33banznomn7q22sj44e"
)

func TestCheckParameters_ReportsViolations(t *testing.T) {
	t.Parallel()
	vault := map[string]string{"vaultUuid": vaultID}
	item := map[string]string{"vaultUuid": vaultID, "itemUuid": itemID}
	with := func(name, value string) map[string]string {
		return map[string]string{"vaultUuid": vaultID, "itemUuid": itemID, "fileUuid": fileID, name: value}
	}
	tests := []struct {
		name, op, query string
		path            map[string]string
		want            string // "" passes
	}{
		{"ids", "GetVaultItemById", "", item, ""},
		{"title for a vault", "GetVaultById", "", with("vaultUuid", "Demo"), "path: vaultUuid must match ^[a-z0-9]{26}$"},
		{"upper case", "GetVaultById", "", with("vaultUuid", strings.ToUpper(vaultID)), "path: vaultUuid must match ^[a-z0-9]{26}$"},
		{"25 characters", "GetVaultItemById", "", with("itemUuid", itemID[1:]), "path: itemUuid must match ^[a-z0-9]{26}$"},
		{"newline at the end", "GetVaultItemById", "", with("itemUuid", itemID+"\n"), "path: itemUuid must match ^[a-z0-9]{26}$"},
		{"not ASCII", "GetVaultItemById", "", with("itemUuid", "ä"+itemID[2:]), "path: itemUuid must match ^[a-z0-9]{26}$"},
		{"a UUID for a file", "DownloadFileByID", "", with("fileUuid", "5bd1e0d6-0c4c-4a3b-9d64-3a8c3e3b7a01"), "path: fileUuid must match ^[a-z0-9]{26}$"},
		{"first id first", "GetVaultItemById", "", map[string]string{"vaultUuid": "x", "itemUuid": "y"}, "path: vaultUuid must match ^[a-z0-9]{26}$"},
		{"no id", "GetVaultItemById", "", vault, "path: itemUuid is required"},

		{"page", "GetApiActivity", "limit=10&offset=20", nil, ""},
		{"limit 0", "GetApiActivity", "limit=0", nil, ""},
		{"largest offset", "GetApiActivity", "offset=9223372036854775807", nil, ""},
		{"one more", "GetApiActivity", "offset=9223372036854775808", nil, "query: offset must fit into 64 bits"},
		{"negative", "GetApiActivity", "limit=-1", nil, "query: limit must be at least 0"},
		{"not a number", "GetApiActivity", "limit=many", nil, "query: limit must be an integer"},
		{"fraction", "GetApiActivity", "limit=1.5", nil, "query: limit must be an integer"},
		{"empty", "GetApiActivity", "limit=", nil, "query: limit must be an integer"},
		{"without =", "GetApiActivity", "limit", nil, "query: limit must be an integer"},
		{"twice", "GetApiActivity", "limit=1&limit=2", nil, "query: limit must be there only once"},
		{"unknown parameter", "GetApiActivity", "page=2", nil, ""},

		{"filter", "GetVaults", "filter=name+eq+%22Demo%22", nil, ""},
		{"empty filter", "GetVaults", "filter=", nil, ""},
		{"empty name, as the Rust client sends", "GetVaults", "=", nil, ""},
		{"cut at &, as the JS client sends", "GetVaults", "filter=title%20eq%20%22Demo%20&%20Co%22", nil, ""},
		{"bad encoding", "GetVaults", "filter=title+eq+%22100%%22", nil, "query: filter must be percent-encoded: there is a % without two hexadecimal digits"},
		{"bad encoding nobody asked for", "GetVaults", "x=%", nil, ""},
		{"semicolon", "GetVaults", "filter=title+eq+%22a;b%22", nil, "query: filter must be percent-encoded: a semicolon is %3B"},

		{"inline_content", "GetItemFiles", "inline_content=true", item, ""},
		{"inline_files", "GetItemFiles", "inline_files=false", item, ""},
		{"True of Python", "GetItemFiles", "inline_content=True", item, ""},
		{"yes", "GetItemFiles", "inline_content=yes", item, "query: inline_content must be true or false"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/?"+tt.query, nil)
			v := connectForTest(t).Operation(tt.op).CheckParameters(r, tt.path)
			if d := cmp.Diff(tt.want, text(v)); d != "" {
				t.Error(d)
			}
		})
	}
}

func text(v *Violation) string {
	if v == nil {
		return ""
	}
	return v.Error()
}

func TestCheckBody_ReportsViolations(t *testing.T) {
	t.Parallel()
	const post, patch = "CreateVaultItem", "PatchVaultItem"
	tests := []struct {
		name, op, kind, body string
		want                 string // "" passes
	}{
		{"smallest item", post, "application/json", `{"category":"LOGIN","title":"t"}`, ""},
		{"charset", post, "application/json; charset=utf-8", `{"category":"LOGIN","title":"t"}`, ""},
		{"nulls of Ansible", post, "application/json", `{"id":null,"category":"LOGIN","title":"t","vault":null,"favorite":null,"tags":null,"urls":null,"sections":null,"files":null,
			"fields":[{"id":null,"label":null,"section":null,"type":null,"purpose":null,"value":null,"generate":null,"recipe":null},{"recipe":{"length":null,"characterSets":null,"excludeCharacters":null}}]}`, ""},
		{"unknown members", post, "application/json", `{"category":"LOGIN","title":"t","trashed":false,"x":{"y":1}}`, ""},
		{"type in any case", post, "application/json", `{"category":"LOGIN","title":"t","fields":[{"type":"string"},{"type":"oTp"},{"type":"SSHKEY"}]}`, ""},
		{"space around", post, "application/json", " {\"category\":\"LOGIN\",\"title\":\"t\"}\r\n", ""},

		{"no media type", post, "", `{"category":"LOGIN","title":"t"}`, ""},
		{"media type of a form", post, "application/x-www-form-urlencoded", `{"category":"LOGIN","title":"t"}`, ""},
		{"other names of JSON", post, "text/json", `{"category":"LOGIN","title":"t"}`, ""},
		{"broken media type", post, `application\json`, `{"category":"LOGIN","title":"t"}`, ""},
		{"a form", post, "application/x-www-form-urlencoded", `category=LOGIN`, "the body must be valid JSON: see byte 1"},
		{"gzip", post, "application/json", "\x1f\x8b\x08\x00", "the body must be sent without Content-Encoding, which is not decoded here: it is compressed with gzip"},
		{"empty body", post, "application/json", "", "the body must not be empty"},
		{"blank body", post, "application/json", " \n", "the body must not be empty"},
		{"half a body", post, "application/json", `{"category":"LOGIN"`, "the body must be valid JSON: it ends too early"},
		{"not JSON", post, "application/json", `{"category":LOGIN}`, "the body must be valid JSON: see byte 13"},
		{"comma at the end", post, "application/json", `{"category":"LOGIN",}`, "the body must be valid JSON: see byte 21"},
		{"garbage after", post, "application/json", `{"category":"LOGIN","title":"t"} x`, "the body must end after the JSON document"},
		{"two documents", post, "application/json", `{"category":"LOGIN","title":"t"}{}`, "the body must end after the JSON document"},
		{"not UTF-8", post, "application/json", "{\"title\":\"\xff\"}", "the body must be UTF-8"},
		{"member twice", post, "application/json", `{"category":"LOGIN","title":"t","fields":[{"value":"a","value":"b"}]}`, ""},
		{"unknown member twice", post, "application/json", `{"category":"LOGIN","title":"t","hunter2":1,"hunter2":2}`, ""},
		{"other case", post, "application/json", `{"Category":"LOGIN","TITLE":"t","Vault":{"Id":"v"},"fIELDS":[{"Purpose":"USERNAME","VALUE":"u"}]}`, ""},
		{"wrong type in another case", post, "application/json", `{"category":"LOGIN","Title":7}`, "body: title must be a string"},
		{"the last of two counts", post, "application/json", `{"category":"LOGIN","title":7,"Title":"t"}`, ""},
		{"the last of two is wrong", post, "application/json", `{"category":"LOGIN","Title":"t","title":7}`, "body: title must be a string"},
		{"too deep", post, "application/json", strings.Repeat("[", 65) + strings.Repeat("]", 65), "body: " + strings.Repeat("[0]", 64) + " must not nest more than 64 deep"},
		{"number out of range", post, "application/json", `{"category":"LOGIN","title":"t","version":1e999}`, "body: version must not have a number that is out of range"},

		{"null", post, "application/json", `null`, "the body must not be null"},
		{"a list", post, "application/json", `[]`, "the body must be an object"},
		{"no title", post, "application/json", `{"category":"LOGIN"}`, ""},
		{"title null", post, "application/json", `{"category":"LOGIN","title":null}`, ""},
		{"no category", post, "application/json", `{"title":"t"}`, "body: category is required"},
		{"unknown category", post, "application/json", `{"title":"t","category":"hunter2"}`, "body: category must be one of LOGIN, PASSWORD, API_CREDENTIAL, SERVER, DATABASE, CREDIT_CARD, MEMBERSHIP, PASSPORT, SOFTWARE_LICENSE, OUTDOOR_LICENSE, SECURE_NOTE, WIRELESS_ROUTER, BANK_ACCOUNT, DRIVER_LICENSE, IDENTITY, REWARD_PROGRAM, DOCUMENT, EMAIL_ACCOUNT, SOCIAL_SECURITY_NUMBER, MEDICAL_RECORD, SSH_KEY, CUSTOM"},
		{"value of another type", post, "application/json", `{"category":"LOGIN","title":"t","fields":[{},{"value":31337}]}`, "body: fields[1].value must be a string"},
		{"purpose", post, "application/json", `{"category":"LOGIN","title":"t","fields":[{"purpose":"hunter2"}]}`, "body: fields[0].purpose must be one of USERNAME, PASSWORD, NOTES"},
		{"recipe too long", post, "application/json", `{"category":"LOGIN","title":"t","fields":[{"recipe":{"length":65}}]}`, "body: fields[0].recipe.length must be at most 64"},
		{"recipe half", post, "application/json", `{"category":"LOGIN","title":"t","fields":[{"recipe":{"length":1.5}}]}`, "body: fields[0].recipe.length must be an integer"},
		{"character sets twice", post, "application/json", `{"category":"LOGIN","title":"t","fields":[{"recipe":{"characterSets":["DIGITS","DIGITS"]}}]}`, "body: fields[0].recipe.characterSets must not have an element twice"},
		{"tag of another type", post, "application/json", `{"category":"LOGIN","title":"t","tags":["a",null]}`, "body: tags[1] must not be null"},

		{"empty patch", patch, "application/json", `[]`, ""},
		{"patch values", patch, "application/json", `[{"op":"replace","path":"/favorite","value":true},{"op":"add","path":"/tags","value":["a"]},{"op":"remove","path":"/fields/x","value":""},{"op":"replace","path":"/title","value":null},{"op":"replace","path":"/","value":{"title":"t"}}]`, ""},
		{"patch as an object", patch, "application/json", `{"op":"remove","path":"/title"}`, "the body must be a list"},
		{"patch op", patch, "application/json", `[{"op":"move","path":"/a"}]`, "body: [0].op must be one of add, remove, replace, in any case"},
		{"patch op in any case", patch, "application/json", `[{"op":"REPLACE","path":"/a","value":1},{"Op":"Add","PATH":"/a","Value":1},{"op":"rEMOVE","path":"/a"}]`, ""},
		{"patch op that begins like one", patch, "application/json", `[{"op":"replaced","path":"/a"}]`, "body: [0].op must be one of add, remove, replace, in any case"},
		{"patch without path", patch, "application/json", `[{"op":"remove","path":"/a"},{"op":"remove"}]`, "body: [1].path is required"},
		{"other media type for a patch", patch, "application/json-patch+json", `[]`, ""},

		{"body of a GET", "GetVaults", "", "hunter2", ""},
		{"body of a DELETE", "DeleteVaultItem", "application/json", "{", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			op := connectForTest(t).Operation(tt.op)
			r := httptest.NewRequest(op.Method, "/", nil)
			if tt.kind != "" {
				r.Header.Set("Content-Type", tt.kind)
			}
			v := op.CheckBody(r, []byte(tt.body))
			if d := cmp.Diff(tt.want, text(v)); d != "" {
				t.Error(d)
			}
			if strings.Contains(text(v), "hunter2") {
				t.Errorf("%q contains what was sent", text(v))
			}
		})
	}
}

// TestReadBody_ReturnsTheDocumentsSpelling checks the body that a server decodes.
func TestReadBody_ReturnsTheDocumentsSpelling(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, op, sent, want string }{
		{"as documented", "CreateVaultItem", ` {"title":"t", "category":"LOGIN"} `, ` {"title":"t", "category":"LOGIN"} `},
		{"at every depth", "CreateVaultItem", `{"CATEGORY":"LOGIN","Vault":{"Id":"v"},"Fields":[{"Recipe":{"LENGTH":8}}]}`,
			`{"category":"LOGIN","fields":[{"recipe":{"length":8}}],"vault":{"id":"v"}}`},
		{"the last of several", "CreateVaultItem", `{"category":"LOGIN","title":"a","Title":"b","TITLE":"c","fields":[{"value":"x"}],"Fields":[{"label":"l"}]}`,
			`{"category":"LOGIN","fields":[{"label":"l"}],"title":"c"}`},
		{"the last of two the same", "CreateVaultItem", `{"category":"LOGIN","title":"a","title":"b"}`, `{"category":"LOGIN","title":"b"}`},
		{"letters that fold into ASCII", "CreateVaultItem", `{"category":"LOGIN","ſections":[],"tag\u017f":["a"]}`, `{"category":"LOGIN","sections":[],"tags":["a"]}`},
		{"members and values of a patch", "PatchVaultItem", `[{"Op":"add","Path":"/fields","Value":{"Label":"l","ſection":{"ID":"s"}}}]`,
			`[{"op":"add","path":"/fields","value":{"label":"l","section":{"id":"s"}}}]`},
		{"unknown members", "CreateVaultItem", `{"category":"LOGIN","Custom_ID":1,"custom_id":2}`, `{"category":"LOGIN","Custom_ID":1,"custom_id":2}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			op := connectForTest(t).Operation(tt.op)
			got, v := op.ReadBody(httptest.NewRequest(op.Method, "/", nil), []byte(tt.sent))
			if v != nil {
				t.Fatal(v)
			}
			if d := cmp.Diff(tt.want, string(got)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestCheckBody_NamesTheEncoding covers compressed and encoded bodies.
func TestCheckBody_NamesTheEncoding(t *testing.T) {
	t.Parallel()
	const plain = `{"category":"LOGIN"}`
	tests := []struct{ encoding, body, want string }{
		{"gzip", plain, ""}, // nothing looks at the header
		{"gzip", "\x1f\x8b\x08\x00", "the body must be sent without Content-Encoding, which is not decoded here: it is compressed with gzip"},
		{"br", "\x0b\x02\x80{}\x03", "the body must be sent without Content-Encoding, which is not decoded here"},
		{"Identity", "{", "the body must be valid JSON: it ends too early"},
		{"gzip", "", "the body must not be empty"},
	}
	for _, tt := range tests {
		op := connectForTest(t).Operation("CreateVaultItem")
		r := httptest.NewRequest(op.Method, "/", nil)
		r.Header.Set("Content-Encoding", tt.encoding)
		if got := text(op.CheckBody(r, []byte(tt.body))); got != tt.want {
			t.Errorf("%s %q: %q, want %q", tt.encoding, tt.body, got, tt.want)
		}
	}
}
