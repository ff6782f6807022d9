package gather

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
)

// connect returns both ends of a connection that a Listener has accepted.
func connect(t *testing.T) (*Conn, net.Conn) {
	t.Helper()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	client, err := net.Dial("tcp", tcp.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err := Listener{tcp}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return server.(*Conn), client
}

func write(t *testing.T, c *Conn, text string) {
	t.Helper()
	if n, err := c.Write([]byte(text)); n != len(text) || err != nil {
		t.Errorf("writing %q: %d, %v", text, n, err)
	}
}

func TestConn_KeepsBackTheFirstPiece(t *testing.T) {
	t.Parallel()
	c, client := connect(t)
	write(t, c, "1")
	c.Begin()
	write(t, c, "2")
	if string(c.kept) != "2" {
		t.Errorf("%q is kept back", c.kept)
	}
	write(t, c, "3")
	if len(c.kept) > 0 {
		t.Errorf("%q is still kept back", c.kept)
	}
	write(t, c, "4")
	if err := c.End(); err != nil || len(c.kept) > 0 {
		t.Errorf("after the end %q is kept back, error %v", c.kept, err)
	}
	write(t, c, "5")
	if err := c.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(client); string(got) != "12345" || err != nil {
		t.Errorf("received %q, error %v", got, err)
	}
}

func TestConn_ReturnsTheErrorOfAClosedConnection(t *testing.T) {
	t.Parallel()
	c, _ := connect(t)
	c.Begin()
	write(t, c, "1")
	c.Close()
	if n, err := c.Write([]byte("2")); n != 0 || err == nil {
		t.Errorf("%d bytes were sent, error %v", n, err)
	}
	write(t, c, "3")
	if c.End() == nil {
		t.Error("the end has no error")
	}
}

// TestServer_SendsBodiesWhole has bodies around the sizes of the buffers of net/http, on one connection.
func TestServer_SendsBodiesWhole(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			size, _ := strconv.Atoi(r.URL.Query().Get("size"))
			w.Header().Set("Content-Length", strconv.Itoa(size))
			conn := FromContext(r.Context())
			if (conn == nil) != secure {
				t.Errorf("with TLS %v the connection is %v", secure, conn)
			}
			if conn != nil {
				conn.Begin()
				defer conn.End()
			}
			_, _ = w.Write(bytes.Repeat([]byte("x"), size))
			if size%2 == 0 {
				_ = http.NewResponseController(w).Flush()
			}
		}))
		server.Listener, server.Config.ConnContext = Listener{server.Listener}, ConnContext
		if secure {
			server.StartTLS()
		} else {
			server.Start()
		}
		defer server.Close()
		for _, size := range []int{0, 1, 2047, 2048, 3950, 3951, 4095, 4096, 4097, 8192, 35_000, 35_001, 1 << 20} {
			resp, err := server.Client().Get(server.URL + "?size=" + strconv.Itoa(size))
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if len(body) != size || err != nil {
				t.Errorf("%d of %d bytes, error %v", len(body), size, err)
			}
		}
	}
}
