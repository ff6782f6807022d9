package mockserver_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
)

// changedDocument returns the document of Connect with texts replaced.
func changedDocument(t *testing.T, changes ...string) *openapi.Document {
	t.Helper()
	text := strings.NewReplacer(changes...).Replace(string(openapi.ConnectYAML()))
	doc, _, err := openapi.Load([]byte(text))
	must(t, err)
	return doc
}

const addedOperation = `
  /vaults/{vaultUuid}/groups/{group}:
    parameters:
      - $ref: '#/components/parameters/VaultUuid'
      - {name: group, in: path, required: true, schema: {type: integer, minimum: 1}}
    get:
      operationId: GetGroup
      security: [{ConnectToken: []}]
      responses:
        '200':
          description: a group
          headers:
            1Password-Connect-Version: {$ref: '#/components/headers/Version'}
          content:
            application/json:
              schema:
                type: object
                required: [id, name, members]
                properties:
                  id: {type: integer, minimum: 10, maximum: 20}
                  name: {type: string, minLength: 3}
                  members: {type: array, minItems: 2, items: {type: string, format: email}}
        '400': {$ref: '#/components/responses/BadVaultId'}
        '401': {$ref: '#/components/responses/BadToken'}
        '403': {$ref: '#/components/responses/Denied'}

  /heartbeat:
`

func TestDocument_MakesUpResponsesOfAddedOperations(t *testing.T) {
	t.Parallel()
	doc, d := changedDocument(t, "\n  /heartbeat:\n", addedOperation), demo(t)
	in := func(seed uint64) *testServer {
		s := newServer(t, connecttest.WithSeed(seed), connecttest.WithConfig(func(c *mockserver.Config) { c.Document = doc }))
		return s.withoutCheck()
	}
	s := in(7)
	path := "/v1/vaults/" + d.vault("Office") + "/groups/5"
	a := s.get(t, path).wantOK(t)
	if err := doc.Operation("GetGroup").CheckResponse(httptest.NewRequest("GET", path, nil), a.status, a.header,
		a.body); err != nil {
		t.Error(err)
	}
	if again := s.get(t, path); !bytes.Equal(a.body, again.body) {
		t.Errorf("first %s, then %s", a.body, again.body)
	}
	if other := in(7).get(t, path); !bytes.Equal(a.body, other.body) {
		t.Errorf("another server of the same seed sends %s instead of %s", other.body, a.body)
	}
	if other := in(8).get(t, path); bytes.Equal(a.body, other.body) {
		t.Error("a server of another seed sends the same")
	}
	s.get(t, path, token("nonsense")).wantError(t, connect.InvalidToken())
	s.get(t, "/v1/vaults/x/groups/5").wantError(t, connect.InvalidVaultUUID())
	s.get(t, path, token(s.demoToken(t, "one-vault"))).wantError(t, connect.VaultDenied(d.vault("Office")))
	if e := s.get(t, "/v1/vaults/"+d.vault("Office")+"/groups/x").apiError(t); e.Status != 400 {
		t.Errorf("got %v", &e)
	}
	s.get(t, "/v1/vaults").wantOK(t)
	o, err := s.Mock.Status(t.Context())
	if err != nil || len(o.Synthesized) != 1 || o.Synthesized[0] != "GET /v1/vaults/{vaultUuid}/groups/{group}" ||
		len(o.Operations) != 16 {
		t.Errorf("overview %+v, error %v", o, err)
	}
}

func TestDocument_OmitsRemovedOperations(t *testing.T) {
	t.Parallel()
	doc := &openapi.Document{OpenAPI: document(t).OpenAPI}
	for _, op := range document(t).Operations {
		if op.ID != "PatchVaultItem" && op.ID != "GetApiActivity" {
			doc.Operations = append(doc.Operations, op)
		}
	}
	s, d := newServer(t, connecttest.WithConfig(func(c *mockserver.Config) { c.Document = doc })).withoutCheck(), demo(t)
	s.get(t, "/v1/activity").wantPageNotFound(t)
	s.send(t, "PATCH", d.path("Office", "Time Tracker"), `[]`).wantError(t, connect.MethodNotAllowed())
	s.get(t, d.path("Office", "Time Tracker")).wantOK(t)
	o, err := s.Mock.Status(t.Context())
	if err != nil || strings.Join(o.Unserved, " ") != "GetApiActivity PatchVaultItem" || len(o.Operations) != 13 {
		t.Errorf("overview %+v, error %v", o, err)
	}
}

// TestDocument_MustMatchTheHandlers is not parallel, because it changes the document
// that all servers share.
func TestDocument_MustMatchTheHandlers(t *testing.T) {
	doc := document(t)
	all := doc.Operations
	defer func() { doc.Operations = all }()
	doc.Operations = all[1:]
	if _, err := mockserver.New(t.Context(), mockserver.Config{}); err == nil || !strings.Contains(err.Error(), all[0].ID) {
		t.Errorf("%s has a handler and no operation: error %v", all[0].ID, err)
	}
	extra := *all[0]
	extra.ID, extra.Path = "GetNothing", "/v1/nothing"
	doc.Operations = append(all[:len(all):len(all)], &extra)
	if _, err := mockserver.New(t.Context(), mockserver.Config{}); err == nil || !strings.Contains(err.Error(), "GetNothing") {
		t.Errorf("GetNothing has no handler: error %v", err)
	}
}

func TestCheckResponses_ReplacesInvalidResponses(t *testing.T) {
	t.Parallel()
	check := withResponseCheck()
	s, d := newServer(t, check), demo(t)
	for id, c := range securedCalls(d) {
		if a := s.call(t, c); a.status >= 300 {
			t.Errorf("%s: status %d: %s", id, a.status, a.body)
		}
	}
	// A document that requires what the server does not send.
	strict := changedDocument(t, "contentVersion: {type: integer, minimum: 1,",
		"contentVersion: {type: integer, minimum: 1000000,")
	var failed []error
	s = newServer(t, check, connecttest.WithConfig(func(c *mockserver.Config) {
		c.Document = strict
		c.OnResponse = func(a mockserver.ResponseInfo) { failed = append(failed, a.Err) }
	}), connecttest.WithoutSocket()).withoutCheck()
	s.get(t, "/v1/vaults").wantError(t, connect.SomethingWentWrong())
	if len(failed) != 1 || failed[0] == nil || !strings.Contains(failed[0].Error(), "contentVersion") {
		t.Errorf("errors %v, must name the member", failed)
	}
	s.get(t, "/heartbeat").wantOK(t)
}

func TestOnResponse_DescribesEachResponse(t *testing.T) {
	t.Parallel()
	var reported []mockserver.ResponseInfo
	s := newServer(t, connecttest.WithoutSocket(), connecttest.WithConfig(func(c *mockserver.Config) {
		c.OnResponse = func(a mockserver.ResponseInfo) { reported = append(reported, a) }
	}))
	body := s.get(t, "/v1/vaults?filter=title+eq+%22Office%22").wantOK(t).body
	s.get(t, "/v1/vaults", token(canary)).wantStatus(t, 401)
	s.get(t, "/nowhere").wantStatus(t, 404)
	s.send(t, "POST", "/v1/vaults/"+noVault+"/items", canary).wantStatus(t, 403)
	want := []mockserver.ResponseInfo{
		{Method: "GET", Path: "/v1/vaults", Operation: "GetVaults", Status: 200, Bytes: int64(len(body)), Caller: "read-write"},
		{Method: "GET", Path: "/v1/vaults", Operation: "GetVaults", Status: 401},
		{Method: "GET", Path: "/nowhere", Status: 404, Caller: "read-write"},
		{Method: "POST", Path: "/v1/vaults/" + noVault + "/items", Operation: "CreateVaultItem", Status: 403, Caller: "read-write"},
	}
	if len(reported) != len(want) {
		t.Fatalf("%d responses were reported", len(reported))
	}
	for i, a := range reported {
		if a.Took <= 0 || (a.Err == nil) != (a.Status == 200) || strings.Contains(fmt.Sprint(a.Err), canary) {
			t.Errorf("reported %+v", a)
		}
		a.Took, a.Err = 0, nil
		if a.Status != 200 {
			a.Bytes = 0
		}
		if a != want[i] {
			t.Errorf("reported %+v, want %+v", a, want[i])
		}
	}
}

// A document that the handlers do not support stops the start. The error names the
// place.
func TestDocument_RefusesUnsupportedPaths(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		changes []string
		says    string
	}{
		"other names of parameters": {[]string{"vaultUuid", "vault"}, "must have the parameters [vaultUuid"},
		"a parameter in part": {[]string{"\n  /heartbeat:\n", `
  /reports/{report}.json:
    parameters: [{name: report, in: path, required: true, schema: {type: string}}]
    get: {operationId: GetReport, responses: {'204': {description: nothing}}}

  /heartbeat:
`}, `"{report}.json"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := mockserver.New(t.Context(), mockserver.Config{Document: changedDocument(t, test.changes...)})
			var configuration *mockserver.ConfigError
			if !errors.As(err, &configuration) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v", err)
			}
		})
	}
}
