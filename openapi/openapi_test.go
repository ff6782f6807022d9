package openapi

import (
	"context"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/google/go-cmp/cmp"
)

func connectForTest(t testing.TB) *Document {
	t.Helper()
	doc, err := Connect()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestConnect_IsValid(t *testing.T) {
	t.Parallel()
	doc, err := parse(ConnectYAML())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// The table of operations has the routes of the document, and an operation that is recorded needs a token.
func TestConnect_HasTheOperationsOfTheTable(t *testing.T) {
	t.Parallel()
	doc := connectForTest(t)
	if got, want := len(doc.Operations), len(connect.Operations()); got != want {
		t.Errorf("the document has %d operations, the table %d", got, want)
	}
	for _, want := range connect.Operations() {
		op := doc.Operation(want.ID)
		if op == nil {
			t.Errorf("the document has no %s", want.ID)
			continue
		}
		if op.Method != want.Method || op.Path != want.Path || op.Tag != want.Tag {
			t.Errorf("%s is %s %s of %s in the document, %+v in the table", op.ID, op.Method, op.Path, op.Tag, want)
		}
		if secured := strings.HasPrefix(want.Path, "/v1/"); op.Secured != secured || want.Action != "" && !secured {
			t.Errorf("%s: secured is %v in the document, and its action %q", op.ID, op.Secured, want.Action)
		}
		if hasVault := strings.Contains(want.Path, "{vaultUuid}"); (want.Needs != 0) != hasVault {
			t.Errorf("%s needs the permission %v, and its path is %s", want.ID, want.Needs, want.Path)
		}
	}
}

func TestMatch_FindsOperationAndParameters(t *testing.T) {
	t.Parallel()
	const v, i, f = "hfnjvi6aymbsnfc2xeeoheizda", "2fcbqwe9ndg175zg2dzwftvkpa", "6r65pjq33banznomn7q22sj44e"
	tests := []struct {
		method, path, id string
		params           map[string]string
	}{
		{"GET", "/health", "GetServerHealth", map[string]string{}},
		{"GET", "/v1/health", "", nil},
		{"GET", "/v1/vaults", "GetVaults", map[string]string{}},
		{"GET", "/v1/vaults/", "GetVaults", map[string]string{}},
		{"GET", "/v1/vaults//", "", nil},
		{"GET", "//v1/vaults", "", nil},
		{"HEAD", "/v1/vaults/" + v, "GetVaultById", map[string]string{"vaultUuid": v}},
		{"POST", "/v1/vaults/" + v, "", nil},
		{"POST", "/v1/vaults/" + v + "/items/", "CreateVaultItem", map[string]string{"vaultUuid": v}},
		{"GET", "/v1/vaults/" + v + "/items/" + i + "/files/" + f + "/content", "DownloadFileByID",
			map[string]string{"vaultUuid": v, "itemUuid": i, "fileUuid": f}},
		{"GET", "/", "", nil},
		{"GET", "", "", nil},
	}
	for _, tt := range tests {
		op, params := connectForTest(t).Match(tt.method, tt.path)
		id := ""
		if op != nil {
			id = op.ID
		}
		if id != tt.id {
			t.Errorf("%s %s is %q, want %q", tt.method, tt.path, id, tt.id)
		}
		if d := cmp.Diff(tt.params, params); d != "" {
			t.Errorf("%s %s: %s", tt.method, tt.path, d)
		}
	}
}

func TestParse_RefusesUnusableDocuments(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no document":  "name: value",
		"not YAML":     "a: [",
		"version 3.1":  "openapi: 3.1.0\ninfo: {title: t, version: v}\npaths: {/a: {}}",
		"no paths":     "openapi: 3.0.3\ninfo: {title: t, version: v}\npaths: {}",
		"two same ids": "openapi: 3.0.3\ninfo: {title: t, version: v}\npaths: {/a: {get: {operationId: x, responses: {}}, put: {operationId: x, responses: {}}}}",
		"bad pattern":  "openapi: 3.0.3\ninfo: {title: t, version: v}\npaths: {'/{a}': {get: {operationId: x, parameters: [{in: path, name: a, required: true, schema: {type: string, pattern: '('}}], responses: {}}}}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parsed, err := parse([]byte(text))
			if err == nil {
				_, err = compile(parsed)
			}
			if err == nil {
				t.Error("no error")
			}
		})
	}
}
