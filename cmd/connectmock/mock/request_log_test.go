package mock

import (
	"errors"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/google/go-cmp/cmp"
)

func TestRequestLine_EscapesControlCharacters(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 4, 5, 0, time.UTC)
	for _, test := range []struct {
		response mockserver.ResponseInfo
		want     string
	}{
		{mockserver.ResponseInfo{Method: "GET", Path: "/v1/vaults", Status: 200, Bytes: 712, Took: 340 * time.Microsecond, Caller: "ci"},
			"12:04:05 200 GET    /v1/vaults 0.3ms 712B ci\n"},
		{mockserver.ResponseInfo{Method: "DELETE", Path: "/v1/a\n\x1b[31m b", Status: 404, Err: errors.New("no\n\"söck\"")},
			`12:04:05 404 DELETE /v1/a%0A%1B%5B31m%20b 0.0ms 0B: no\n"söck"` + "\n"},
		{mockserver.ResponseInfo{Method: "G\x1bT", Path: "/", Status: 405, Caller: "tab\there"},
			`12:04:05 405 G\x1bT / 0.0ms 0B tab\there` + "\n"},
	} {
		if diff := cmp.Diff(test.want, requestLine(test.response, now)); diff != "" {
			t.Error(diff)
		}
	}
}
