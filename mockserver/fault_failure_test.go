package mockserver_test

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// A 500 that a fault sends after the request was done is no failure of the server, and is not logged as one. A failure
// of the server is not replaced by a fault, so that it is seen.
func TestFaultPhase_TellsFailuresOfTheServerFromThoseOfFaults(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files that are open can't be removed")
	}
	path := filepath.Join(t.TempDir(), "mock.db")
	var output serverOutput
	server, err := connecttest.Start(withStore(path), withOutput(&output, nil), connecttest.WithoutSocket())
	must(t, err)
	t.Cleanup(func() { _ = server.Close() }) // names the removed file
	s := &testServer{server, server.Client}
	items := demo(t).items("Office")
	const item, failed = `{"title":"t","category":"LOGIN"}`, "request failed"

	s.addFault(t, controlapi.Fault{Name: "f", Phase: "after", Abort: &controlapi.Abort{Status: 500}})
	s.send(t, "POST", items, item).wantStatus(t, http.StatusInternalServerError)
	s.wantExplanation(t, "fault", "the operation was carried out")
	if text := output.String(); strings.Contains(text, failed) {
		t.Errorf("a 500 of a fault is logged as a failure:\n%s", text)
	}

	must(t, s.Mock.RemoveFault(t.Context(), "f"))
	s.addFault(t, controlapi.Fault{Name: "g", Phase: "after", Abort: &controlapi.Abort{Status: 502}})
	for _, suffix := range []string{"", "-wal", "-shm"} {
		must(t, os.Remove(path+suffix))
	}
	s.send(t, "POST", items, item).wantStatus(t, http.StatusInternalServerError)
	if e := s.lastEntry(t); e.Done || e.Status != http.StatusInternalServerError {
		t.Errorf("the server failed, but the journal has %+v", e)
	}
	if n := strings.Count(output.String(), failed); n != 1 {
		t.Errorf("%d failures are logged, want 1:\n%s", n, output.String())
	}
}
