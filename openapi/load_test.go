package openapi

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestLoad_RefusesInvalidDocuments(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"no document", "a: b", "not an OpenAPI document"},
		{"version 3.1", "openapi: 3.1.0\ninfo: {title: t, version: v}\npaths: {}", "only 3.0"},
		{"another file", header + "paths: {/a: {$ref: '/etc/passwd'}}", "disallowed external reference"},
		{"a reference to nothing", header + "paths: {/a: {get: {responses: {'200': {$ref: '#/components/responses/No'}}}}}", "components/responses/No"},
		{"nested too deeply", strings.Repeat("[", 100_000), "document:1:101: nested too deeply"},
		{"many duplicate keys", strings.Repeat("a: 1\n", 20_000), "document:2001:1: a mapping of more than 2000 keys"},
		{"not valid", header + "paths: {/a: {get: {operationId: A, parameters: [{in: query}], responses: {'200': {description: d}}}}}", "it is not valid"},
		{"a pattern Go cannot read", header + "paths: {/a: {get: {operationId: A, parameters: [{in: query, name: q, schema: {type: string, pattern: '(?=a)'}}], responses: {'200': {description: d}}}}}", "it is not valid"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := Load([]byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q in it", err, tt.want)
			}
		})
	}
}

// TestCheckParameters_OfForeignDocuments has kinds of parameters that Connect does not have.
func TestCheckParameters_OfForeignDocuments(t *testing.T) {
	t.Parallel()
	doc, _, err := Load([]byte(header + `
paths:
  /a/{n}:
    parameters:
      - {in: path, name: n, required: true, schema: {type: integer, maximum: 9}}
      - {in: query, name: q, schema: {type: string}}
    get:
      operationId: Get
      parameters:
        - {in: query, name: q, required: true, schema: {type: string, enum: [a, b]}}
        - {in: query, name: list, schema: {type: array, items: {type: integer}}}
        - {in: query, name: ratio, schema: {type: number}}
        - {in: header, name: X-Kind, schema: {type: string, maxLength: 3}}
        - {in: cookie, name: c, schema: {type: boolean}}
      responses: {'200': {description: d}}
`))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ n, query, header, cookie, want string }{
		{"1", "q=a&list=1&list=2&ratio=0.5", "abc", "true", ""},
		{"x", "q=a", "", "", "path: n must be an integer"},
		{"10", "q=a", "", "", "path: n must be at most 9"},
		{"1", "", "", "", "query: q is required"},
		{"1", "q=hunter2", "", "", "query: q must be one of a, b"},
		{"1", "q=a&list=hunter2", "", "", "query: list does not match its schema"},
		{"1", "q=a&ratio=hunter2", "", "", "query: ratio must be a number"},
		{"1", "q=a", "hunter2", "", "header: X-Kind must have at most 3 characters"},
		{"1", "q=a", "", "hunter2", "cookie: c must be true or false"},
	}
	for _, tt := range tests {
		r := httptest.NewRequest("GET", "/?"+tt.query, nil)
		if tt.header != "" {
			r.Header.Set("X-Kind", tt.header)
		}
		if tt.cookie != "" {
			r.Header.Set("Cookie", "c="+tt.cookie)
		}
		if got := text(doc.Operation("Get").CheckParameters(r, map[string]string{"n": tt.n})); got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}

// TestCheckBody_OfForeignDocuments has media types and rules that Connect does not have.
func TestCheckBody_OfForeignDocuments(t *testing.T) {
	t.Parallel()
	doc, _, err := Load([]byte(header + `
paths:
  /a:
    post:
      operationId: Post
      requestBody:
        content:
          application/merge-patch+json:
            schema:
              type: object
              minProperties: 1
              maxProperties: 3
              properties:
                n: {type: number, minimum: 0, exclusiveMinimum: true, multipleOf: 0.5}
                s: {type: string, minLength: 2, format: date}
                l: {type: array, minItems: 1, items: {}}
                x: {oneOf: [{type: string}, {type: object, required: [n], properties: {n: {type: number}}}]}
          application/x-www-form-urlencoded:
            schema: {type: object, required: [n], properties: {n: {type: integer}}}
          application/octet-stream: {}
      responses: {'200': {description: d}}
`))
	if err != nil {
		t.Fatal(err)
	}
	const merge, form = "application/merge-patch+json", "application/x-www-form-urlencoded"
	tests := []struct{ kind, body, want string }{
		{merge, `{"n":1.5,"s":"2025-01-01","l":[1]}`, ""},
		{merge, `{}`, "the body must have at least 1 members"},
		{merge, `{"n":1,"s":"2025-01-01","a":1,"b":2}`, "the body must have at most 3 members"},
		{merge, `{"n":0}`, "body: n must be more than 0"},
		{merge, `{"n":0.7}`, "body: n must be a multiple of 0.5"},
		{merge, `{"s":"x"}`, "body: s must have at least 2 characters"},
		{merge, `{"s":"hunter2"}`, "body: s must have the format date"},
		{merge, `{"l":[]}`, "body: l must have at least 1 elements"},
		{merge, `{"x":5}`, "body: x must match one of the documented alternatives"},
		{form, `n=1`, ""},
		{form, `n=hunter2`, "the body does not match its schema"},
		{"application/octet-stream", "anything", ""},
		{"application/json", `{}`, "the body must have at least 1 members"},
		{"", `{"N":1.5}`, ""},
	}
	for _, tt := range tests {
		r := httptest.NewRequest("POST", "/", nil)
		r.Header.Set("Content-Type", tt.kind)
		if got := text(doc.Operation("Post").CheckBody(r, []byte(tt.body))); got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.kind, tt.body, got, tt.want)
		}
	}
}
