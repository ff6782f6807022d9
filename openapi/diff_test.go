package openapi

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func compileText(t *testing.T, text string) *Document {
	t.Helper()
	raw, err := parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := compile(raw)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestDiff_ReportsRoutesParametersAndMembers(t *testing.T) {
	t.Parallel()
	ours := compileText(t, header+`
paths:
  /a:
    get: &get
      operationId: GetA
      parameters: [{in: query, name: limit, schema: {type: integer, minimum: 0}}]
      responses:
        '200': {description: d, headers: {X: {required: true, schema: {type: string}}}, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
        '404': {description: d}
  /b: {get: {operationId: GetB, responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/A'}}}}}}}}
  /c: {delete: {operationId: DeleteC, responses: {'204': {description: d}}}}
components:
  schemas:
    A: {type: object, required: [id], properties: {id: {type: string, pattern: '^[a-z0-9]{26}$'}, kind: {type: string, enum: [X, Y]}}}
`)
	theirs := compileText(t, header+`
paths:
  /a:
    get:
      operationId: GetA
      security: [{Token: []}]
      parameters: [{in: query, name: limit, required: true, schema: {type: integer}}]
      responses:
        '200': {description: d, content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/A'}]}}}}
        '404': {description: d, content: {application/json: {schema: {type: object}}}}
  /b2: {get: {operationId: GetB, responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/A'}}}}}}}}
  /d: {put: {operationId: PutD, requestBody: {content: {text/plain: {}}}, responses: {'204': {description: d}}}}
components:
  securitySchemes: {Token: {type: http, scheme: bearer}}
  schemas:
    A: {type: object, properties: {id: {type: string, pattern: '^[\da-z]{26}$'}, kind: {type: string, enum: [Y, X, Z]}, next: {$ref: '#/components/schemas/A'}}}
`)
	var got []string
	for _, d := range Diff(ours, theirs) {
		got = append(got, d.String())
	}
	want := []string{
		"DeleteC: the operation: ours says DELETE /v1/c, theirs says nothing",
		"PutD: the operation: ours says nothing, theirs says PUT /v1/d",
		"GetA: parameter query limit: ours says integer, at least 0, theirs says integer, required",
		"GetB: response 200 application/json [].id: ours says string, matches ^[a-z0-9]{26}$, required, theirs says string, matches ^[a-z0-9]{26}$",
		"GetB: response 200 application/json [].kind: ours says string, one of X Y, theirs says string, one of X Y Z",
		"GetB: response 200 application/json [].next: ours says nothing, theirs says object",
		"GetA: response 200 application/json id: ours says string, matches ^[a-z0-9]{26}$, required, theirs says string, matches ^[a-z0-9]{26}$",
		"GetA: response 200 application/json kind: ours says string, one of X Y, theirs says string, one of X Y Z",
		"GetA: response 200 application/json next: ours says nothing, theirs says object",
		"GetA: response 200 header X: ours says required, theirs says nothing",
		"GetB: route: ours says GET /v1/b, theirs says GET /v1/b2",
		"GetA: token: ours says nothing, theirs says needed",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := Diff(ours, ours); len(d) > 0 {
		t.Errorf("a document differs from itself: %v", d)
	}
}

func TestDiff_ReportsASharedDifferenceOnce(t *testing.T) {
	t.Parallel()
	const doc = header + "paths: {/a: {get: {operationId: A, responses: {'200': {description: d}}}}, /b: {get: {operationId: B, responses: {'200': {description: d}}}}}"
	const more = header + "paths: {/a: {get: {operationId: A, responses: {'200': {description: d}, '500': {description: d}}}}, /b: {get: {operationId: B, responses: {'200': {description: d}, '500': {description: d}}}}}"
	want := []Difference{{Operations: []string{"A", "B"}, Where: "response 500", Theirs: "documented"}}
	if d := cmp.Diff(want, Diff(compileText(t, doc), compileText(t, more))); d != "" {
		t.Error(d)
	}
}
