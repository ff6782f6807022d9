package synth

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/connectmock/connectmock/openapi"
)

var update = flag.Bool("update", false, "write golden files anew")

func load(t interface {
	Helper()
	Fatalf(string, ...any)
}, responses, schemas string) *openapi.Operation {
	t.Helper()
	doc, _, err := openapi.Load([]byte("openapi: 3.0.3\ninfo: {title: t, version: v}\npaths: {/a: {get: {operationId: Get, responses: " + responses + "}}}\ncomponents: {schemas: {" + schemas + "}}\n"))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return doc.Operation("Get")
}

func loadSchema(t *testing.T, schema, schemas string) *openapi.Operation {
	t.Helper()
	return load(t, "{'200': {description: d, content: {application/json: {schema: "+schema+"}}}}", schemas)
}

// checkResponse compares a response with the document, headers included.
func checkResponse(op *openapi.Operation, seed uint64, status int, kind string, body []byte) error {
	h := Headers(op, status, seed)
	if kind != "" {
		h.Set("Content-Type", kind)
	}
	return op.CheckResponse(httptest.NewRequest(op.Method, "/", nil), status, h, body)
}

func TestResponse_FitsEveryOperationOfConnect(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Connect()
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range doc.Operations {
		for seed := range uint64(20) {
			status, kind, body, err := Response(op, seed)
			if err == nil {
				err = checkResponse(op, seed, status, kind, body)
			}
			if err != nil {
				t.Errorf("seed %d: %v\n%s", seed, err, body)
				break
			}
		}
	}
}

func TestResponse_FitsItsSchema(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, schema, schemas string }{
		{"anything", "{}", ""},
		{"recursion", "{$ref: '#/components/schemas/Node'}", "Node: {type: object, required: [children], properties: {children: {type: array, items: {$ref: '#/components/schemas/Node'}}, next: {$ref: '#/components/schemas/Node'}}}"},
		{"allOf", "{allOf: [{$ref: '#/components/schemas/A'}, {type: object, required: [b], properties: {b: {type: integer, minimum: 5, maximum: 5}}}]}", "A: {type: object, required: [a], properties: {a: {type: string, format: email}}}"},
		{"allOf of a text", "{type: object, required: [a], properties: {a: {allOf: [{$ref: '#/components/schemas/A'}], nullable: true}}}", "A: {type: string, pattern: '^x[0-9]{3}$'}"},
		{"oneOf", "{type: array, minItems: 5, items: {oneOf: [{type: string, maxLength: 3}, {type: integer}, {type: boolean}]}}", ""},
		{"discriminator", "{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind, mapping: {purring: '#/components/schemas/Cat', barking: '#/components/schemas/Dog'}}}",
			"Cat: {type: object, required: [kind, lives], additionalProperties: false, properties: {kind: {type: string}, lives: {type: integer}}}, Dog: {type: object, required: [kind, loud], additionalProperties: false, properties: {kind: {type: string}, loud: {type: boolean}}}"},
		{"anyOf", "{anyOf: [{type: object, required: [a], properties: {a: {type: number}}}, {type: string}]}", ""},
		{"not", "{type: integer, minimum: 0, maximum: 3, not: {enum: [0, 1, 2]}}", ""},
		{"numbers", "{type: object, required: [a, b, c, d], properties: {a: {type: number, minimum: 0, exclusiveMinimum: true, maximum: 1}, b: {type: number, multipleOf: 0.25}, c: {type: integer, maximum: -7, multipleOf: 7}, d: {type: integer, format: int32, minimum: 2147483000}}}", ""},
		{"exclusive bounds", "{type: integer, minimum: 1, exclusiveMinimum: true, maximum: 3, exclusiveMaximum: true}", ""},
		{"formats", "{type: array, minItems: 9, items: {anyOf: [{type: string, format: date-time}, {type: string, format: date}, {type: string, format: uuid}, {type: string, format: byte}, {type: string, format: uri}, {type: string, format: ipv4}, {type: string, format: ipv6}, {type: string, format: hostname}, {type: string, format: password, minLength: 30}]}}", ""},
		{"format and pattern", "{type: string, format: date-time, pattern: 'Z$'}", ""},
		{"lengths", "{type: string, minLength: 40, maxLength: 41}", ""},
		{"unique", "{type: array, minItems: 3, maxItems: 3, uniqueItems: true, items: {type: string, enum: [a, b, c]}}", ""},
		{"map", "{type: object, minProperties: 3, additionalProperties: {type: integer}}", ""},
		{"required without a property", "{type: object, required: [a], additionalProperties: {type: boolean}}", ""},
		{"writeOnly", "{type: object, required: [secret, a], properties: {secret: {type: string, writeOnly: true}, a: {type: string, readOnly: true}}}", ""},
		{"enum with null", "{type: string, nullable: true, enum: [null, a]}", ""},
		{"closed and empty", "{type: object, additionalProperties: false}", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			op := loadSchema(t, tt.schema, tt.schemas)
			bodies := map[string]bool{}
			for seed := range uint64(100) {
				status, kind, body, err := Response(op, seed)
				if err == nil {
					err = checkResponse(op, seed, status, kind, body)
				}
				if err != nil {
					t.Fatalf("seed %d: %v\n%s", seed, err, body)
				}
				_, _, again, _ := Response(op, seed)
				if string(again) != string(body) {
					t.Fatalf("seed %d gives %s and %s", seed, body, again)
				}
				bodies[string(body)] = true
			}
			switch tt.name {
			case "not", "exclusive bounds", "enum with null", "closed and empty":
			default:
				if len(bodies) < 2 {
					t.Error("every seed gives the same")
				}
			}
		})
	}
}

func TestResponse_ChoosesStatusAndMediaType(t *testing.T) {
	t.Parallel()
	const content = "content: {application/json: {schema: {type: integer}}}"
	tests := []struct {
		name, responses string
		status          int
		kind            string
		fails           string
	}{
		{"no body", "{'204': {description: d}}", 204, "", ""},
		{"lowest success", "{'500': {description: d}, '202': {description: d}, '201': {description: d, " + content + "}}", 201, "application/json", ""},
		{"range", "{'2XX': {description: d, " + content + "}}", 200, "application/json", ""},
		{"default", "{default: {description: d, " + content + "}}", 200, "application/json", ""},
		{"JSON before others", "{'200': {description: d, content: {application/a: {}, application/x+json: {schema: {type: boolean}}, text/plain: {}}}}", 200, "application/x+json", ""},
		{"text", "{'200': {description: d, content: {text/*: {schema: {type: string, enum: [x]}}}}}", 200, "text/plain", ""},
		{"without a schema", "{'200': {description: d, content: {text/plain: {}}}}", 200, "text/plain", ""},
		{"only errors", "{'404': {description: d}}", 0, "", "generate a response to Get: no success is documented"},
		{"no JSON", "{'200': {description: d, content: {application/xml: {schema: {type: object}}}}}", 0, "", "generate a response to Get: only JSON can be generated, not application/xml"},
		{"nothing fits", "{'200': {description: d, content: {application/json: {schema: {type: integer, minimum: 2, maximum: 1}}}}}", 0, "", "generate a response to Get: no generated value fits the schema of its response 200"},
		{"endless", "{'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Endless'}}}}}", 0, "", "generate a response to Get: no generated value fits the schema of its response 200"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			op := load(t, tt.responses, "Endless: {type: object, required: [next], properties: {next: {$ref: '#/components/schemas/Endless'}}}")
			status, kind, _, err := Response(op, 1)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if status != tt.status || kind != tt.kind || got != tt.fails {
				t.Errorf("%d %q %q", status, kind, got)
			}
		})
	}
}

func TestHeaders_HasTheRequiredOnes(t *testing.T) {
	t.Parallel()
	op := load(t, `{'200': {description: d, headers: {
		X-Count: {required: true, schema: {type: integer, minimum: 3, maximum: 3}},
		X-Kind: {required: true, schema: {type: string, pattern: '^k[0-9]$'}},
		X-Maybe: {schema: {type: string}}}}}`, "")
	h := Headers(op, 200, 1)
	if h.Get("X-Count") != "3" || len(h.Get("X-Kind")) != 2 || len(h) != 2 {
		t.Errorf("%v", h)
	}
	if h := Headers(op, 404, 1); len(h) != 0 {
		t.Errorf("%v", h)
	}
}

func TestResponse_DiffersBetweenOperations(t *testing.T) {
	t.Parallel()
	doc, _, err := openapi.Load([]byte("openapi: 3.0.3\ninfo: {title: t, version: v}\npaths: {/a: {get: &get {responses: {'200': {description: d, content: {application/json: {schema: {type: string, minLength: 60}}}}}}}, /b: {get: *get}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, _, a, _ := Response(doc.Operations[0], 1)
	_, _, b, _ := Response(doc.Operations[1], 1)
	if string(a) == string(b) {
		t.Errorf("both return %s", a)
	}
}

// The golden file shows when another release of the faker changes what a seed means.
func TestResponse_IsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	op := loadSchema(t, "{type: array, items: {$ref: '#/components/schemas/Category'}}", `Category: {type: object, required: [id, name, createdAt], properties: {
		id: {type: string, pattern: '^[a-z0-9]{26}$'}, name: {type: string}, description: {type: string}, createdAt: {type: string, format: date-time},
		contactEmail: {type: string}, homeUrl: {type: string}, items: {type: integer, minimum: 0}, share: {type: number}, hidden: {type: boolean}}}`)
	_, _, body, err := Response(op, 7)
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/response.json"
	if *update {
		if err := os.WriteFile(golden, append(body, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(body)+"\n" {
		t.Errorf("got  %s\nwant %s", body, want)
	}
}

// For a random schema the response is valid, or there is none.
func TestResponse_IsValidForEverySchema(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		schema, err := json.Marshal(drawSchema(t, 3))
		if err != nil {
			t.Fatalf("%v", err)
		}
		op := load(t, fmt.Sprintf("{'200': {description: d, content: {application/json: {schema: %s}}}}", schema), "")
		seed := rapid.Uint64().Draw(t, "seed")
		status, kind, body, err := Response(op, seed)
		if err != nil {
			if !strings.Contains(err.Error(), "no generated value fits") {
				t.Fatalf("%v", err)
			}
			return
		}
		if status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		if err := checkResponse(op, seed, status, kind, body); err != nil {
			t.Fatalf("%v\n%s\n%s", err, schema, body)
		}
	})
}

func drawSchema(t *rapid.T, depth int) map[string]any {
	kinds := []string{"string", "integer", "number", "boolean", "enum"}
	if depth > 0 {
		kinds = append(kinds, "object", "array", "allOf", "oneOf", "anyOf")
	}
	small := rapid.IntRange(0, 6)
	switch kind := rapid.SampledFrom(kinds).Draw(t, "kind"); kind {
	case "string":
		s := map[string]any{"type": kind, "minLength": small.Draw(t, "min")}
		if rapid.Bool().Draw(t, "pattern") {
			s["pattern"] = rapid.SampledFrom([]string{"^[a-c]+$", "^(x|yy){2}$", "[0-9]", "Z$", ".*"}).Draw(t, "expr")
		}
		return s
	case "integer", "number":
		low := rapid.IntRange(-50, 50).Draw(t, "low")
		return map[string]any{"type": kind, "minimum": low, "maximum": low + small.Draw(t, "span"), "exclusiveMinimum": rapid.Bool().Draw(t, "exclusive")}
	case "enum":
		return map[string]any{"enum": []any{"a", 1, true}}
	case "object":
		s := map[string]any{"type": kind, "additionalProperties": rapid.Bool().Draw(t, "open")}
		properties := map[string]any{}
		for _, name := range []string{"id", "name", "x"}[:rapid.IntRange(0, 3).Draw(t, "members")] {
			properties[name] = drawSchema(t, depth-1)
		}
		s["properties"] = properties
		if len(properties) > 0 && rapid.Bool().Draw(t, "required") {
			s["required"] = []string{"id"}
		}
		return s
	case "array":
		return map[string]any{"type": kind, "minItems": small.Draw(t, "least"), "uniqueItems": rapid.Bool().Draw(t, "unique"), "items": drawSchema(t, depth-1)}
	case "allOf", "oneOf", "anyOf":
		return map[string]any{kind: []any{drawSchema(t, depth-1), drawSchema(t, depth-1)}}
	default:
		return map[string]any{"type": kind}
	}
}
