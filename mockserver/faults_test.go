package mockserver_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// faultCounts returns how often a fault matched and was applied.
func (r *testServer) faultCounts(t testing.TB, name string) (matched, applied int) {
	t.Helper()
	all, err := r.Mock.Faults("")
	must(t, err)
	for _, f := range all {
		if f.Name == name {
			return f.Matched, f.Struck
		}
	}
	t.Fatalf("there is no fault %q", name)
	return 0, 0
}

// rawGet returns the bytes of a response and the error that ended the connection, nil
// if the server closed it.
func (r *testServer) rawGet(t testing.TB, path string) (text string, ended error) {
	t.Helper()
	c := r.rawConn(t, path)
	defer c.Close()
	all, err := io.ReadAll(c)
	return string(all), err
}

// rawConn sends a GET on a connection of its own.
func (r *testServer) rawConn(t testing.TB, path string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(r.URL, "http://"))
	must(t, err)
	must(t, c.SetDeadline(time.Now().Add(time.Minute)))
	_, err = io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: mock\r\nConnection: close\r\nAuthorization: Bearer "+r.Token+"\r\n\r\n")
	must(t, err)
	return c
}

// splitResponse splits what rawGet returns.
func splitResponse(text string) (head, body string) {
	head, body, _ = strings.Cut(text, "\r\n\r\n")
	return head, body
}

func TestFault_SelectsRequests(t *testing.T) {
	t.Parallel()
	s, d := newServer(t).withoutCheck(), demo(t)
	reader := token(s.NewToken(t, controlapi.Token{Name: "reader"}))
	teapot := func(f controlapi.Fault) string {
		f.Abort = &controlapi.Abort{Status: 418}
		return s.addFault(t, f).Name
	}
	office, other := "/v1/vaults/"+d.vault("Office"), "/v1/vaults/"+d.vault("Deployments")
	for name, test := range map[string]struct {
		fault     controlapi.Fault
		hit, miss func() response
	}{
		"vault by name": {controlapi.Fault{Vault: "Office"},
			func() response { return s.get(t, office+"/items") }, func() response { return s.get(t, other+"/items") }},
		"vault by id": {controlapi.Fault{Vault: d.vault("Office")},
			func() response { return s.get(t, office) }, func() response { return s.get(t, "/v1/vaults") }},
		"token by name": {controlapi.Fault{Token: "reader"},
			func() response { return s.get(t, "/v1/vaults", reader) }, func() response { return s.get(t, "/v1/vaults") }},
		"account by name": {controlapi.Fault{Account: fixtures.Demo().Accounts[0].Name},
			func() response { return s.get(t, "/v1/vaults") }, func() response { return s.get(t, "/v1/vaults", token("unknown")) }},
		"unknown token": {controlapi.Fault{Operation: "GetVaults"},
			func() response { return s.get(t, "/v1/vaults", token("unknown")) }, func() response { return s.get(t, office) }},
		"health": {controlapi.Fault{},
			func() response { return s.get(t, "/health", noHeader("Authorization")) }, func() response { return s.get(t, "/heartbeat") }},
		"metrics, named": {controlapi.Fault{Operation: "GetPrometheusMetrics"},
			func() response { return s.get(t, "/metrics") }, func() response { return s.get(t, "/health") }},
		"heartbeat, named": {controlapi.Fault{Operation: "GetHeartbeat"},
			func() response { return s.get(t, "/heartbeat") }, func() response { return s.get(t, "/metrics") }},
		"health of a token": {controlapi.Fault{Token: "reader"},
			func() response { return s.get(t, "/health", reader) }, func() response { return s.get(t, "/health", noHeader("Authorization")) }},
	} {
		fault := teapot(test.fault)
		if got := test.hit(); got.status != 418 {
			t.Errorf("%s: %s was: status %d", name, got.request, got.status)
		}
		if got := test.miss(); got.status == 418 {
			t.Errorf("%s: the fault was applied to %s", name, got.request)
		}
		if matched, applied := s.faultCounts(t, fault); matched != 1 || applied != 1 {
			t.Errorf("%s: matched %d, applied to %d", name, matched, applied)
		}
		if err := s.Mock.RemoveFault(fault); err != nil {
			t.Error(err)
		}
	}
	_, err := s.Mock.AddFault(t.Context(), controlapi.Fault{Account: "nobody", MalformJSON: true})
	var refusal *controlapi.Error
	if !errors.As(err, &refusal) || refusal.Status != 404 {
		t.Errorf("a fault of an unknown account: %v", err)
	}
}

// An aborted request creates no item and no activity. OnResponse and the journal have
// the status that the client got.
func TestFault_AbortedRequestsChangeNothing(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var reported []mockserver.ResponseInfo
	s, d := newServer(t, withoutHistory(), connecttest.WithConfig(func(c *mockserver.Config) {
		c.CheckResponses = true // responses with a fault are not checked
		c.OnResponse = func(a mockserver.ResponseInfo) {
			mu.Lock()
			defer mu.Unlock()
			reported = append(reported, a)
		}
	})).withoutCheck(), demo(t)
	before, records := s.vault(t, d.vault("Office")), s.activityTotal(t)
	name := s.addFault(t, controlapi.Fault{Operation: "CreateVaultItem", Abort: &controlapi.Abort{Status: 429}, Headers: map[string]string{"Retry-After": "7"}}).Name
	got := s.send(t, "POST", d.items("Office"), `{"title":"t","category":"LOGIN"}`)
	got.wantError(t, &connect.Error{Status: 429, Message: "Too Many Requests"})
	if got.header.Get("Retry-After") != "7" {
		t.Errorf("headers %v", got.header)
	}
	if now := s.activityTotal(t); now != records {
		t.Errorf("%d records became %d", records, now)
	}
	if after := s.vault(t, d.vault("Office")); after != before {
		t.Errorf("the vault was %+v and is %+v", before, after)
	}
	mu.Lock()
	defer mu.Unlock()
	for _, a := range reported {
		if a.Operation == "CreateVaultItem" && (a.Status != 429 || a.Err != nil || a.Bytes != int64(len(got.body))) {
			t.Errorf("reported %+v", a)
		}
	}
	log, err := s.Mock.Journal(controlapi.JournalQuery{Fault: name})
	if err != nil || len(log.Entries) != 1 || log.Entries[0].Status != 429 {
		t.Errorf("the journal says %+v, error %v", log, err)
	}
}

// The journal has the status and the bytes that were sent before the connection was
// closed.
func TestFault_JournalCountsWhatWasSent(t *testing.T) {
	t.Parallel()
	s := newServer(t).withoutCheck()
	four := int64(4)
	for name, test := range map[string]struct {
		fault  controlapi.Fault
		status int
		bytes  int64
	}{
		"reset":    {controlapi.Fault{Connection: "reset"}, 0, 0},
		"empty":    {controlapi.Fault{Connection: "empty"}, 0, 0},
		"truncate": {controlapi.Fault{Truncate: &four}, 200, 4},
	} {
		test.fault.Name, test.fault.Times = name, 1
		s.addFault(t, test.fault)
		s.rawGet(t, "/v1/vaults")
		log, err := s.Mock.Journal(controlapi.JournalQuery{Fault: name})
		if err != nil || len(log.Entries) != 1 || log.Entries[0].Status != test.status || log.Entries[0].Bytes != test.bytes {
			t.Errorf("%s: the journal says %+v, error %v", name, log, err)
		}
	}
}

// A delayed request, with or without a body, ends when its client disconnects.
func TestFault_DelayEndsWhenTheClientDisconnects(t *testing.T) {
	t.Parallel()
	for _, options := range [][]connecttest.Option{nil, {connecttest.WithoutSocket()}} {
		ended := make(chan mockserver.ResponseInfo, 2)
		s, d := newServer(t, append(options, connecttest.WithConfig(func(c *mockserver.Config) {
			c.OnResponse = func(a mockserver.ResponseInfo) { ended <- a }
		}))...).withoutCheck(), demo(t)
		vault := d.vault("Office")
		name := s.addFault(t, controlapi.Fault{Delay: &controlapi.Delay{Fixed: controlapi.Duration(time.Hour)}}).Name
		for method, body := range map[string]string{"GET": "", "POST": `{"title":"t","category":"LOGIN"}`} {
			ctx, cancel := context.WithCancel(t.Context())
			request, err := http.NewRequestWithContext(ctx, method, s.URL+"/v1/vaults/"+vault+"/items", strings.NewReader(body))
			must(t, err)
			request.Header.Set("Content-Type", "application/json")
			var all sync.WaitGroup
			all.Go(func() {
				if _, err := s.Client.Do(request); !errors.Is(err, context.Canceled) {
					t.Errorf("%s ended with %v", method, err)
				}
			})
			was, _ := s.faultCounts(t, name)
			for now := was; now == was; now, _ = s.faultCounts(t, name) {
				runtime.Gosched() // until the request has arrived
			}
			cancel()
			all.Wait()
			if a := <-ended; a.Status != 0 || a.Method != method {
				t.Errorf("reported %+v", a)
			}
		}
		must(t, s.Mock.ResetFaults(""))
		if got := s.get(t, "/v1/vaults/"+vault+"/items?filter=title+eq+%22t%22").wantOK(t); string(got.body) != "[]" {
			t.Errorf("what was given up was done: %s", got.body)
		}
		<-ended
	}
}

// A connection that is reset does not tell whether the write was done; only the item
// does.
func TestFault_ResetConnectionKeepsTheWrite(t *testing.T) {
	t.Parallel()
	s, d := newServer(t).withoutCheck(), demo(t)
	vault := d.items("Office")
	for title, f := range map[string]controlapi.Fault{
		"done":     {Connection: "reset"},
		"not done": {Connection: "reset", Abort: &controlapi.Abort{Status: 500}},
	} {
		f.Operation = "CreateVaultItem"
		name := s.addFault(t, f).Name
		_, err := s.Client.Post(s.URL+vault, "application/json", strings.NewReader(`{"title":"`+title+`","category":"LOGIN"}`))
		if err == nil {
			t.Errorf("%s: the POST has a response", title)
		}
		must(t, s.Mock.RemoveFault(name))
		list := s.list(t, vault+"?filter=title+eq+%22"+strings.ReplaceAll(title, " ", "+")+"%22")
		if (len(list) == 1) != (title == "done") {
			t.Errorf("%s: there are %d", title, len(list))
		}
	}
}

func TestFault_WithoutSocket(t *testing.T) {
	t.Parallel()
	s := newServer(t, connecttest.WithoutSocket()).withoutCheck()
	whole := s.get(t, "/v1/vaults").wantOK(t).body
	ten, none := int64(10), int64(0)
	for name, test := range map[string]struct {
		fault    controlapi.Fault
		sent     int
		call     error // of the request
		read     error // of the body
		responds bool
	}{
		"reset":            {controlapi.Fault{Connection: "reset"}, 0, syscall.ECONNRESET, nil, false},
		"empty":            {controlapi.Fault{Connection: "empty"}, 0, io.EOF, nil, false},
		"truncate":         {controlapi.Fault{Truncate: &ten}, 10, nil, io.ErrUnexpectedEOF, true},
		"nothing sent":     {controlapi.Fault{Truncate: &none}, 0, nil, io.ErrUnexpectedEOF, true},
		"reset within":     {controlapi.Fault{Truncate: &ten, Connection: "reset"}, 10, nil, syscall.ECONNRESET, true},
		"drip":             {controlapi.Fault{Drip: &controlapi.Drip{Bytes: 100, Every: 1}}, len(whole), nil, nil, true},
		"nothing is wrong": {controlapi.Fault{Drip: &controlapi.Drip{Every: 1}, Times: 1, After: 99}, len(whole), nil, nil, true},
	} {
		fault := s.addFault(t, test.fault).Name
		reply, err := s.Client.Get(s.URL + "/v1/vaults")
		if !errors.Is(err, test.call) || (err == nil) != test.responds {
			t.Errorf("%s: error %v", name, err)
		}
		if err == nil {
			body, err := io.ReadAll(reply.Body)
			if !errors.Is(err, test.read) || len(body) != test.sent {
				t.Errorf("%s: %d bytes, then %v", name, len(body), err)
			}
			if reply.ContentLength != int64(len(whole)) {
				t.Errorf("%s: Content-Length says %d bytes", name, reply.ContentLength)
			}
			reply.Body.Close()
		}
		must(t, s.Mock.RemoveFault(fault))
	}
}

// Faults of the body apply to streamed files too, and not to HEAD, which has no body.
func TestFault_OfDownloads(t *testing.T) {
	t.Parallel()
	s, d := newServer(t).withoutCheck(), demo(t)
	path := d.file("Deployments", "Deploy Certificates", "chain.pem") + "/content"
	whole := string(s.get(t, path).wantOK(t).body)
	less := int64(-7)
	name := s.addFault(t, controlapi.Fault{Operation: "DownloadFileByID", Truncate: &less, MalformJSON: true, Drip: &controlapi.Drip{Bytes: 500, Every: 1}}).Name
	text, err := s.rawGet(t, path)
	if _, body := splitResponse(text); err != nil || body != whole[:len(whole)-7] {
		t.Errorf("downloaded %d of %d bytes, error %v", len(body), len(whole), err)
	}
	if head := s.send(t, "HEAD", path, nil).wantOK(t); head.header.Get("Content-Length") == "" || len(head.body) != 0 {
		t.Errorf("HEAD: %v", head.header)
	}
	must(t, s.Mock.RemoveFault(name))
	if again := s.get(t, path).wantOK(t); string(again.body) != whole {
		t.Error("without the fault the file is another")
	}
}

// Dropped headers are not added again by net/http.
func TestFault_DropsHeaders(t *testing.T) {
	t.Parallel()
	s := newServer(t).withoutCheck()
	whole := string(s.get(t, "/v1/vaults").wantOK(t).body)
	s.addFault(t, controlapi.Fault{DropHeaders: []string{"content-type", "Content-Length", "Date", "1password-connect-version"}})
	c := s.rawConn(t, "/v1/vaults")
	defer c.Close()
	reply, err := http.ReadResponse(bufio.NewReader(c), nil)
	must(t, err)
	defer reply.Body.Close()
	for name := range reply.Header {
		t.Errorf("there is a header %s", name)
	}
	if body, err := io.ReadAll(reply.Body); err != nil || string(body) != whole {
		t.Errorf("read %d of %d bytes, error %v", len(body), len(whole), err)
	}
}

// The parts of a drip arrive one by one: the second is not sent before its time.
func TestFault_DripSendsInParts(t *testing.T) {
	t.Parallel()
	s := newServer(t).withoutCheck()
	s.addFault(t, controlapi.Fault{Drip: &controlapi.Drip{Bytes: 10, Every: controlapi.Duration(time.Hour)}})
	c := s.rawConn(t, "/v1/vaults")
	reader := bufio.NewReader(c)
	reply, err := http.ReadResponse(reader, nil)
	must(t, err)
	drop := make([]byte, 10)
	if _, err := io.ReadFull(reply.Body, drop); err != nil || !strings.HasPrefix(string(drop), `[{"attr`) {
		t.Errorf("the first drop is %q, error %v", drop, err)
	}
	if reader.Buffered() > 0 {
		t.Error("more than a drop came at once")
	}
	must(t, c.SetReadDeadline(time.Now().Add(20*time.Millisecond)))
	if n, err := reader.Read(drop); n > 0 || !errors.Is(err, syscall.ETIMEDOUT) && !isTimeout(err) {
		t.Errorf("then came %q, error %v", drop[:n], err)
	}
	c.Close() // so that the server can close
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// The counts of faults are exact with many clients.
func TestFault_CountsUnderTraffic(t *testing.T) {
	t.Parallel()
	s := newServer(t).withoutCheck()
	const clients, rounds = 16, 10
	s.addFault(t, controlapi.Fault{Name: "each", Per: "token", Times: 3, Abort: &controlapi.Abort{Status: 503}})
	s.addFault(t, controlapi.Fault{Name: "all", Times: 7, After: 20, Abort: &controlapi.Abort{Status: 504}})
	var all sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for n := range clients {
		who := token(s.NewToken(t, controlapi.Token{Name: strings.Repeat("x", n+1)}))
		all.Go(func() {
			for range rounds {
				got := s.get(t, "/v1/vaults", who)
				mu.Lock()
				statuses[got.status]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if statuses[503] != clients*3 || statuses[504] != 7 || statuses[200] != clients*rounds-clients*3-7 {
		t.Errorf("statuses %v", statuses)
	}
}

// TestFault_Presets checks what clients see of each preset. Responses are checked
// against the document where they obey it.
func TestFault_Presets(t *testing.T) {
	t.Parallel()
	d := demo(t)
	office := d.vault("Office")
	items, it := "/v1/vaults/"+office+"/items", d.path("Office", "Guest Wi-Fi")
	content := d.file("Deployments", "Deploy Certificates", "chain.pem") + "/content"
	const note = `{"title":"t","category":"SECURE_NOTE"}`
	for name, run := range map[string]func(*testing.T, *testServer){
		"first-request-401": func(t *testing.T, s *testServer) {
			for _, who := range []requestOption{func(*http.Request) {}, token(s.NewToken(t, controlapi.Token{Name: "second"}))} {
				s.get(t, "/v1/vaults", who).wantError(t, connect.InvalidToken())
				s.get(t, "/v1/vaults", who).wantOK(t)
				s.get(t, items, who).wantOK(t)
			}
		},
		"delete-conflict-500": func(t *testing.T, s *testServer) {
			s.send(t, "DELETE", it, nil).wantError(t, connect.SomethingWentWrong())
			s.get(t, it).wantOK(t)
			s.send(t, "DELETE", it, nil).wantStatus(t, 204)
		},
		"update-refused-400": func(t *testing.T, s *testServer) {
			made, path := s.create(t, office, `{"title":"a \"b\"","category":"SECURE_NOTE"}`)
			made.Title = "another title"
			s.send(t, "PUT", path, made).wantError(t, &connect.Error{Status: 400, Message: `Unable to update item "a "b"" in Vault "` + office + `"`})
			if got := s.item(t, path); got.Version != 1 {
				t.Errorf("the refused update was done: version %d", got.Version)
			}
			s.send(t, "PUT", items+"/"+noItem, made).wantError(t, &connect.Error{Status: 400, Message: `Unable to update item "` + noItem + `" in Vault "` + office + `"`})
			s.send(t, "PATCH", path, `[{"op":"replace","path":"/title","value":"c"}]`).wantOK(t)
		},
		"file-not-synced-500": func(t *testing.T, s *testServer) {
			s.get(t, strings.TrimSuffix(content, "/content")).wantOK(t)
			s.get(t, content).wantError(t, connect.SomethingWentWrong())
			s.get(t, content).wantError(t, connect.SomethingWentWrong())
			s.get(t, content).wantOK(t)
		},
		"intermittent-403": func(t *testing.T, s *testServer) {
			denied := 0
			for range 100 {
				if a := s.get(t, items); a.status == 403 {
					a.wantError(t, connect.VaultDenied(office))
					denied++
				}
				s.get(t, "/v1/vaults").wantOK(t)
			}
			if denied < 5 || denied > 40 {
				t.Errorf("%d of 100 were denied", denied)
			}
		},
		"expired-token": func(t *testing.T, s *testServer) {
			s.get(t, "/v1/vaults").wantError(t, connect.InvalidToken())
			s.send(t, "DELETE", it, nil).wantError(t, connect.InvalidToken())
			s.get(t, "/health").wantOK(t)
		},
		"read-only": func(t *testing.T, s *testServer) {
			s.send(t, "POST", items, note).wantError(t, connect.PermissionDenied("create", office))
			s.send(t, "PUT", it, note).wantError(t, connect.PermissionDenied("update", office))
			s.send(t, "PATCH", it, "[]").wantError(t, connect.PermissionDenied("update", office))
			s.send(t, "DELETE", it, nil).wantError(t, connect.PermissionDenied("delete", office))
			s.get(t, it).wantOK(t)
		},
		"throttled-429": func(t *testing.T, s *testServer) {
			a := s.withoutCheck().get(t, items).wantStatus(t, 429)
			a.wantError(t, &connect.Error{Status: 429, Message: "Too Many Requests"})
			if a.header.Get("Retry-After") != "1" {
				t.Errorf("headers %v", a.header)
			}
		},
		"gateway-502": gatewayTest(502), "gateway-503": gatewayTest(503), "gateway-504": gatewayTest(504),
		"missing-version-header": func(t *testing.T, s *testServer) {
			if a := s.withoutCheck().get(t, items).wantOK(t); a.header.Get("1Password-Connect-Version") != "" {
				t.Errorf("headers %v", a.header)
			}
		},
		"write-visibility-lag": func(t *testing.T, s *testServer) {
			_, path := s.create(t, office, note)
			s.get(t, path).wantStatus(t, 404)
			s.setClock(t, "", advanceBy(2*time.Second-1))
			s.get(t, path).wantStatus(t, 404)
			s.setClock(t, "", advanceBy(1))
			s.get(t, path).wantOK(t)
		},
		"sync-down": func(t *testing.T, s *testServer) {
			s.get(t, items).wantOK(t)
			s.send(t, "POST", items, note).wantError(t, connect.SomethingWentWrong())
			s.send(t, "POST", items, "{}").wantStatus(t, 400)
			health := decode[connect.Health](t, s.get(t, "/health"))
			for _, dep := range health.Dependencies {
				if down := dep.Service == "sync" || dep.Service == "1Password"; down != (dep.Status == "INACTIVE") && dep.Service != "account_data" {
					t.Errorf("health says %+v", dep)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := newClock()
			s := newServer(t, connecttest.WithClock(now.Now))
			s.addFault(t, controlapi.Fault{Preset: name})
			run(t, s)
			if err := s.Mock.RemoveFault(name); err != nil {
				t.Error(err)
			}
			s.get(t, "/v1/vaults").wantOK(t)
		})
	}
}

func gatewayTest(status int) func(*testing.T, *testServer) {
	return func(t *testing.T, s *testServer) {
		a := s.withoutCheck().get(t, "/v1/vaults").wantStatus(t, status)
		if a.header.Get("Content-Type") != "text/html" || a.header.Get("1Password-Connect-Version") != "" ||
			!strings.HasPrefix(string(a.body), "<html>") || json.Valid(a.body) {
			t.Errorf("%v %s", a.header, a.body)
		}
	}
}
