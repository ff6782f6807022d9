package console

import (
	"net/http"
	"testing"

	"github.com/connectmock/connectmock/mockserver/console/internal/session"
)

// Each stream costs memory, and each request to the mock is sent on all of them.
func TestEvents_AreLimitedInASession(t *testing.T) {
	t.Parallel()
	b := startConsole(t, "")
	open := func() (status int, end func()) {
		t.Helper()
		resp, err := b.http.Get(b.url + Mount + "/faults/events")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { resp.Body.Close() })
		return resp.StatusCode, func() { resp.Body.Close() }
	}
	var end func()
	for i := range session.MaxStreams {
		status, endStream := open()
		if end = endStream; status != http.StatusOK {
			t.Fatalf("stream %d: status %d", i, status)
		}
	}
	b.get(Mount+"/faults/events").expect(http.StatusTooManyRequests, "50 pages of this session", "close some of them")
	b.get(Mount+"/faults").expect(200, "In force")
	end()
	for { // the server notices later that a stream has ended
		status, endStream := open()
		if status == http.StatusOK {
			break
		}
		endStream()
	}
}
