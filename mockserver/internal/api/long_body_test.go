package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/gather"
)

// Bodies arrive whole on a connection that sends headers and body together, one response after the other, whatever
// their length is and also without a body.
func TestSend_LongBodiesTogetherWithHeaders(t *testing.T) {
	t.Parallel()
	h := open(t, config{})
	server := httptest.NewUnstartedServer(h)
	server.Listener, server.Config.ConnContext = gather.Listener{Listener: server.Listener}, gather.ConnContext
	server.Start()
	defer server.Close()
	for _, size := range []int{1, 2500, 3500, 5000, 40_000, 200_000} {
		path := h.create(t, itemsPath(), `{"category":"SECURE_NOTE","vault":{"id":"`+strings.Split(itemsPath(), "/")[3]+
			`"},"fields":[{"purpose":"NOTES","value":"`+strings.Repeat("x", size)+`"}]}`)
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
			r := request(method, server.URL+path, nil)
			r.RequestURI = ""
			got, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(got.Body)
			got.Body.Close()
			want := h.serveRequest(request(method, path, nil)).Body.String()
			if string(body) != want || err != nil || got.ContentLength < int64(size) {
				t.Errorf("%s, %d characters: %d bytes, want %d; declared %d, error %v",
					method, size, len(body), len(want), got.ContentLength, err)
			}
		}
	}
}
