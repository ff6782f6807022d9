package control

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
)

// logLines is a log whose lines a test receives.
type logLines chan string

func (l logLines) Write(b []byte) (int, error) { l <- string(b); return len(b), nil }

func TestServeHTTP_ClosesConnectionsOfClientsThatStall(t *testing.T) {
	t.Parallel()
	mock, err := mockserver.New(t.Context(), mockserver.Config{BodyTimeout: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mock.Close() })
	log := make(logLines, 10)
	h, err := New(mock, controlToken, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	connect := func(head string) net.Conn {
		c, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		part := head + "\r\nHost: 127.0.0.1\r\nContent-Length: 16777216\r\n\r\n" + strings.Repeat(" ", 70<<10)
		if _, err := io.WriteString(c, part); err != nil {
			t.Fatal(err)
		}
		return c
	}
	authorized := "POST /fixtures HTTP/1.1\r\nContent-Type: application/yaml\r\nAuthorization: Bearer " + controlToken
	if received, _ := io.ReadAll(connect(authorized)); len(received) > 0 {
		t.Errorf("received %.200q", received)
	}
	if line := <-log; !strings.Contains(line, "the client paused for too long while sending its body") ||
		!strings.Contains(line, "operation=LoadFixture") {
		t.Error(line)
	}
	response, err := http.ReadResponse(bufio.NewReader(connect("POST /fixtures HTTP/1.1")), nil)
	if err != nil || response.StatusCode != 401 {
		t.Errorf("without a token: %v, %v", response, err)
	}
}
