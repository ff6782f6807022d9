package openapi

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/openapi/connect"
)

// FuzzDecodeJSON compares decodeJSON with encoding/json.
func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-2.5e3,true,false,null,"x\"\\y\u00e9\ud83d\ude00",{}],"b":{"c":[]}}`, `[[[]]]`, ` 1 `, `"\ud800"`, `{"a":1,"a":2}`, `{"":""}`, `1e999`, `-0`, "",
	} {
		f.Add(seed)
	}
	doc := connectForTest(f)
	f.Fuzz(func(t *testing.T, text string) {
		got, v := doc.decodeJSON([]byte(text))
		var want any
		err := json.Unmarshal([]byte(text), &want)
		if v == nil && err != nil {
			t.Fatalf("%q was read, but: %v", text, err)
		}
		if v == nil {
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("%q: %s", text, d)
			}
		}
	})
}

// FuzzCheckBody checks that the types of package connect decode each valid body, and that no violation repeats a value.
func FuzzCheckBody(f *testing.F) {
	for _, c := range capturedRequests(f) {
		if c.Body != "" {
			f.Add(c.Body)
		}
	}
	f.Add(`{"category":"LOGIN","title":"t","Title":5}`)
	f.Add(`[{"op":"replace","path":"/favorite","value":true}]`)
	f.Add(`{"category":"qqhunter2qq"}`)
	doc := connectForTest(f)
	post, patch := doc.Operation("CreateVaultItem"), doc.Operation("PatchVaultItem")
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Content-Type", "application/json")
	f.Fuzz(func(t *testing.T, body string) {
		for _, op := range []*Operation{post, patch} {
			v := op.CheckBody(r, []byte(body))
			if v != nil {
				if strings.Contains(v.Error(), "hunter2") {
					t.Fatalf("%q repeats what was sent", v)
				}
				continue
			}
			var err error
			if op == post {
				err = json.Unmarshal([]byte(body), new(connect.ItemInput))
			} else {
				err = json.Unmarshal([]byte(body), new([]connect.PatchOperation))
			}
			if err != nil && !strings.Contains(err.Error(), "recipe.length") { // 2e1 is an integer to a schema
				t.Fatalf("%q passes, but: %v", body, err)
			}
		}
	})
}

// FuzzQueryValue compares queryValue with net/url.
func FuzzQueryValue(f *testing.F) {
	for _, seed := range []string{
		"filter=a", "filter=a+b%20c&x=%", "x=1&filter", "filter=a;b", "=",
		"filter=%", "%66ilter=x", "filter=1&filter=2",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got := queryValue(raw, "filter")
		want, err := url.ParseQuery(raw)
		if got.rule == "" && got.times == 1 && (len(want["filter"]) != 1 || want.Get("filter") != got.value) {
			t.Fatalf("%q: %+v, net/url %q", raw, got, want["filter"])
		}
		if err == nil && got.times != len(want["filter"]) {
			t.Fatalf("%q: %d times, net/url %d", raw, got.times, len(want["filter"]))
		}
	})
}

// FuzzLoad checks that no document causes a panic, neither when it is loaded nor when it is used.
func FuzzLoad(f *testing.F) {
	f.Add(withBody(anyItem + ", " + anyField))
	f.Add("openapi: 3.0.3\ninfo: {title: t, version: v}\npaths: {/a: {get: {responses: {}}}}")
	f.Add("openapi: 3.0.3\npaths: {/a: null}")
	f.Fuzz(func(t *testing.T, text string) {
		doc, _, err := Load([]byte(text))
		if err != nil {
			return
		}
		for _, op := range doc.Operations {
			r := httptest.NewRequest("POST", "/", nil)
			r.Header.Set("Content-Type", "application/json")
			_ = op.CheckParameters(r, nil)
			_ = op.CheckBody(r, []byte("{}"))
			_ = op.CheckResponse(r, 200, r.Header, []byte("{}"))
		}
		_ = Diff(doc, doc)
	})
}
