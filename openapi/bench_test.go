package openapi

import (
	"net/http/httptest"
	"testing"
)

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		t, err := parse(connectYAML)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := compile(t); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckParametersGetItem(b *testing.B) {
	op := connectForTest(b).Operation("GetVaultItemById")
	r := httptest.NewRequest("GET", "/", nil)
	path := map[string]string{"vaultUuid": vaultID, "itemUuid": itemID}
	b.ReportAllocs()
	for b.Loop() {
		if v := op.CheckParameters(r, path); v != nil {
			b.Fatal(v)
		}
	}
}

func BenchmarkCheckParametersFilter(b *testing.B) {
	op := connectForTest(b).Operation("GetVaultItems")
	r := httptest.NewRequest("GET", "/?filter=title+eq+%22Mail%22", nil)
	path := map[string]string{"vaultUuid": vaultID}
	b.ReportAllocs()
	for b.Loop() {
		if v := op.CheckParameters(r, path); v != nil {
			b.Fatal(v)
		}
	}
}

func BenchmarkCheckBodyCreate(b *testing.B) {
	op := connectForTest(b).Operation("CreateVaultItem")
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Content-Type", "application/json")
	var body []byte
	for _, c := range capturedRequests(b) {
		if c.Method == "POST" {
			body = []byte(c.Body)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if v := op.CheckBody(r, body); v != nil {
			b.Fatal(v)
		}
	}
}

func BenchmarkCheckResponseItem(b *testing.B) {
	op := connectForTest(b).Operation("GetVaultItemById")
	r := httptest.NewRequest("GET", "/", nil)
	media := op.response(200).Content["application/json"]
	header := exampleHeader(op.response(200), "application/json")
	body := exampleJSON(b, media.Example)
	b.ReportAllocs()
	for b.Loop() {
		if err := op.CheckResponse(r, 200, header, body); err != nil {
			b.Fatal(err)
		}
	}
}
