package openapi

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

// wireTypes returns the type of package connect for each schema. The types of members are compared with them.
func wireTypes() map[string]any {
	return map[string]any{
		"ErrorResponse":   connect.Error{},
		"VaultResponse":   connect.Vault{},
		"ItemResponse":    connect.Item{},
		"SummaryResponse": connect.Summary{},
		"FieldResponse":   connect.Field{},
		"SectionResponse": connect.Section{},

		"PasswordDetailsResponse": connect.PasswordDetails{},
		"URLResponse":             connect.URL{},
		"VaultRefResponse":        connect.VaultRef{},
		"FileResponse":            connect.File{},
		"ActivityResponse":        connect.Activity{},
		"ActorResponse":           connect.Actor{},
		"ResourceResponse":        connect.Resource{},
		"RefResponse":             connect.Ref{},
		"HealthResponse":          connect.Health{},
		"DependencyResponse":      connect.Dependency{},
	}
}

func TestWireTypes_AreTheSchemasOfResponses(t *testing.T) {
	t.Parallel()
	schemas := connectForTest(t).OpenAPI.Components.Schemas
	types := wireTypes()
	for name, schema := range schemas {
		if strings.HasSuffix(name, "Response") && types[name] == nil {
			t.Errorf("schema %s has no type", name)
		}
		if strings.HasSuffix(name, "Response") &&
			(schema.Value.AdditionalProperties.Has == nil || *schema.Value.AdditionalProperties.Has) {
			t.Errorf("schema %s is not closed", name)
		}
	}
	for name, value := range types {
		if schemas[name] == nil {
			t.Errorf("type %T has no schema %s", value, name)
			continue
		}
		sameObject(t, name, schemas[name].Value, reflect.TypeOf(value), true)
	}
}

// TestRequestTypes_AreInTheSchemas compares in one direction only: the schemas also have members that clients send and
// servers ignore.
func TestRequestTypes_AreInTheSchemas(t *testing.T) {
	t.Parallel()
	schemas := connectForTest(t).OpenAPI.Components.Schemas
	for name, value := range map[string]any{
		"ItemRequest": connect.ItemInput{}, "FieldRequest": connect.FieldInput{},
		"RecipeRequest": connect.Recipe{}, "URLRequest": connect.URL{}, "SectionRequest": connect.Section{},
	} {
		sameObject(t, name, schemas[name].Value, reflect.TypeOf(value), false)
	}
	sameObject(t, "PatchRequest", schemas["PatchRequest"].Value.Items.Value,
		reflect.TypeOf(connect.PatchOperation{}), false)
}

func sameObject(t *testing.T, where string, s *openapi3.Schema, typ reflect.Type, exact bool) {
	t.Helper()
	required := map[string]bool{}
	for _, name := range s.Required {
		required[name] = true
	}
	members := map[string]bool{}
	for i := range typ.NumField() {
		name, options, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		members[name] = true
		p := s.Properties[name]
		if p == nil {
			t.Errorf("%s: the type has %s, the schema has not", where, name)
			continue
		}
		if name == "title" {
			// Ours is always sent, since clients index it without looking; whether a real server sends an empty one is
			// not known [G].
			required[name] = true
		}
		if exact && required[name] == (options == "omitempty") {
			t.Errorf("%s.%s: required in the schema is %v, but the tag says %q", where, name, required[name], options)
		}
		sameValue(t, where+"."+name, p.Value, typ.Field(i).Type, exact)
	}
	for name := range s.Properties {
		if exact && !members[name] {
			t.Errorf("%s: the schema has %s, the type has not", where, name)
		}
	}
}

func sameValue(t *testing.T, where string, s *openapi3.Schema, typ reflect.Type, exact bool) {
	t.Helper()
	want := ""
	switch {
	case typ == reflect.TypeFor[connect.Time]():
		want = "string date-time"
	case typ == reflect.TypeFor[[]byte]():
		want = "string byte"
	case typ == reflect.TypeFor[json.RawMessage]():
		want = " " // anything
	case typ.Kind() == reflect.Pointer:
		sameValue(t, where, s, typ.Elem(), exact)
		return
	case typ.Kind() == reflect.Struct:
		want = "object "
		sameObject(t, where, s, typ, exact)
	case typ.Kind() == reflect.Slice:
		want = "array "
		if s.Items == nil {
			t.Errorf("%s: the schema is no list", where)
			return
		}
		sameValue(t, where+"[]", s.Items.Value, typ.Elem(), exact)
	case typ.Kind() == reflect.Int64:
		want = "integer int64"
	case typ.Kind() == reflect.Int:
		want = "integer "
	case typ.Kind() == reflect.Float64:
		want = "number "
	case typ.Kind() == reflect.Bool:
		want = "boolean "
	case typ.Kind() == reflect.String:
		want = "string "
	}
	got := " "
	if s.Type != nil {
		got = strings.Join(s.Type.Slice(), "|") + " " + s.Format
	}
	if got != want {
		t.Errorf("%s: the schema is %q, the type %q", where, got, want)
	}
}

func TestConnect_HasTheEnumsOfTheTables(t *testing.T) {
	t.Parallel()
	for at, want := range map[string][]string{
		"VaultResponse.type":               connect.VaultTypes(),
		"FieldResponse.purpose":            connect.Purposes(),
		"FieldResponse.type":               connect.FieldTypes(),
		"PasswordDetailsResponse.strength": connect.PasswordStrengths(),
		"ActivityResponse.action":          connect.Actions(),
		"ActivityResponse.result":          {connect.ResultDeny, connect.ResultSuccess},
		"ResourceResponse.type":            {connect.ResourceItem, connect.ResourceVault},
		"ItemResponse.category":            connect.Categories(),
		"RecipeRequest.characterSets.[]":   connect.CharacterSets(),
	} {
		s := property(connectForTest(t).OpenAPI, strings.Split(at, ".")...)
		if s == nil {
			t.Errorf("%s: not in the document", at)
			continue
		}
		var got []string
		for _, word := range s.Enum {
			got = append(got, fmt.Sprint(word))
		}
		slices.Sort(got)
		slices.Sort(want)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-table +document):\n%s", at, d)
		}
	}
}

// TestErrorExamples_AreTextsOfConnect compares the examples of errors with the texts of package connect.
func TestErrorExamples_AreTextsOfConnect(t *testing.T) {
	t.Parallel()
	const vault, item, file = "connectmockdemovault000001", "connectmockdemoitem0000001", "connectmockdemofile0000001"
	texts := map[string]*connect.Error{
		"BadPage":      connect.InvalidParameter("limit", "must be an integer"),
		"BadFilter":    connect.InvalidFilter("the text ends inside a string"),
		"BadVaultId":   connect.InvalidVaultUUID(),
		"BadItemId":    connect.InvalidItemUUID(),
		"BadFileId":    connect.InvalidFileUUID(),
		"BadItem":      connect.InvalidCategory(),
		"BadUpdate":    connect.NoSuchField("hostname"),
		"BadToken":     connect.InvalidToken(),
		"Denied":       connect.VaultDenied(vault),
		"NoVault":      connect.VaultNotFound(vault),
		"NoItem":       connect.ItemNotFound(item),
		"NoFile":       connect.FileNotFound(file),
		"BadPurpose":   connect.PurposeNotAcceptable("DATABASE", "PASSWORD"),
		"BodyTooLarge": connect.BodyTooLarge(16 << 20),
		"FileTooLarge": connect.FileTooLarge(),
		"Failure":      connect.SomethingWentWrong(),
	}
	responses := connectForTest(t).OpenAPI.Components.Responses
	for name, ref := range responses {
		want, ok := texts[name]
		if !ok {
			t.Errorf("response %s has no text", name)
			continue
		}
		data, err := json.Marshal(ref.Value.Content["application/json"].Example)
		if err != nil {
			t.Fatal(err)
		}
		var got connect.Error
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		if want.Evidence == "" || !strings.Contains("RTDCWG", want.Evidence[:1]) {
			t.Errorf("%s: evidence %q", name, want.Evidence)
		}
		got.Evidence = want.Evidence
		if got != *want {
			t.Errorf("%s: example %+v, text %+v", name, got, *want)
		}
	}
	if len(responses) != len(texts) {
		t.Errorf("%d responses, %d texts", len(responses), len(texts))
	}
}
