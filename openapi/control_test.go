package openapi

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func controlForTest(t testing.TB) *Document {
	t.Helper()
	doc, err := Control()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestControl_IsValid checks the examples as well.
func TestControl_IsValid(t *testing.T) {
	t.Parallel()
	doc, err := parse(ControlYAML())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// TestControl_HasExamplesAndCommonStatuses checks that each response has an example, and each operation the statuses
// that all can have.
func TestControl_HasExamplesAndCommonStatuses(t *testing.T) {
	t.Parallel()
	for _, op := range controlForTest(t).Operations {
		if !op.Secured || op.Tag == "" || op.spec.Summary == "" {
			t.Errorf("%s needs a token, a tag and a summary", op.ID)
		}
		want := []string{"400", "401", "403", "500"}
		if op.spec.RequestBody != nil {
			want = append(want, "415")
		}
		responses := op.spec.Responses.Map()
		for _, status := range want {
			if responses[status] == nil {
				t.Errorf("%s has no response %s", op.ID, status)
			}
		}
		for status, response := range responses {
			for _, header := range []string{controlapi.Header, "Cache-Control"} {
				if response.Value.Headers[header] == nil {
					t.Errorf("%s %s has no header %s", op.ID, status, header)
				}
			}
			for kind, media := range response.Value.Content {
				if kind == "application/json" && media.Example == nil {
					t.Errorf("%s %s has no example", op.ID, status)
				}
			}
		}
	}
}

// TestControl_HasTheOperationsOfTheClient compares the operations with the methods of the client.
func TestControl_HasTheOperationsOfTheClient(t *testing.T) {
	t.Parallel()
	var methods, operations []string
	client := reflect.TypeFor[*controlapi.Client]()
	for i := range client.NumMethod() {
		methods = append(methods, client.Method(i).Name)
	}
	for _, op := range controlForTest(t).Operations {
		operations = append(operations, op.ID)
	}
	slices.Sort(operations)
	if d := cmp.Diff(operations, methods); d != "" {
		t.Error("operations and methods differ:\n" + d)
	}
}

// controlDocuments returns the types of package controlapi that have a schema of their name.
func controlDocuments() []any {
	return []any{
		controlapi.Error{}, controlapi.Overview{}, controlapi.Account{}, controlapi.NewAccount{}, controlapi.Reset{},
		controlapi.LoadResult{}, controlapi.Snapshot{}, controlapi.NewSnapshot{}, controlapi.Diff{}, controlapi.Change{},
		controlapi.Token{}, controlapi.TokenChange{}, controlapi.Clock{}, controlapi.ClockChange{}, controlapi.Fault{},
		controlapi.Delay{}, controlapi.Uniform{}, controlapi.LogNormal{}, controlapi.Abort{}, controlapi.Drip{},
		controlapi.Preset{}, controlapi.Entry{}, controlapi.Journal{}, controlapi.Verification{}, controlapi.Expectation{},
		controlapi.VerifyResult{}, controlapi.Explanation{}, controlapi.Exchange{}, controlapi.Message{}, controlapi.JournalUpdate{}, controlapi.Vault{},
		controlapi.VaultRef{}, controlapi.ItemList{}, controlapi.ItemSummary{}, controlapi.Item{}, controlapi.ItemDocument{},
		controlapi.ItemURL{}, controlapi.ItemField{}, controlapi.ItemFile{},
	}
}

// TestControl_SchemasAreTheGoTypes holds every member of the Go documents to a property of the schema of that name, and
// the other way round.
func TestControl_SchemasAreTheGoTypes(t *testing.T) {
	t.Parallel()
	schemas := controlForTest(t).OpenAPI.Components.Schemas
	types := map[string]reflect.Type{}
	for _, document := range controlDocuments() {
		types[reflect.TypeOf(document).Name()] = reflect.TypeOf(document)
	}
	for name, schema := range schemas {
		if schema.Value.Type.Is("object") && types[name] == nil {
			t.Errorf("schema %s has no type", name)
		}
		if closed := schema.Value.AdditionalProperties.Has; schema.Value.Type.Is("object") && (closed == nil || *closed) {
			t.Errorf("schema %s is not closed", name)
		}
	}
	for name, typ := range types {
		if schemas[name] == nil {
			t.Errorf("type %s has no schema", name)
			continue
		}
		sameMembers(t, name, schemas[name].Value, typ)
	}
}

func sameMembers(t *testing.T, where string, s *openapi3.Schema, typ reflect.Type) {
	t.Helper()
	members := map[string]bool{}
	for i := range typ.NumField() {
		name, options, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		members[name] = true
		p := s.Properties[name]
		if p == nil {
			t.Errorf("%s: the type has %s, the schema has not", where, name)
			continue
		}
		if required := slices.Contains(s.Required, name); required == (options != "") && where+"."+name != "Delay.fixed" {
			t.Errorf("%s.%s: required in the schema is %v, but the tag says %q", where, name, required, options)
		}
		if want, got := kindOf(typ.Field(i).Type), schemaKind(p); want != got {
			t.Errorf("%s.%s: the schema is %q, the type %q", where, name, got, want)
		}
	}
	for name := range s.Properties {
		if !members[name] {
			t.Errorf("%s: the schema has %s, the type has not", where, name)
		}
	}
}

// kindOf returns the kind of a Go type, in the words of schemaKind.
func kindOf(typ reflect.Type) string {
	switch {
	case typ == reflect.TypeFor[controlapi.Duration]():
		return "Duration"
	case typ == reflect.TypeFor[time.Time]():
		return "date-time"
	}
	switch typ.Kind() {
	case reflect.Pointer:
		return kindOf(typ.Elem())
	case reflect.Slice:
		return "[]" + kindOf(typ.Elem())
	case reflect.Map:
		return "map " + kindOf(typ.Elem())
	case reflect.Struct:
		return typ.Name()
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "integer"
	case reflect.Float64:
		return "number"
	case reflect.Bool:
		return "boolean"
	case reflect.Interface:
		return "any"
	default:
		return typ.Kind().String()
	}
}

// schemaKind returns the name of a schema of the document, or its type. Of two alternatives it ignores the first, the
// short form.
func schemaKind(ref *openapi3.SchemaRef) string {
	s := ref.Value
	switch {
	case s.Type == nil && s.AllOf == nil && s.OneOf == nil:
		return "any"
	case len(s.AllOf) == 1:
		return schemaKind(s.AllOf[0])
	case len(s.OneOf) == 2:
		return schemaKind(s.OneOf[1])
	case s.Format == "date-time":
		return s.Format
	case s.Type.Is("array"):
		return "[]" + schemaKind(s.Items)
	case s.AdditionalProperties.Schema != nil:
		return "map " + schemaKind(s.AdditionalProperties.Schema)
	case s.Type.Is("object") || strings.HasSuffix(ref.Ref, "/Duration"):
		return componentName(ref.Ref)
	}
	return s.Type.Slice()[0]
}

// TestControl_JournalParametersAreJournalQuery compares the parameters with the Go type.
func TestControl_JournalParametersAreJournalQuery(t *testing.T) {
	t.Parallel()
	var parameters, members []string
	for _, p := range controlForTest(t).Operation("Journal").others {
		parameters = append(parameters, p.spec.Name)
	}
	typ := reflect.TypeFor[controlapi.JournalQuery]()
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		members = append(members, name)
	}
	slices.Sort(parameters)
	slices.Sort(members)
	if d := cmp.Diff(parameters, members); d != "" {
		t.Error(d)
	}
}

func TestControl_ChecksBodies(t *testing.T) {
	t.Parallel()
	tests := []struct{ operation, body, want string }{
		{"Reset", `{}`, ""},
		{"Reset", `{"acount": "a"}`, "body: acount is not documented; documented: account"},
		{"Reset", `{"Account": "a"}`, "body: Account is not documented; documented: account"},
		{"Reset", `{"a\u0000": "a"}`, "the body is not documented; documented: account"},
		{"Reset", `{"` + strings.Repeat("a", 65) + `": 1}`, "the body is not documented; documented: account"},
		{"SaveSnapshot", `{}`, "body: name is required"},
		{"SaveSnapshot", `{"name": "a/b"}`, "body: name must be a name of up to 100 characters without slashes"},
		{"IssueToken", `{"name": "n", "vaults": {"Name": "read", "value": "write"}}`, ""},
		{"IssueToken", `{"name": "n", "vaults": {"Private": "rea"}}`, "body: vaults.Private must be one of read, write, read-write"},
		{"IssueToken", `{"name": "n", "id": "sent back", "state": "active", "value": "v"}`, ""},
		{"IssueToken", `{"name": "n", "expiresIn": "soon"}`, "body: expiresIn must be a duration such as 1m30s"},
		{"IssueToken", `{"name": "n", "expiresIn": 60}`, "body: expiresIn must be a string"},
		{"SetClock", `{"advance": "-1h2.5s"}`, ""},
		{"AddFault", `{"delay": "200ms", "abort": 503}`, ""},
		{"AddFault", `{"delay": {"fixed": "200ms"}, "abort": {"status": 503}, "headers": {"Connection": "close"}}`, ""},
		{"AddFault", `{"delay": {"fix": "200ms"}}`, "body: delay.fix is not documented; documented: fixed, logNormal, uniform"},
		{"AddFault", `{"delay": {"uniform": {"min": "1s"}}}`, "body: delay.uniform.max is required"},
		{"AddFault", `{"delay": "soon"}`, "body: delay must be a duration such as 1m30s"},
		{"AddFault", `{"delay": 200}`, "body: delay must match one of the documented alternatives"},
		{"AddFault", `{"abort": 42}`, "body: abort must be at least 200"},
		{"AddFault", `{"abort": {"status": "503"}}`, "body: abort.status must be an integer"},
		{"AddFault", `{"percentage": 101}`, "body: percentage must be at most 100"},
		{"AddFault", `{"matched": 4, "struck": 3, "nth": 1}`, ""},
		{"VerifyJournal", `{"expect": [{"count": 1}, {"min": -1}]}`, "body: expect[1].min must be at least 0"},
		{"VerifyJournal", `{"only": true}`, ""},
	}
	for _, tt := range tests {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header.Set("Content-Type", "application/json")
		got := ""
		if v := controlForTest(t).Operation(tt.operation).CheckBody(r, []byte(tt.body)); v != nil {
			got = v.Error()
		}
		if got != tt.want {
			t.Errorf("%s %s:\n got %s\nwant %s", tt.operation, tt.body, got, tt.want)
		}
	}
}

// TestControl_AcceptsEncodedGoTypes encodes values with all members set.
func TestControl_AcceptsEncodedGoTypes(t *testing.T) {
	t.Parallel()
	schemas := controlForTest(t).OpenAPI.Components.Schemas
	for _, document := range controlDocuments() {
		for _, n := range []int{0, 1} {
			value := reflect.New(reflect.TypeOf(document)).Elem()
			if n > 0 {
				fill(value, "")
			}
			data, err := json.Marshal(value.Interface())
			if err != nil {
				t.Fatal(err)
			}
			var decoded any
			if err := json.Unmarshal(data, &decoded); err != nil {
				t.Fatal(err)
			}
			name := value.Type().Name()
			err = schemas[name].Value.VisitJSON(decoded)
			if filled := n > 0 && name != "Delay" && name != "Fault" && name != "Preset"; filled && err != nil {
				t.Errorf("%s %s: %v", name, data, err)
			}
			again := reflect.New(reflect.TypeOf(document))
			if err := json.Unmarshal(data, again.Interface()); err != nil {
				t.Errorf("%s: %v", data, err)
			} else if d := cmp.Diff(value.Interface(), again.Elem().Interface()); d != "" {
				t.Errorf("%s: %s", data, d)
			}
		}
	}
}

// fill sets each member to a valid value.
func fill(v reflect.Value, name string) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2025, 6, 1, 9, 30, 0, 12345, time.UTC)))
		return
	case v.Type() == reflect.TypeFor[controlapi.Duration]():
		v.SetInt(int64(90*time.Second + 1))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			fill(v.Field(i), v.Type().Name()+"."+name)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("Private"), reflect.ValueOf("read"))
	case reflect.Int, reflect.Int64:
		v.SetInt(418)
	case reflect.Uint64:
		v.SetUint(418)
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString(validText(name))
	default:
		panic("no value for a member of kind " + name + " " + strconv.Itoa(int(v.Kind())))
	}
}

func validText(name string) string {
	switch name {
	case "Account.id", "LoadResult.account", "Snapshot.account":
		return "CONNECTMOCKDEMOACCOUNT0001"
	case "Token.permission", "TokenChange.permission":
		return "read"
	case "Token.state":
		return "not yet valid"
	case "Change.kind":
		return "item"
	case "Change.change":
		return "changed"
	case "Explanation.check":
		return "route"
	}
	return "word"
}
