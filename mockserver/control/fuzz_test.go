package control

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"testing"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi"
)

// FuzzRequests sends any request. Whatever it is, the mock does not fail, and its response is one that the document
// describes.
func FuzzRequests(f *testing.F) {
	doc, err := openapi.Control()
	if err != nil {
		f.Fatal(err)
	}
	mock, err := mockserver.New(context.Background(), mockserver.Config{Seed: 7})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = mock.Close() })
	log := &logBuffer{}
	h, err := New(mock, controlToken, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		f.Fatal(err)
	}
	for _, body := range []string{
		"", "{}", `{"name": "a"}`, `{"account": "Demo"}`, `{"name": "t", "vaults": {"Private": "read"}, "expiresIn": "1h"}`,
		`{"advance": "1h", "frozen": true}`, `{"abort": 503, "delay": "0s", "nth": 1}`, `{"preset": "read-only"}`, `{"expect": [{"count": 1}]}`,
	} {
		for i := range doc.Operations {
			f.Add(i, "a", "account=Demo", "application/json", []byte(body))
		}
	}
	f.Add(0, "..", "add=true", "application/yaml", []byte("vaults: [{name: V}]"))
	f.Fuzz(func(t *testing.T, n int, name, query, kind string, body []byte) {
		op := doc.Operations[uint(n)%uint(len(doc.Operations))]
		r := httptest.NewRequest(op.Method, "/", bytes.NewReader(body))
		r.URL.Path, r.URL.RawQuery, r.Host = fillPath(op.Path, name), query, "localhost"
		r.Header.Set("Authorization", "Bearer "+controlToken)
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%s returned %d: %s", op.ID, w.Code, log)
		}
		if matched, _ := doc.Match(op.Method, r.URL.EscapedPath()); matched == op {
			if err := op.CheckResponse(r, w.Code, w.Header(), w.Body.Bytes()); err != nil {
				t.Error(err)
			}
		}
	})
}

// fillPath returns a path with a name in place of each parameter.
func fillPath(path, name string) string {
	var b bytes.Buffer
	for i, part := range bytes.Split([]byte(path), []byte("/")) {
		if i > 0 {
			b.WriteByte('/')
		}
		if bytes.HasPrefix(part, []byte("{")) {
			part = []byte(name)
		}
		b.Write(part)
	}
	return b.String()
}
