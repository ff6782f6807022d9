package exchange

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
)

// A request without a body says so. One that may have a body can be sent in chunks, whose end comes later than the
// response of a fast server: proxies then end the response early.
func TestRecorder_SendsNoBodyWhereThereIsNone(t *testing.T) {
	t.Parallel()
	var lengths []int64
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		lengths = append(lengths, r.ContentLength)
		if len(r.TransferEncoding) > 0 {
			t.Errorf("%s is sent in chunks", r.Method)
		}
	}))
	t.Cleanup(server.Close)
	recorder := &Recorder{Document: document(t), Base: server.Client().Transport}
	client := &http.Client{Transport: recorder}
	for _, body := range []string{"", "{}"} {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			req, err := http.NewRequest(method, server.URL+"/v1/vaults", bytes.NewReader([]byte(body)))
			if err != nil {
				t.Fatal(err)
			}
			res, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close() // it is in memory
		}
	}
	for i, want := range []int64{0, 0, 0, 2, 2, 2} {
		if lengths[i] != want {
			t.Errorf("request %d: length %d, want %d", i, lengths[i], want)
		}
	}
}
