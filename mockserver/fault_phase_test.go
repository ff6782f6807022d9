package mockserver_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// phaseTest is a fault, without a phase, and what becomes of a request at each phase.
type phaseTest struct {
	fault                       controlapi.Fault
	unset, before, after        bool // the request is done
	refusesBefore, refusesAfter bool // the phase is refused
	isSuccess, isCut            bool // the client sees the request's own response, or its beginning
	status                      int  // that the client sees otherwise; 0: none
}

func phaseTests() map[string]phaseTest {
	delay, page, two := &controlapi.Delay{Fixed: 1}, "<h1>No</h1>", int64(2)
	abort := &controlapi.Abort{Status: 504, Body: &page}
	ofResponse := func(f controlapi.Fault) phaseTest {
		return phaseTest{fault: f, unset: true, before: true, refusesAfter: true, isSuccess: true}
	}
	return map[string]phaseTest{
		"delay":             {fault: controlapi.Fault{Delay: delay}, unset: true, before: true, after: true, isSuccess: true},
		"abort":             {fault: controlapi.Fault{Abort: &controlapi.Abort{Status: 500}}, after: true, status: 500},
		"abort with a body": {fault: controlapi.Fault{Abort: abort, ContentType: "text/html"}, after: true, status: 504},
		"reset":             {fault: controlapi.Fault{Connection: "reset"}, unset: true, after: true},
		"empty":             {fault: controlapi.Fault{Connection: "empty"}, unset: true, after: true},
		"delay and reset":   {fault: controlapi.Fault{Delay: delay, Connection: "reset"}, unset: true, after: true},
		"abort and empty":   {fault: controlapi.Fault{Abort: abort, Connection: "empty"}, after: true},
		"abort and lag":     {fault: controlapi.Fault{Abort: abort, Lag: 1}, after: true, status: 504},
		"reset within the body": {
			fault: controlapi.Fault{Connection: "reset", Truncate: &two}, unset: true, after: true, refusesBefore: true,
			isCut: true,
		},
		"headers":      ofResponse(controlapi.Fault{Headers: map[string]string{"A": "b"}}),
		"drop headers": ofResponse(controlapi.Fault{DropHeaders: []string{"Date"}}),
		"content type": ofResponse(controlapi.Fault{ContentType: "text/html"}),
		"drip":         ofResponse(controlapi.Fault{Drip: &controlapi.Drip{Bytes: 500, Every: 1}}),
		"malform JSON": ofResponse(controlapi.Fault{MalformJSON: true}),
		"lag":          ofResponse(controlapi.Fault{Lag: 1}),
		"truncate": {
			fault: controlapi.Fault{Truncate: &two}, unset: true, before: true, refusesAfter: true, isCut: true,
		},
	}
}

// phaseRequest is a request to an operation.
type phaseRequest struct{ operation, method, path, body string }

func phaseRequests(d demoData) []phaseRequest {
	item := d.path("Office", "Guest Wi-Fi")
	return []phaseRequest{
		{"GetVaultItemById", "GET", item, ""},
		{"CreateVaultItem", "POST", d.items("Office"), `{"title":"new","category":"LOGIN"}`},
		{"UpdateVaultItem", "PUT", item, `{"title":"replaced","category":"WIRELESS_ROUTER","id":"` + lastSegment(item) +
			`","vault":{"id":"` + d.vault("Office") + `"}}`},
		{"PatchVaultItem", "PATCH", item, `[{"op":"replace","path":"/title","value":"changed"}]`},
		{"DeleteVaultItem", "DELETE", item, ""},
		{"DownloadFileByID", "GET", d.file("Deployments", "Deploy Certificates", "chain.pem") + "/content", ""},
	}
}

// newPhaseServer returns a server that has the same state as every other one after the same requests.
func newPhaseServer(t *testing.T) *testServer {
	t.Helper()
	at := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	return newServer(t, withoutHistory(), connecttest.WithoutSocket(), connecttest.WithSeed(7),
		connecttest.WithClock(func() time.Time { return at })).withoutCheck()
}

// After a request with a fault the account, with its activity log, is as after the same request without the fault, or
// as it was before. The journal says which.
func TestFaultPhase_DecidesWhetherTheRequestIsDone(t *testing.T) {
	t.Parallel()
	d, account := demo(t), demo(t).fixture.Accounts[0].ID
	untouched := newPhaseServer(t).accountState(t, account)
	for _, request := range phaseRequests(d) {
		t.Run(request.operation, func(t *testing.T) {
			t.Parallel()
			plain := newPhaseServer(t)
			status := plain.send(t, request.method, request.path, request.body).status
			if status >= 300 {
				t.Fatalf("without a fault the status is %d", status)
			}
			done := plain.accountState(t, account)
			if done == untouched {
				t.Fatal("without a fault the request changes nothing, not even the activity log")
			}
			for name, test := range phaseTests() {
				for phase, isDone := range map[string]bool{"": test.unset, "before": test.before, "after": test.after} {
					if phase == "before" && test.refusesBefore || phase == "after" && test.refusesAfter {
						continue
					}
					t.Run(name+" "+phase, func(t *testing.T) {
						t.Parallel()
						s, f := newPhaseServer(t), test.fault
						f.Name, f.Phase = "f", phase
						if s.addFault(t, f); test.fault.Lag > 0 && request.method == "GET" {
							return // such a fault does not apply
						}
						got, err := s.do(request.method, request.path, strings.NewReader(request.body), nil)
						wanted := test.status
						if test.isSuccess || test.isCut {
							wanted = status
						}
						if got.status != wanted || (err == nil) != (wanted != 0) && !test.isCut {
							t.Errorf("status %d, error %v; want %d", got.status, err, wanted)
						}
						entry := s.lastEntry(t)
						if saidSo := isDone && !test.isSuccess && !test.isCut; entry.Done != saidSo {
							t.Errorf("the journal has %+v, want done: %t", entry, saidSo)
						}
						if wanted != status {
							result := "nothing was done"
							if isDone {
								result = "the operation was carried out"
							}
							s.wantExplanation(t, "fault", result)
						}
						must(t, s.Mock.RemoveFault(t.Context(), "f"))
						want := untouched
						if isDone {
							want = done
						}
						wantState(t, want, s.accountState(t, account), "the account")
					})
				}
			}
		})
	}
}

// A fault that acts after a request replaces the response of one that was refused too: then nothing was done.
func TestFaultPhase_AfterARefusedRequestNothingIsDone(t *testing.T) {
	t.Parallel()
	s, d := newPhaseServer(t), demo(t)
	before := s.accountState(t, d.fixture.Accounts[0].ID)
	s.addFault(t, controlapi.Fault{Name: "f", Phase: "after", Abort: &controlapi.Abort{Status: 502}})
	for name, test := range map[string]struct {
		method, path, body string
		option             requestOption
	}{
		"401": {"POST", d.items("Office"), `{"title":"t","category":"LOGIN"}`, token("unknown")},
		"400": {"POST", d.items("Office"), `{"title":"t"}`, token(s.Token)},
		"404": {"DELETE", d.items("Office") + "/" + noItem, "", token(s.Token)},
	} {
		s.send(t, test.method, test.path, test.body, test.option).wantStatus(t, 502)
		if e := s.lastEntry(t); e.Done || e.Status != 502 {
			t.Errorf("%s: the journal has %+v", name, e)
		}
		s.wantExplanation(t, "fault", "the fault f made the response; nothing was done")
	}
	must(t, s.Mock.RemoveFault(t.Context(), "f"))
	after := s.accountState(t, d.fixture.Accounts[0].ID)
	wantState(t, withoutActivity(before), withoutActivity(after), "the account")
}

// Several faults: one that ends the request before it is handled decides; aborts keep the phase of the first.
func TestFaultPhase_OfSeveralFaults(t *testing.T) {
	t.Parallel()
	abort := func(phase string, status int) controlapi.Fault {
		return controlapi.Fault{Phase: phase, Abort: &controlapi.Abort{Status: status}}
	}
	delay := func(phase string) controlapi.Fault {
		return controlapi.Fault{Phase: phase, Delay: &controlapi.Delay{Fixed: 1}}
	}
	reset := func(phase string) controlapi.Fault { return controlapi.Fault{Phase: phase, Connection: "reset"} }
	ten := int64(10)
	for name, test := range map[string]struct {
		faults []controlapi.Fault
		status int
		isDone bool
	}{
		"abort after, abort before": {[]controlapi.Fault{abort("after", 500), abort("before", 429)}, 500, true},
		"abort before, abort after": {[]controlapi.Fault{abort("before", 429), abort("after", 500)}, 429, false},
		"abort after, reset before": {[]controlapi.Fault{abort("after", 500), reset("before")}, 0, false},
		"abort after, reset":        {[]controlapi.Fault{abort("after", 500), reset("")}, 0, true},
		"reset after, abort before": {[]controlapi.Fault{reset("after"), abort("before", 500)}, 0, false},
		"reset, reset before":       {[]controlapi.Fault{reset(""), reset("before")}, 0, true},
		"delays of both phases":     {[]controlapi.Fault{delay("after"), delay("before"), abort("after", 503)}, 503, true},
		"delay after, abort before": {[]controlapi.Fault{delay("after"), abort("before", 503)}, 503, false},
		"truncate, reset before":    {[]controlapi.Fault{{Truncate: &ten}, reset("before")}, 0, false},
		"headers, abort after":      {[]controlapi.Fault{{Headers: map[string]string{"A": "b"}}, abort("after", 503)}, 503, true},
		"sync down, abort after":    {[]controlapi.Fault{{Sync: "down"}, abort("after", 502)}, 502, false},
		"lag, reset after":          {[]controlapi.Fault{{Lag: 1}, reset("after")}, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, d := newPhaseServer(t), demo(t)
			for _, f := range test.faults {
				s.addFault(t, f)
			}
			got, err := s.do("POST", d.items("Office"), strings.NewReader(`{"title":"once","category":"LOGIN"}`), nil)
			if got.status != test.status || (err == nil) != (test.status != 0) {
				t.Errorf("status %d, error %v; want %d", got.status, err, test.status)
			}
			if e := s.lastEntry(t); e.Done != test.isDone || e.Status != test.status {
				t.Errorf("the journal has %+v", e)
			}
			must(t, s.Mock.ResetFaults(t.Context(), ""))
			list := s.list(t, d.items("Office")+"?filter=title+eq+%22once%22")
			if (len(list) == 1) != test.isDone {
				t.Errorf("there are %d items", len(list))
			}
		})
	}
}

// A client that gives up while the response is delayed has done its request, once.
func TestFaultPhase_TimeoutAfterTheRequestIsDone(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]connecttest.Option{"socket": nil, "no socket": {connecttest.WithoutSocket()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ended := make(chan mockserver.ResponseInfo, 10)
			s, d := newServer(t, append(options, connecttest.WithConfig(func(c *mockserver.Config) {
				c.OnResponse = func(r mockserver.ResponseInfo) {
					if r.Operation == "CreateVaultItem" {
						ended <- r
					}
				}
			}))...).withoutCheck(), demo(t)
			items := d.items("Office")
			found := items + "?filter=title+eq+%22once%22"
			s.addFault(t, controlapi.Fault{Name: "late", Preset: "timeout-after-write"})
			ctx, cancel := context.WithCancel(t.Context())
			request, err := http.NewRequestWithContext(ctx, "POST", s.URL+items,
				strings.NewReader(`{"title":"once","category":"LOGIN"}`))
			must(t, err)
			request.Header.Set("Content-Type", "application/json")
			var all sync.WaitGroup
			all.Go(func() {
				if reply, err := s.Client.Do(request); !errors.Is(err, context.Canceled) {
					t.Errorf("it ended with %v", err)
					if err == nil {
						reply.Body.Close()
					}
				}
			})
			for len(s.list(t, found)) == 0 {
				runtime.Gosched() // until it is done
			}
			cancel()
			all.Wait()
			if r := <-ended; r.Status != 0 {
				t.Errorf("reported %+v", r)
			}
			log := s.journal(t, controlapi.JournalQuery{Fault: "late"})
			if len(log) != 1 || log[0].Status != 0 || !log[0].Done {
				t.Errorf("the journal has %+v", log)
			}
			explanation, err := s.Mock.Explain(t.Context(), log[0].ID)
			must(t, err)
			wantExplanation(t, explanation, "fault",
				"the fault late kept the response from the client; the operation was carried out")
			if list := s.list(t, found); len(list) != 1 {
				t.Errorf("there are %d items", len(list))
			}
		})
	}
}
