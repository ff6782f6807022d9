package mockserver

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
)

// Room is given in the order of asking, never more than there is, and who gives
// up loses nobody's place.
func TestBodiesWaitInLine(t *testing.T) {
	t.Parallel()
	b := newBodies(10)
	take := func(size int64) int64 {
		t.Helper()
		n, err := b.take(t.Context(), size)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := take(1000); n != 10 {
		t.Errorf("a body above all room takes %d", n)
	}
	gone, give := context.WithCancel(t.Context())
	failed := make(chan error)
	queued := func(n int) {
		for {
			b.mu.Lock()
			there := len(b.line)
			b.mu.Unlock()
			if there == n {
				return
			}
		}
	}
	go func() { _, err := b.take(gone, 10); failed <- err }()
	queued(1)
	order := make(chan int64, 3)
	for i, size := range []int64{6, 4, 5} {
		go func() { take(size); order <- size }()
		queued(i + 2)
	}
	give()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("who gave up was told %v", err)
	}
	b.give(10)
	if first := <-order + <-order; first != 10 { // 6 and 4, and 5 waits
		t.Errorf("let in first: %d together", first)
	}
	b.give(6)
	if n := <-order; n != 5 {
		t.Errorf("let in last: %d", n)
	}
	b.give(4)
	b.give(5)
	if b.free != 10 || len(b.line) != 0 {
		t.Errorf("%d free, %d in line", b.free, len(b.line))
	}
}

// Large bodies wait while there is no room, small ones do not; all of them are
// answered, and all room comes back.
func TestLargeBodiesWaitForRoom(t *testing.T) {
	t.Parallel()
	s, err := New(Config{Tokens: map[string]string{"t": "local"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	s.bodies = newBodies(smallBody)
	vault := fixtures.Demo().Accounts[0].Vaults[0].ID
	post := func(body io.Reader, length int64) int {
		r := httptest.NewRequest(http.MethodPost, "/v1/vaults/"+vault+"/items", body)
		r.ContentLength = length
		r.Header.Set("Authorization", "Bearer local")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code
	}
	small := `{"title":"x","category":"LOGIN","vault":{"id":"` + vault + `"}}`
	large := small + strings.Repeat(" ", 3*smallBody)
	slow, sender := io.Pipe()
	answered := make(chan int)
	go func() { answered <- post(slow, int64(len(large))) }()
	if _, err := io.WriteString(sender, large[:2*smallBody]); err != nil { // it has its room
		t.Fatal(err)
	}
	for _, length := range []int64{int64(len(large)), -1} {
		go func() { answered <- post(strings.NewReader(large), length) }()
	}
	if code := post(strings.NewReader(small), int64(len(small))); code != 200 {
		t.Errorf("a small body was answered %d", code)
	}
	select {
	case code := <-answered:
		t.Errorf("answered %d without room", code)
	default:
	}
	if _, err := io.WriteString(sender, large[2*smallBody:]); err != nil {
		t.Fatal(err)
	}
	sender.Close()
	for range 3 {
		if code := <-answered; code != 200 {
			t.Errorf("a large body was answered %d", code)
		}
	}
	if s.bodies.free != smallBody {
		t.Errorf("%d bytes of room came back", s.bodies.free)
	}
}
