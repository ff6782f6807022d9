package api

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/internal/backend/memory"
)

// waitForMemory returns when the server's memory for bodies is in a state.
func (s *Handler) waitForMemory(isReached func(used int64, waiting int) bool) {
	for !isReached(s.memory.Usage()) {
		runtime.Gosched()
	}
}

// budgetServer is a server with little memory for bodies, and the path of the items of a vault of its own.
func budgetServer(t *testing.T, c config, limit int64) (*Handler, string) {
	t.Helper()
	c.Tokens = map[string]string{"t": "local"}
	s := open(t, c)
	s.memory = memory.NewBudget(limit)
	return s, "/v1/vaults/" + fixtures.Demo().Accounts[0].Vaults[0].ID + "/items"
}

func (s *Handler) post(path string, body io.Reader, length int64) int {
	r := httptest.NewRequest(http.MethodPost, path, body)
	r.ContentLength = length
	r.Header.Set("Authorization", "Bearer local")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code
}

// create makes an item and returns its path.
func (s *Handler) create(t *testing.T, path, body string) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer local")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var it struct{ ID string }
	if err := json.Unmarshal(w.Body.Bytes(), &it); err != nil || w.Code != 200 {
		t.Fatalf("%d, %v: %.300s", w.Code, err, w.Body)
	}
	return path + "/" + it.ID
}

const smallItem = `{"title":"x","category":"LOGIN"}`

func TestBodies_CountMemoryAsItArrives(t *testing.T) {
	t.Parallel()
	s, path := budgetServer(t, config{}, 1<<20)
	const uploads = 4
	answered, senders := make(chan int), make([]*io.PipeWriter, uploads)
	for i := range senders {
		var body *io.PipeReader
		body, senders[i] = io.Pipe()
		go func() { answered <- s.post(path, body, 16<<20) }() // each declares more than there is
		if _, err := senders[i].Write(bytes.Repeat([]byte(" "), 70<<10)); err != nil {
			t.Fatal(err)
		}
	}
	s.waitForMemory(func(used int64, _ int) bool { return used == uploads*(128<<10+1) })
	large := smallItem + strings.Repeat(" ", 3*smallBody)
	if code := s.post(path, strings.NewReader(large), int64(len(large))); code != 200 {
		t.Errorf("a whole large body was answered %d", code)
	}
	for _, sender := range senders {
		_ = sender.CloseWithError(io.ErrUnexpectedEOF)
		if code := <-answered; code != 400 {
			t.Errorf("a body that broke off was answered %d", code)
		}
	}
	s.waitForMemory(func(used int64, _ int) bool { return used == 0 })
}

func TestBodies_WaitForMemoryUnlessTheyAreSmall(t *testing.T) {
	t.Parallel()
	s, path := budgetServer(t, config{}, smallBody)
	large := smallItem + strings.Repeat(" ", 3*smallBody)
	slow, sender := io.Pipe()
	answered := make(chan int)
	go func() { answered <- s.post(path, slow, int64(len(large))) }()
	if _, err := io.WriteString(sender, large[:2*smallBody]); err != nil { // it is the oldest, and has its share
		t.Fatal(err)
	}
	for _, length := range []int64{int64(len(large)), -1} {
		go func() { answered <- s.post(path, strings.NewReader(large), length) }()
	}
	s.waitForMemory(func(_ int64, waiting int) bool { return waiting == 2 })
	if code := s.post(path, strings.NewReader(smallItem), int64(len(smallItem))); code != 200 {
		t.Errorf("a small body was answered %d", code)
	}
	if _, err := io.WriteString(sender, large[2*smallBody:]); err != nil {
		t.Fatal(err)
	}
	_ = sender.Close()
	for range 3 {
		if code := <-answered; code != 200 {
			t.Errorf("a large body was answered %d", code)
		}
	}
	s.waitForMemory(func(used int64, _ int) bool { return used == 0 })
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

func TestSendersThatStallAreLetGo(t *testing.T) {
	t.Parallel()
	log := make(lines, 20)
	s, path := budgetServer(t, config{BodyTimeout: time.Millisecond, Log: slog.New(slog.NewTextHandler(log, nil))}, 1<<20)
	at := httptest.NewServer(s)
	t.Cleanup(at.Close)
	for range 10 {
		c := connectTo(t, at, "POST "+path+" HTTP/1.1",
			"Content-Type: application/json\r\nContent-Length: 16777216\r\n\r\n"+strings.Repeat(" ", 70<<10))
		if answer, _ := io.ReadAll(c); len(answer) > 0 {
			t.Errorf("answered %q", answer)
		}
		if line := <-log; !strings.Contains(line, "client let go: it paused for too long while sending its body") ||
			!strings.Contains(line, "operation=CreateVaultItem pause=1ms") {
			t.Error(line)
		}
	}
	s.waitForMemory(func(used int64, _ int) bool { return used == 0 })
}

func TestBodiesThatNobodyReadsDoNotHoldTheConnection(t *testing.T) {
	t.Parallel()
	s, path := budgetServer(t, config{BodyTimeout: time.Millisecond}, 1<<20)
	at := httptest.NewServer(s)
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

// Readers of large items share the memory for bodies with all others, and those that do not read are let go.
func TestSlowReadersOfLargeItemsHoldNoMoreThanThereIs(t *testing.T) {
	t.Parallel()
	const size, limit = 2 << 20, 13 << 20
	var mu sync.Mutex
	most := int64(0)
	s, path := budgetServer(t, config{CacheSize: -1}, limit)
	body := fmt.Sprintf(`{"title":"x","category":"SECURE_NOTE",`+
		`"fields":[{"purpose":"NOTES","value":"%s"}]}`, strings.Repeat("n", size))
	path = s.create(t, path, body)
	read := func(method, body string) int {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer local")
		r.Header.Set("Content-Type", "application/json")
		w := &slowRecorder{ResponseRecorder: httptest.NewRecorder(), each: func() {
			mu.Lock()
			defer mu.Unlock()
			s.waitForMemory(func(used int64, _ int) bool { most = max(most, used); return true })
		}}
		s.ServeHTTP(w, r)
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
				t.Errorf("answered %d", code)
			}
		})
	}
	readers.Wait()
	if most < size || most > limit {
		t.Errorf("up to %d bytes were counted", most)
	}
	s.waitForMemory(func(used int64, waiting int) bool { return used == 0 && waiting == 0 })
}

// slowRecorder calls each before each piece that is written.
type slowRecorder struct {
	*httptest.ResponseRecorder
	each func()
}

func (w *slowRecorder) Write(b []byte) (int, error) { w.each(); return w.ResponseRecorder.Write(b) }

func TestReadersThatStallAreLetGo(t *testing.T) {
	t.Parallel()
	log := make(lines, 20)
	s, path := budgetServer(t, config{CacheSize: -1, BodyTimeout: time.Millisecond, MaxBody: 64 << 20, Log: slog.New(slog.NewTextHandler(log, nil))}, 1<<20)
	body := `{"title":"` + strings.Repeat("n", 32<<20) + `","category":"LOGIN"}`
	path = s.create(t, path, body)
	at := httptest.NewServer(s)
	t.Cleanup(at.Close)
	connectTo(t, at, "GET "+path+" HTTP/1.1", "\r\n") // and never reads
	if line := <-log; !strings.Contains(line, "while reading its answer") || !strings.Contains(line, "operation=GetVaultItemById") {
		t.Error(line)
	}
	s.waitForMemory(func(used int64, waiting int) bool { return used == 0 && waiting == 0 })
}
