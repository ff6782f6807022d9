package openapi

import (
	"context"
	"testing"

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

func TestConnectIsValid(t *testing.T) {
	t.Parallel()
	doc, err := parse(ConnectYAML())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestConnectOperations(t *testing.T) {
	t.Parallel()
	var got []string
	for _, op := range connectForTest(t).Operations {
		line := op.ID + " " + op.Method + " " + op.Path + " " + op.Tag
		if op.Secured {
			line += " secured"
		}
		got = append(got, line)
	}
	want := []string{
		"GetServerHealth GET /health Health",
		"GetHeartbeat GET /heartbeat Health",
		"GetPrometheusMetrics GET /metrics Metrics",
		"GetApiActivity GET /v1/activity Activity secured",
		"GetVaults GET /v1/vaults Vaults secured",
		"GetVaultById GET /v1/vaults/{vaultUuid} Vaults secured",
		"GetVaultItems GET /v1/vaults/{vaultUuid}/items Items secured",
		"CreateVaultItem POST /v1/vaults/{vaultUuid}/items Items secured",
		"DeleteVaultItem DELETE /v1/vaults/{vaultUuid}/items/{itemUuid} Items secured",
		"GetVaultItemById GET /v1/vaults/{vaultUuid}/items/{itemUuid} Items secured",
		"PatchVaultItem PATCH /v1/vaults/{vaultUuid}/items/{itemUuid} Items secured",
		"UpdateVaultItem PUT /v1/vaults/{vaultUuid}/items/{itemUuid} Items secured",
		"GetItemFiles GET /v1/vaults/{vaultUuid}/items/{itemUuid}/files Files secured",
		"GetDetailsOfFileById GET /v1/vaults/{vaultUuid}/items/{itemUuid}/files/{fileUuid} Files secured",
		"DownloadFileByID GET /v1/vaults/{vaultUuid}/items/{itemUuid}/files/{fileUuid}/content Files secured",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestMatch(t *testing.T) {
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

func TestParseRefuses(t *testing.T) {
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
