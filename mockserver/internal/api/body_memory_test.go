package api

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
)

// post posts a body of the given length, -1 if it is not declared, and returns the status.
func (h *Handler) post(path string, body io.Reader, length int64) int {
	r := request(http.MethodPost, path, body)
	r.ContentLength = length
	return h.serveRequest(r).Code
}

const smallItem = `{"title":"x","category":"LOGIN"}`

func TestBodies_CountMemoryAsItArrives(t *testing.T) {
	t.Parallel()
	h, path := open(t, config{bodyMemory: 1 << 20}), itemsPath()
	const uploads = 4
	statuses, senders := make(chan int), make([]*io.PipeWriter, uploads)
	for i := range senders {
		var body *io.PipeReader
		body, senders[i] = io.Pipe()
		go func() { statuses <- h.post(path, body, 16<<20) }() // each declares more than there is
		if _, err := senders[i].Write(bytes.Repeat([]byte(" "), 70<<10)); err != nil {
			t.Fatal(err)
		}
	}
	h.waitForMemory(func(used int64, _ int) bool { return used == uploads*(128<<10+1) })
	large := smallItem + strings.Repeat(" ", 3*memory.SmallBody)
	if code := h.post(path, strings.NewReader(large), int64(len(large))); code != 200 {
		t.Errorf("a complete large body: status %d", code)
	}
	for _, sender := range senders {
		_ = sender.CloseWithError(io.ErrUnexpectedEOF)
		if code := <-statuses; code != 400 {
			t.Errorf("a body that ended early: status %d", code)
		}
	}
	h.waitForMemory(func(used int64, _ int) bool { return used == 0 })
}

func TestBodies_WaitForMemoryUnlessTheyAreSmall(t *testing.T) {
	t.Parallel()
	h, path := open(t, config{bodyMemory: memory.SmallBody}), itemsPath()
	large := smallItem + strings.Repeat(" ", 3*memory.SmallBody)
	slow, sender := io.Pipe()
	statuses := make(chan int)
	go func() { statuses <- h.post(path, slow, int64(len(large))) }()
	if _, err := io.WriteString(sender, large[:2*memory.SmallBody]); err != nil { // it is the oldest, and has its share
		t.Fatal(err)
	}
	for _, length := range []int64{int64(len(large)), -1} {
		go func() { statuses <- h.post(path, strings.NewReader(large), length) }()
	}
	h.waitForMemory(func(_ int64, waiting int) bool { return waiting == 2 })
	if code := h.post(path, strings.NewReader(smallItem), int64(len(smallItem))); code != 200 {
		t.Errorf("a small body: status %d", code)
	}
	if _, err := io.WriteString(sender, large[2*memory.SmallBody:]); err != nil {
		t.Fatal(err)
	}
	_ = sender.Close()
	for range 3 {
		if code := <-statuses; code != 200 {
			t.Errorf("a large body: status %d", code)
		}
	}
	h.waitForMemory(func(used int64, _ int) bool { return used == 0 })
}

// lines is a log that tests wait for.
type lines chan string

func (l lines) Write(b []byte) (int, error) { l <- string(b); return len(b), nil }

// connectTo sends the head of a request and a part of its body.
func connectTo(t *testing.T, at *httptest.Server, head, body string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", at.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if _, err := io.WriteString(c, head+"\r\nHost: x\r\nAuthorization: Bearer local\r\n"+body); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBodies_DisconnectClientsThatPause(t *testing.T) {
	t.Parallel()
	log := make(lines, 20)
	h, path := open(t, config{
		bodyTimeout: time.Millisecond, log: slog.New(slog.NewTextHandler(log, nil)), bodyMemory: 1 << 20,
	}), itemsPath()
	at := httptest.NewServer(h)
	t.Cleanup(at.Close)
	for range 10 {
		c := connectTo(t, at, "POST "+path+" HTTP/1.1",
			"Content-Type: application/json\r\nContent-Length: 16777216\r\n\r\n"+strings.Repeat(" ", 70<<10))
		if body, _ := io.ReadAll(c); len(body) > 0 {
			t.Errorf("response %q", body)
		}
		line, want := <-log, "connection closed: the client paused for too long while sending its body"
		if !strings.Contains(line, want) || !strings.Contains(line, "operation=CreateVaultItem pause=1ms") {
			t.Error(line)
		}
	}
	h.waitForMemory(func(used int64, _ int) bool { return used == 0 })
}

func TestBodies_NeedNotBeRead(t *testing.T) {
	t.Parallel()
	h, path := open(t, config{bodyTimeout: time.Millisecond, bodyMemory: 1 << 20}), itemsPath()
	at := httptest.NewServer(h)
	t.Cleanup(at.Close)
	for _, head := range []string{"GET " + path, "POST /v1/nowhere", "DELETE /v1/nowhere"} {
		c := connectTo(t, at, head+" HTTP/1.1", "Content-Length: 1000\r\n\r\nx")
		response, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Errorf("%s: %v", head, err)
			continue
		}
		_ = response.Body.Close()
	}
}

// Readers of large items share the memory for bodies with all others.
func TestResponses_OfSlowReadersStayWithinTheMemory(t *testing.T) {
	t.Parallel()
	const size, limit = 2 << 20, 13 << 20
	var mu sync.Mutex
	most := int64(0)
	h, path := open(t, config{cacheBytes: -1, bodyMemory: limit}), itemsPath()
	body := fmt.Sprintf(`{"title":"x","category":"SECURE_NOTE",`+
		`"fields":[{"purpose":"NOTES","value":"%s"}]}`, strings.Repeat("n", size))
	path = h.create(t, path, body)
	read := func(method, body string) int {
		r := request(method, path, strings.NewReader(body))
		w := &slowRecorder{ResponseRecorder: httptest.NewRecorder(), each: func() {
			mu.Lock()
			defer mu.Unlock()
			h.waitForMemory(func(used int64, _ int) bool { most = max(most, used); return true })
		}}
		h.ServeHTTP(w, r)
		return w.Code
	}
	var readers sync.WaitGroup
	for i := range 30 {
		readers.Go(func() {
			code := 0
			if i%5 == 0 {
				code = read(http.MethodPatch, `[{"op":"replace","path":"/title","value":"y"}]`)
			} else {
				code = read(http.MethodGet, "")
			}
			if code != 200 {
				t.Errorf("status %d", code)
			}
		})
	}
	readers.Wait()
	if most < size || most > limit {
		t.Errorf("up to %d bytes were counted", most)
	}
	h.waitForMemory(func(used int64, waiting int) bool { return used == 0 && waiting == 0 })
}

// slowRecorder calls each before each piece that is written.
type slowRecorder struct {
	*httptest.ResponseRecorder
	each func()
}

func (w *slowRecorder) Write(b []byte) (int, error) { w.each(); return w.ResponseRecorder.Write(b) }

func TestResponses_DisconnectClientsThatDoNotRead(t *testing.T) {
	t.Parallel()
	log := make(lines, 20)
	h, path := open(t, config{
		cacheBytes: -1, bodyTimeout: time.Millisecond, maxBody: 64 << 20, bodyMemory: 1 << 20,
		log: slog.New(slog.NewTextHandler(log, nil)),
	}), itemsPath()
	body := `{"title":"` + strings.Repeat("n", 32<<20) + `","category":"LOGIN"}`
	path = h.create(t, path, body)
	at := httptest.NewServer(h)
	t.Cleanup(at.Close)
	connectTo(t, at, "GET "+path+" HTTP/1.1", "\r\n") // and never reads
	line := <-log
	if !strings.Contains(line, "while reading its response") || !strings.Contains(line, "operation=GetVaultItemById") {
		t.Error(line)
	}
	h.waitForMemory(func(used int64, waiting int) bool { return used == 0 && waiting == 0 })
}
