package mockserver_test

import (
	"crypto/sha256"
	"io"
	"net/http"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
)

// Not parallel: it measures memory. A file of 64 MiB goes in and out without
// being held whole, and nobody waits for a slow reader.
func TestLargeFilesStream(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 64 MiB")
	}
	const size, allowed = 64 << 20, 20 << 20
	world, item := withFiles(t, fixtures.File{Name: "large.bin", Size: size})
	file := filepath.Join(t.TempDir(), "mock.db")
	base := heap()
	watch := &watermark{}
	s := open(t, world, connecttest.WithConfig(func(c *mockserver.Config) {
		c.Store = file
		c.Fixture.Accounts[0].Vaults[0].Items[0].Files[0].Size = size
	})).bare()
	watch.look()
	list := as[[]connect.File](t, s.get(t, item+"/files"))
	if list[0].Size != size {
		t.Fatalf("size is %d", list[0].Size)
	}
	var sums [2][sha256.Size]byte
	for round := range sums {
		reply, err := s.Client.Get(s.URL + list[0].ContentPath)
		if err != nil {
			t.Fatal(err)
		}
		if got := reply.Header.Get("Content-Length"); got != strconv.Itoa(size) {
			t.Errorf("Content-Length is %s", got)
		}
		sum, total := sha256.New(), int64(0)
		for {
			n, err := io.CopyN(sum, reply.Body, 1<<20)
			total += n
			watch.look()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if total == 4<<20 { // the rest is still with the server
				s.send(t, "PATCH", item, `[{"op":"replace","path":"/title","value":"while reading"}]`).ok(t)
				s.get(t, item).ok(t)
			}
		}
		reply.Body.Close()
		if total != size {
			t.Errorf("read %d of %d bytes", total, size)
		}
		sum.Sum(sums[round][:0])
	}
	if sums[0] != sums[1] {
		t.Error("the second download is of another content")
	}
	if watch.most > base+allowed {
		t.Errorf("the heap grew from %d to %d MiB", base>>20, watch.most>>20)
	}
}

// A reader who goes away leaves the server able to answer the next one.
func TestReadersWhoGoAway(t *testing.T) {
	t.Parallel()
	world, item := withFiles(t, fixtures.File{Name: "large.bin", Size: 8 << 20})
	s := open(t, world).bare()
	path := as[[]connect.File](t, s.get(t, item+"/files"))[0].ContentPath
	for range 40 {
		reply, err := s.Client.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.CopyN(io.Discard, reply.Body, 1000)
		reply.Body.Close()
	}
	s.send(t, "HEAD", path, nil).ok(t)
	if got := len(s.get(t, path).ok(t).body); got != 8<<20 {
		t.Errorf("read %d bytes", got)
	}
}

// An item deleted while one of its files is read ends the download early: never
// wrong bytes under the right length.
func TestDeletedWhileRead(t *testing.T) {
	t.Parallel()
	world, item := withFiles(t, fixtures.File{Name: "large.bin", Size: 16 << 20})
	s := open(t, world).bare()
	path := as[[]connect.File](t, s.get(t, item+"/files"))[0].ContentPath
	want := sha256.Sum256(s.get(t, path).ok(t).body)
	reply, err := s.Client.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	s.send(t, "DELETE", item, nil).is(t, http.StatusNoContent)
	body, err := io.ReadAll(reply.Body)
	if err == nil && sha256.Sum256(body) != want {
		t.Errorf("%d other bytes without an error", len(body))
	}
	s.get(t, path).is(t, 404)
}

type watermark struct{ most uint64 }

// look counts what is in use, without the garbage: how much of that there is
// depends on how busy the machine is.
func (w *watermark) look() { w.most = max(w.most, heap()) }

// heap returns the bytes in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
