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

// TestDownload_StreamsLargeFiles loads and downloads a file of 64 MiB in less memory,
// and sends other requests during a download. It is not parallel, because it measures
// memory.
func TestDownload_StreamsLargeFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 64 MiB")
	}
	const size, allowed = 64 << 20, 20 << 20
	fixture, item := filesFixture(t, fixtures.File{Name: "large.bin", Size: size})
	file := filepath.Join(t.TempDir(), "mock.db")
	base := heapInUse()
	watch := &heapPeak{}
	s := newServer(t, fixture, connecttest.WithConfig(func(c *mockserver.Config) {
		c.Store = file
		c.Fixture.Accounts[0].Vaults[0].Items[0].Files[0].Size = size
	})).withoutCheck()
	watch.measure()
	list := decode[[]connect.File](t, s.get(t, item+"/files"))
	if list[0].Size != size {
		t.Fatalf("size is %d", list[0].Size)
	}
	var sums [2][sha256.Size]byte
	for round := range sums {
		reply, err := s.Client.Get(s.URL + list[0].ContentPath)
		must(t, err)
		wantEqual(t, strconv.Itoa(size), reply.Header.Get("Content-Length"), "Content-Length")
		sum, total := sha256.New(), int64(0)
		for {
			n, err := io.CopyN(sum, reply.Body, 1<<20)
			total += n
			if total%(8<<20) == 0 {
				watch.measure()
			}
			if err == io.EOF {
				break
			}
			must(t, err)
			if total == 4<<20 { // the server has not sent the rest
				s.send(t, "PATCH", item, `[{"op":"replace","path":"/title","value":"while reading"}]`).wantOK(t)
				s.get(t, item).wantOK(t)
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

// Clients disconnect during a download, and the next client gets the whole file.
func TestDownload_SurvivesClientsThatDisconnect(t *testing.T) {
	t.Parallel()
	fixture, item := filesFixture(t, fixtures.File{Name: "large.bin", Size: 8 << 20})
	s := newServer(t, fixture).withoutCheck()
	path := decode[[]connect.File](t, s.get(t, item+"/files"))[0].ContentPath
	for range 40 {
		reply, err := s.Client.Get(s.URL + path)
		must(t, err)
		_, _ = io.CopyN(io.Discard, reply.Body, 1000)
		reply.Body.Close()
	}
	s.send(t, "HEAD", path, nil).wantOK(t)
	wantEqual(t, 8<<20, len(s.get(t, path).wantOK(t).body), "bytes read")
}

// When an item is deleted, a download of its file ends with an error or is whole. It
// never has other bytes.
func TestDownload_EndsWhenTheItemIsDeleted(t *testing.T) {
	t.Parallel()
	fixture, item := filesFixture(t, fixtures.File{Name: "large.bin", Size: 16 << 20})
	s := newServer(t, fixture).withoutCheck()
	path := decode[[]connect.File](t, s.get(t, item+"/files"))[0].ContentPath
	want := sha256.Sum256(s.get(t, path).wantOK(t).body)
	reply, err := s.Client.Get(s.URL + path)
	must(t, err)
	defer reply.Body.Close()
	s.send(t, "DELETE", item, nil).wantStatus(t, http.StatusNoContent)
	body, err := io.ReadAll(reply.Body)
	if err == nil && sha256.Sum256(body) != want {
		t.Errorf("%d other bytes without an error", len(body))
	}
	s.get(t, path).wantStatus(t, 404)
}

type heapPeak struct{ most uint64 }

// measure notes the bytes in use without garbage, whose amount depends on the load
// of the machine.
func (w *heapPeak) measure() { w.most = max(w.most, heapInUse()) }

// heapInUse returns the bytes in use after a garbage collection.
func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
