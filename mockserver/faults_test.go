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
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// faultCounts returns how often a fault matched and was applied.
func (r *testServer) faultCounts(t testing.TB, name string) (matched, applied int) {
	t.Helper()
	all, err := r.Mock.Faults(t.Context(), "")
	must(t, err)
	for _, f := range all {
		if f.Name == name {
			return f.Matched, f.Struck
		}
	}
	t.Fatalf("there is no fault %q", name)
	return 0, 0
}

func TestFault_SelectsRequests(t *testing.T) {
	t.Parallel()
	s, d := newServer(t).withoutCheck(), demo(t)
	main, reader := token(s.Token), token(s.NewToken(t, controlapi.Token{Name: "reader"}))
	unknown, none := token("unknown"), noHeader("Authorization")
	office, other := "/v1/vaults/"+d.vault("Office"), "/v1/vaults/"+d.vault("Deployments")
	type request struct {
		path  string
		token requestOption
	}
	for name, test := range map[string]struct {
		fault     controlapi.Fault
		hit, miss request // the fault applies to the first only
	}{
		"vault by name":     {controlapi.Fault{Vault: "Office"}, request{office + "/items", main}, request{other + "/items", main}},
		"vault by id":       {controlapi.Fault{Vault: d.vault("Office")}, request{office, main}, request{"/v1/vaults", main}},
		"token by name":     {controlapi.Fault{Token: "reader"}, request{"/v1/vaults", reader}, request{"/v1/vaults", main}},
		"account by name":   {controlapi.Fault{Account: "demo"}, request{"/v1/vaults", main}, request{"/v1/vaults", unknown}},
		"unknown token":     {controlapi.Fault{Operation: "GetVaults"}, request{"/v1/vaults", unknown}, request{office, main}},
		"health":            {controlapi.Fault{}, request{"/health", none}, request{"/heartbeat", main}},
		"metrics, named":    {controlapi.Fault{Operation: "GetPrometheusMetrics"}, request{"/metrics", main}, request{"/health", main}},
		"heartbeat, named":  {controlapi.Fault{Operation: "GetHeartbeat"}, request{"/heartbeat", main}, request{"/metrics", main}},
		"health of a token": {controlapi.Fault{Token: "reader"}, request{"/health", reader}, request{"/health", none}},
	} {
		test.fault.Abort = &controlapi.Abort{Status: 418}
		fault := s.addFault(t, test.fault).Name
		if got := s.get(t, test.hit.path, test.hit.token); got.status != 418 {
			t.Errorf("%s: %s: status %d", name, got.request, got.status)
		}
		if got := s.get(t, test.miss.path, test.miss.token); got.status == 418 {
			t.Errorf("%s: the fault was applied to %s", name, got.request)
		}
		if matched, applied := s.faultCounts(t, fault); matched != 1 || applied != 1 {
			t.Errorf("%s: matched %d, applied to %d", name, matched, applied)
		}
		must(t, s.Mock.RemoveFault(t.Context(), fault))
	}
	_, err := s.Mock.AddFault(t.Context(), controlapi.Fault{Account: "nobody", MalformJSON: true})
	wantControlError(t, err, 404, "nobody")
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
	name := s.addFault(t, controlapi.Fault{
		Operation: "CreateVaultItem", Abort: &controlapi.Abort{Status: 429}, Headers: map[string]string{"Retry-After": "7"},
	}).Name
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
	log := s.journal(t, controlapi.JournalQuery{Fault: name})
	if len(log) != 1 || log[0].Status != 429 {
		t.Errorf("the journal has %+v", log)
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
		items := d.items("Office")
		name := s.addFault(t, controlapi.Fault{Delay: &controlapi.Delay{Fixed: controlapi.Duration(time.Hour)}}).Name
		for method, body := range map[string]string{"GET": "", "POST": `{"title":"t","category":"LOGIN"}`} {
			ctx, cancel := context.WithCancel(t.Context())
			request, err := http.NewRequestWithContext(ctx, method, s.URL+items, strings.NewReader(body))
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
		must(t, s.Mock.ResetFaults(t.Context(), ""))
		if got := s.get(t, items+"?filter=title+eq+%22t%22").wantOK(t); string(got.body) != "[]" {
			t.Errorf("a canceled request was done: %s", got.body)
		}
		<-ended
	}
}

// A connection that is reset does not tell whether the write was done; only the item
// does.
func TestFault_ResetConnectionKeepsTheWrite(t *testing.T) {
	t.Parallel()
	s, d := newServer(t).withoutCheck(), demo(t)
	items := d.items("Office")
	for title, f := range map[string]controlapi.Fault{
		"done":     {Connection: "reset"},
		"not done": {Connection: "reset", Abort: &controlapi.Abort{Status: 500}},
	} {
		f.Operation = "CreateVaultItem"
		name := s.addFault(t, f).Name
		_, err := s.Client.Post(s.URL+items, "application/json",
			strings.NewReader(`{"title":"`+title+`","category":"LOGIN"}`))
		if err == nil {
			t.Errorf("%s: the POST has a response", title)
		}
		must(t, s.Mock.RemoveFault(t.Context(), name))
		list := s.list(t, items+"?filter=title+eq+%22"+strings.ReplaceAll(title, " ", "+")+"%22")
		if (len(list) == 1) != (title == "done") {
			t.Errorf("%s: there are %d", title, len(list))
		}
	}
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
		its := token(s.NewToken(t, controlapi.Token{Name: strings.Repeat("x", n+1)}))
		all.Go(func() {
			for range rounds {
				got := s.get(t, "/v1/vaults", its)
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
