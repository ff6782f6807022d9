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

// lines is a log that tests wait for.
type lines chan string

func (l lines) Write(b []byte) (int, error) { l <- string(b); return len(b), nil }

func TestControlLetsGoOfSendersThatStall(t *testing.T) {
	t.Parallel()
	mock, err := mockserver.New(mockserver.Config{BodyTimeout: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mock.Close() })
	log := make(lines, 10)
	h, err := New(mock, controlToken, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	at := httptest.NewServer(h)
	t.Cleanup(at.Close)
	connect := func(head string) net.Conn {
		c, err := net.Dial("tcp", at.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if _, err := io.WriteString(c, head+"\r\nHost: 127.0.0.1\r\nContent-Length: 16777216\r\n\r\n"+strings.Repeat(" ", 70<<10)); err != nil {
			t.Fatal(err)
		}
		return c
	}
	authorized := "POST /fixtures HTTP/1.1\r\nContent-Type: application/yaml\r\nAuthorization: Bearer " + controlToken
	if answer, _ := io.ReadAll(connect(authorized)); len(answer) > 0 {
		t.Errorf("answered %.200q", answer)
	}
	if line := <-log; !strings.Contains(line, "it paused for too long while sending its body") || !strings.Contains(line, "operation=LoadFixture") {
		t.Error(line)
	}
	response, err := http.ReadResponse(bufio.NewReader(connect("POST /fixtures HTTP/1.1")), nil)
	if err != nil || response.StatusCode != 401 {
		t.Errorf("without a token: %v, %v", response, err)
	}
}
