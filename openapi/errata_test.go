package openapi

import (
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const header = "openapi: 3.0.2\ninfo: {title: t, version: v}\nservers: [{url: 'http://localhost:8080/v1'}]\n"

// withBody returns a document with one operation whose request has a schema.
func withBody(schemas string) string {
	return header + "paths: {/items: {post: {operationId: Post, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/FullItem'}}}}, responses: {'200': {description: d}}}}}\n" +
		"components: {schemas: {FullItem: {allOf: [{$ref: '#/components/schemas/Item'}, {type: object, properties: {fields: {type: array, items: {$ref: '#/components/schemas/Field'}}}}]}, " + schemas + "}}\n"
}

// withResponse returns a document with one operation whose response has a schema.
func withResponse(schemas, ref string) string {
	return header + "paths: {/a: {get: {operationId: Get, responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/" + ref + "'}}}}}}}}\n" +
		"components: {schemas: {" + schemas + "}}\n"
}

const (
	anyItem  = "Item: {type: object, properties: {}}"
	anyField = "Field: {type: object, properties: {}}"
)

// TestErrata_ChangeWhatTheyAreFor applies each erratum to a small document: what it allows is refused before and passes
// after, or the other way round.
func TestErrata_ChangeWhatTheyAreFor(t *testing.T) {
	t.Parallel()
	body := func(sent string) func(*Document) string {
		return func(d *Document) string {
			r := httptest.NewRequest("POST", "/", nil)
			r.Header.Set("Content-Type", "application/json")
			return text(d.Operation("Post").CheckBody(r, []byte(sent)))
		}
	}
	response := func(status int, text string) func(*Document) string {
		return func(d *Document) string {
			h := http.Header{"Content-Type": {"application/json"}}
			r := httptest.NewRequest("GET", "/", nil)
			if err := d.Operation("Get").CheckResponse(r, status, h, []byte(text)); err != nil {
				return err.Error()
			}
			return ""
		}
	}
	parameter := func(path, query string) func(*Document) string {
		return func(d *Document) string {
			return text(d.Operation("Get").CheckParameters(httptest.NewRequest("GET", "/?"+query, nil), map[string]string{"fileUuid": path}))
		}
	}
	member := func(names ...string) func(*Document) string {
		return func(d *Document) string {
			if property(d.OpenAPI, names...) == nil {
				return "not declared"
			}
			return ""
		}
	}
	const field = "Field: {type: object, required: [id, type], properties: {id: {type: string}, type: {type: string, enum: [STRING, TOTP]}}}"
	tests := []struct {
		erratum, document string
		check             func(*Document) string
		before, after     string
		places            []string
	}{
		{"path-ids", header + "paths: {'/files/{fileUuid}': {get: {operationId: Get, parameters: [{in: path, name: fileUuid, required: true, schema: {type: string, format: uuid}}], responses: {'200': {description: d}}}}}",
			parameter("foo", ""), "", "path: fileUuid must match ^[a-z0-9]{26}$", []string{"GET /files/{fileUuid} fileUuid"}},
		{"field-members-optional", withBody(anyItem + ", " + field), body(`{"fields":[{}]}`), "body: fields[0].id is required", "", []string{"Field"}},
		{"field-types-sent", withBody(anyItem + ", " + field), body(`{"fields":[{"id":"","type":"otp"}]}`), "body: fields[0].type must be one of STRING, TOTP", "", []string{"Field.type"}},
		{"patch-values", header + "paths: {/p: {post: {operationId: Post, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Patch'}}}}, responses: {'200': {description: d}}}}}\ncomponents: {schemas: {Patch: {type: array, items: {type: object, properties: {value: {type: object}}}}}}",
			body(`[{"value":true},{"value":null},{"value":"x"}]`), "body: [0].value must be an object", "", []string{"Patch[].value"}},
		{"ids-in-bodies", withBody("Item: {type: object, properties: {id: {type: string, pattern: '^[\\da-z]{26}$'}, vault: {type: object, properties: {id: {type: string, pattern: '^[\\da-z]{26}$'}}}}}, " + anyField),
			body(`{"id":"","vault":{"id":""}}`), `body: id must match ^[\da-z]{26}$`, "", []string{"Item.id", "Item.vault.id"}},
		{"item-members", withBody("Item: {type: object, required: [vault, category], properties: {vault: {type: object}, category: {type: string}, title: {type: string}}}, " + anyField),
			body(`{"category":"LOGIN","title":"t"}`), "body: vault is required", "", []string{"Item"}},
		{"patch-operations", header + "paths: {/p: {post: {operationId: Post, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Patch'}}}}, responses: {'200': {description: d}}}}}\ncomponents: {schemas: {Patch: {type: array, items: {type: object, properties: {op: {type: string, enum: [add, remove]}}}}}}",
			body(`[{"op":"add"},{"op":"REMOVE"}]`), "body: [1].op must be one of add, remove", "", []string{"Patch[].op"}},
		{"patch-operations", header + "paths: {/p: {post: {operationId: Post, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Patch'}}}}, responses: {'200': {description: d}}}}}\ncomponents: {schemas: {Patch: {type: array, items: {type: object, properties: {op: {type: string, enum: [add, remove]}}}}}}",
			body(`[{"op":"moved"}]`), "body: [0].op must be one of add, remove", "body: [0].op must be one of add, remove, in any case", []string{"Patch[].op"}},
		{"addresses", withBody("Item: {type: object, properties: {urls: {type: array, items: {type: object, required: [href], properties: {href: {type: string, format: url}}}}}}, " + anyField),
			body(`{"urls":[{"href":""},{}]}`), "body: urls[1].href is required", "", []string{"Item.urls[]", "Item.urls[].href"}},
		{"character-sets", withBody(anyItem + ", Field: {type: object, properties: {recipe: {$ref: '#/components/schemas/GeneratorRecipe'}}}, GeneratorRecipe: {type: object, properties: {characterSets: {type: array, minimum: 0, maximum: 3, items: {type: string}}}}"),
			body(`{"fields":[{"recipe":{"characterSets":["A","B","C","D"]}}]}`), "", "body: fields[0].recipe.characterSets must have at most 3 elements", []string{"GeneratorRecipe.characterSets"}},
		{"nulls", withBody("Item: {type: object, properties: {favorite: {type: boolean}}}, Field: {type: object, properties: {purpose: {type: string, enum: ['', NOTES]}, section: {type: object, properties: {id: {type: string}}}}}"),
			body(`{"favorite":null,"fields":[{"purpose":null,"section":{"id":null}}]}`), "body: favorite must not be null", "", []string{"Item", "FullItem", "Field"}},
		{"nulls", withBody("Item: {type: object, properties: {title: {type: string}}}, " + anyField),
			body(`{"title":null}`), "body: title must not be null", "", []string{"Item", "FullItem"}},
		{"bodies-required", strings.Replace(withBody(anyItem+", "+anyField), "required: true, ", "", 1), body(""), "", "the body must not be empty", []string{"POST /items"}},
		{"inline-content", header + "paths: {/f: {get: {operationId: Get, parameters: [{in: query, name: inline_files, schema: {type: boolean}}], responses: {'200': {description: d}}}}}",
			parameter("", "inline_content=x"), "", "query: inline_content must be true or false", []string{"GET /f"}},
		{"page-bounds", header + "paths: {/f: {get: {operationId: Get, parameters: [{in: query, name: limit, schema: {type: integer}}], responses: {'200': {description: d}}}}}",
			parameter("", "limit=-1"), "", "query: limit must be at least 0", []string{"GET /f"}},

		{"field-types-answered", withResponse(field, "Field"), response(200, `{"id":"a","type":"SSHKEY"}`), "Get responded with 200: body: type must be one of STRING, TOTP", "", []string{"Field.type"}},
		{"field-types-answered", withResponse(field, "Field"), response(200, `{"id":"a","type":"TOTP"}`), "",
			"Get responded with 200: body: type must be one of " + enumWords(fieldTypes()), []string{"Field.type"}},
		{"members-answered", withResponse("Item: {type: object, properties: {id: {type: string}, vault: {type: object, properties: {id: {type: string}}}}}", "Item"),
			member("Item", "vault", "name"), "not declared", "", []string{"Item.additionalInformation", "Item.vault.name"}},
		{"members-answered", withResponse("Field: {type: object, properties: {section: {type: object, properties: {id: {type: string}}}}}", "Field"),
			member("Field", "section", "label"), "not declared", "", []string{"Field.totp", "Field.section.label"}},
		{"actor-ids", withResponse("APIRequest: {type: object, properties: {actor: {type: object, properties: {id: {type: string, format: uuid}}}}}", "APIRequest"),
			func(d *Document) string { return property(d.OpenAPI, "APIRequest", "actor", "id").Format }, "uuid", "", []string{"APIRequest.actor.id"}},
		{"error-members", withResponse("ErrorResponse: {type: object, properties: {status: {type: integer}, message: {type: string}}}", "ErrorResponse"),
			response(200, `{}`), "", "Get responded with 200: body: status is required", []string{"ErrorResponse"}},
		{"statuses", withResponse("A: {type: object}", "A"), response(500, `{"status":500,"message":"m"}`), "Get responded with 500: the status is not documented", "", []string{"GET /a"}},
		{"statuses", withResponse("A: {type: object}", "A"), response(500, `{"status":500}`), "Get responded with 500: the status is not documented", "Get responded with 500: body: message is required", []string{"GET /a"}},
		{"statuses", withResponse("A: {type: object}", "A"), response(401, `{"status":401,"message":"m"}`), "Get responded with 401: the status is not documented", "Get responded with 401: the status is not documented", []string{"GET /a"}},
		{"version-header", withResponse("A: {type: object}", "A"), func(d *Document) string {
			if d.Operation("Get").response(200).Headers["1Password-Connect-Version"] == nil {
				return "not declared"
			}
			return ""
		}, "not declared", "", []string{"GET /a"}},
	}
	tested := map[string]bool{}
	for _, tt := range tests {
		tested[tt.erratum] = true
		t.Run(tt.erratum, func(t *testing.T) {
			t.Parallel()
			raw, err := parse([]byte(tt.document))
			if err != nil {
				t.Fatal(err)
			}
			before, err := compile(raw)
			if err != nil {
				t.Fatal(err)
			}
			if got := tt.check(before); got != tt.before {
				t.Errorf("before: %q, want %q", got, tt.before)
			}
			after := onlyErratum(t, tt.document, tt.erratum, tt.places)
			if got := tt.check(after); got != tt.after {
				t.Errorf("after: %q, want %q", got, tt.after)
			}
			if _, _, err := Load([]byte(tt.document)); err != nil {
				t.Errorf("Load: %v", err)
			}
		})
	}
	names := map[string]bool{}
	for _, e := range Errata() {
		if !tested[e.Name] {
			t.Errorf("erratum %s has no test", e.Name)
		}
		if names[e.Name] {
			t.Errorf("erratum %s is there twice", e.Name)
		}
		names[e.Name] = true
		if e.Why == "" || !strings.Contains(e.Evidence, "[") || e.Proof == "" ||
			(e.Side != "request" && e.Side != "response") {
			t.Errorf("erratum %s lacks something: %+v", e.Name, e)
		}
	}
}

func onlyErratum(t *testing.T, document, name string, places []string) *Document {
	t.Helper()
	raw, err := parse([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	splitRequests(raw)
	i := slices.IndexFunc(Errata(), func(e Erratum) bool { return e.Name == name })
	if d := cmp.Diff(places, Errata()[i].apply(raw)); d != "" {
		t.Errorf("places: %s", d)
	}
	if again := Errata()[i].apply(raw); len(again) > 0 {
		t.Errorf("applied a second time: %v", again)
	}
	doc, err := compile(raw)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestErrata_DoNotApplyToOurDocument(t *testing.T) {
	t.Parallel()
	doc, applied, err := Load(ConnectYAML())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range applied {
		t.Errorf("%s in %v", e.Name, e.Places)
	}
	for _, d := range Diff(connectForTest(t), doc) {
		t.Error(d)
	}
}

func TestLoad_SeparatesRequestsFromResponses(t *testing.T) {
	t.Parallel()
	doc, _, err := Load([]byte(header + `
paths:
  /items:
    post:
      operationId: Post
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}}
components:
  schemas:
    Item: {type: object, properties: {favorite: {type: boolean}, parent: {$ref: '#/components/schemas/Item'}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	op := doc.Operation("Post")
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Content-Type", "application/json")
	const body = `{"title":"t","parent":{"title":"t","favorite":null}}`
	if v := op.CheckBody(r, []byte(body)); v != nil {
		t.Error(v)
	}
	err = op.CheckResponse(r, 200, r.Header, []byte(body))
	if err == nil || err.Error() != "Post responded with 200: body: parent.favorite must not be null" {
		t.Errorf("response: %v", err)
	}
}

// publishedSpec returns the document that 1Password publishes. Without a copy it skips the test.
func publishedSpec(t *testing.T) []byte {
	t.Helper()
	name := os.Getenv("CONNECTMOCK_PUBLISHED_SPEC")
	if name == "" {
		t.Skip("CONNECTMOCK_PUBLISHED_SPEC names no file: the published document is not part of this repository")
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestLoad_MakesThePublishedDocumentUsable(t *testing.T) {
	t.Parallel()
	doc, applied, err := Load(publishedSpec(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(applied) != len(Errata()) {
		t.Errorf("%d errata apply of %d", len(applied), len(Errata()))
	}
	for _, c := range capturedRequests(t) {
		r := httptest.NewRequest(c.Method, c.Target, nil)
		r.Header.Set("Content-Type", c.ContentType)
		op, params := doc.Match(r.Method, r.URL.Path)
		if op == nil {
			t.Errorf("%s %s is no operation", c.Method, c.Target)
			continue
		}
		if v := op.CheckParameters(r, params); v != nil {
			t.Errorf("%s %s: %v", c.Method, c.Target, v)
		}
		if v := op.CheckBody(r, []byte(c.Body)); v != nil {
			t.Errorf("%s %s: %v", c.Method, c.Target, v)
		}
	}
	for _, ours := range connectForTest(t).Operations {
		theirs := doc.Operation(ours.ID)
		if theirs == nil || theirs.Path != ours.Path {
			t.Errorf("%s is not there, or elsewhere", ours.ID)
			continue
		}
		for status, ref := range ours.spec.Responses.Map() {
			for kind, media := range ref.Value.Content {
				code, _ := strconv.Atoi(status)
				if ours.ID == "GetApiActivity" && code == 403 {
					continue // lists have no 403 in published documents
				}
				body := exampleBody(t, kind, media.Example)
				r := httptest.NewRequest(ours.Method, "/", nil)
				if err := theirs.CheckResponse(r, code, exampleHeader(ref.Value, kind), body); err != nil {
					t.Error(err)
				}
			}
		}
	}
}
