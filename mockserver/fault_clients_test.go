package mockserver_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	sdk "github.com/1Password/connect-sdk-go/connect"
	"github.com/1Password/connect-sdk-go/onepassword"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// faultTest is what the official Go SDK, curl and a plain connection see of a fault.
type faultTest struct {
	name  string
	fault controlapi.Fault
	sdk   func(*testing.T, *testServer, sdk.Client)
	curl  func(t *testing.T, exit int, head, body string) // of GET /v1/vaults
	raw   func(t *testing.T, ended error, head, body string)
}

// minDelay is the least of the delays below.
const minDelay = 30 * time.Millisecond

func faultTests() []faultTest {
	page, ten := "<h1>No</h1>", int64(10)
	fails := func(with string) func(*testing.T, *testServer, sdk.Client) {
		return func(t *testing.T, _ *testServer, c sdk.Client) {
			t.Helper()
			if list, err := c.GetVaults(); err == nil || !strings.Contains(err.Error(), with) {
				t.Errorf("the SDK has %d vaults and error %v, want %q", len(list), err, with)
			}
		}
	}
	typed := func(status int, message string) func(*testing.T, *testServer, sdk.Client) {
		return func(t *testing.T, _ *testServer, c sdk.Client) {
			t.Helper()
			_, err := c.GetVaults()
			if !errors.Is(err, &onepassword.Error{StatusCode: status, Message: message}) {
				t.Errorf("the SDK has %T %v, want %d %q", err, err, status, message)
			}
		}
	}
	slow := func(t *testing.T, _ *testServer, c sdk.Client) {
		t.Helper()
		start := time.Now()
		if list, err := c.GetVaults(); err != nil || len(list) == 0 {
			t.Errorf("%d vaults, error %v", len(list), err)
		}
		if took := time.Since(start); took < minDelay {
			t.Errorf("it took %v only", took)
		}
	}
	refusesFiles := func(t *testing.T, s *testServer, c sdk.Client) {
		t.Helper()
		d := demo(t)
		it, err := c.GetItemByTitle("Rental Contract", d.vault("Office"))
		must(t, err)
		if _, err := c.GetFiles(it.ID, d.vault("Office")); err == nil ||
			!strings.Contains(err.Error(), "need at least version") {
			t.Errorf("the SDK takes files from an old server: %v", err)
		}
	}
	answers := func(t *testing.T, _ *testServer, c sdk.Client) {
		t.Helper()
		if list, err := c.GetVaults(); err != nil || len(list) == 0 {
			t.Errorf("%d vaults, error %v", len(list), err)
		}
	}
	whole := func(t *testing.T, exit int, head, body string) {
		t.Helper()
		if exit != 0 || !strings.HasPrefix(head, "HTTP/1.1 200") || !json.Valid([]byte(body)) {
			t.Errorf("exit %d, %s, %q", exit, head, body)
		}
	}
	has := func(exit int, want ...string) func(*testing.T, int, string, string) {
		return func(t *testing.T, got int, head, body string) {
			t.Helper()
			if got != exit {
				t.Errorf("exit %d, want %d", got, exit)
			}
			for _, line := range want {
				if !strings.Contains(head+"\r\n\r\n"+body, line) {
					t.Errorf("without %q: %s\n%s", line, head, body)
				}
			}
		}
	}
	// same expects what curl sees, and a connection that ends without an error.
	same := func(curl func(*testing.T, int, string, string), exit int) func(*testing.T, error, string, string) {
		return func(t *testing.T, ended error, head, body string) {
			t.Helper()
			if ended != nil {
				t.Errorf("the connection ended with %v", ended)
			}
			curl(t, exit, head, body)
		}
	}
	throttled := has(0, "HTTP/1.1 429", "Retry-After: 3", `{"status":429,"message":"Too Many Requests"}`)
	html := has(0, "HTTP/1.1 502", "Content-Type: text/html", page)
	connects := has(0, "HTTP/1.1 503", "Content-Type: application/json", `{"status":503,"message":"closed for today"}`)
	header := has(0, "HTTP/1.1 200", "assword-Connect-Version: 1.2.0")
	headless := func(t *testing.T, exit int, head, body string) {
		t.Helper()
		if whole(t, exit, head, body); strings.Contains(strings.ToLower(head), "version:") {
			t.Errorf("there is the header: %s", head)
		}
	}
	wrongType := has(0, "HTTP/1.1 200", "Content-Type: text/html")
	cut := has(18, "HTTP/1.1 200", "Content-Length: ", "\r\n\r\n[{\"attribu")
	broken := func(t *testing.T, exit int, head, body string) {
		t.Helper()
		if has(0, "HTTP/1.1 200", "Content-Type: application/json")(t, exit, head,
			body); json.Valid([]byte(body)) || body == "" {
			t.Errorf("it is JSON: %s", body)
		}
	}
	silent := func(t *testing.T, ended error, head, body string) {
		t.Helper()
		if ended != nil || head+body != "" {
			t.Errorf("came %q, then %v", head+body, ended)
		}
	}
	drip := controlapi.Fault{Drip: &controlapi.Drip{Bytes: 40, Every: controlapi.Duration(minDelay)}}
	return []faultTest{
		{"delay", controlapi.Fault{Delay: &controlapi.Delay{Fixed: controlapi.Duration(minDelay)}}, slow, whole, same(whole, 0)},
		{"delay, uniform", controlapi.Fault{Delay: &controlapi.Delay{Uniform: &controlapi.Uniform{Min: controlapi.Duration(minDelay), Max: controlapi.Duration(minDelay + 1)}}}, slow, whole, same(whole, 0)},
		{"delay, log-normal", controlapi.Fault{Delay: &controlapi.Delay{LogNormal: &controlapi.LogNormal{Median: controlapi.Duration(minDelay)}}}, slow, whole, same(whole, 0)},
		{"abort with Connect's own error", controlapi.Fault{Abort: &controlapi.Abort{Status: 503, Message: "closed for today"}}, typed(503, "closed for today"), connects, same(connects, 0)},
		{"abort with a body", controlapi.Fault{Abort: &controlapi.Abort{Status: 502, Body: &page}, ContentType: "text/html"}, typed(502, "Bad Gateway"), html, same(html, 0)},
		{"429 with Retry-After", controlapi.Fault{Abort: &controlapi.Abort{Status: 429}, Headers: map[string]string{"Retry-After": "3"}}, typed(429, "Too Many Requests"), throttled, same(throttled, 0)},
		{"headers", controlapi.Fault{Headers: map[string]string{"1Password-Connect-Version": "1.2.0"}}, refusesFiles, header, same(header, 0)},
		{"missing version header", controlapi.Fault{DropHeaders: []string{"1Password-Connect-Version"}}, refusesFiles, headless, same(headless, 0)},
		{"wrong content type", controlapi.Fault{ContentType: "text/html"}, answers, wrongType, same(wrongType, 0)}, // it ignores the type
		{"connection reset", controlapi.Fault{Connection: "reset"}, func(t *testing.T, _ *testServer, c sdk.Client) {
			if _, err := c.GetVaults(); !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("the SDK has %v", err)
			}
		}, has(56), func(t *testing.T, ended error, head, body string) {
			if !errors.Is(ended, syscall.ECONNRESET) || head+body != "" {
				t.Errorf("came %q, then %v", head+body, ended)
			}
		}},
		{"abort after", controlapi.Fault{Phase: "after", Abort: &controlapi.Abort{Status: 503, Message: "closed for today"}}, typed(503, "closed for today"), connects, same(connects, 0)},
		{"empty response, before", controlapi.Fault{Phase: "before", Connection: "empty"}, fails("EOF"), has(52), silent},
		{"empty response", controlapi.Fault{Connection: "empty"}, fails("EOF"), has(52), silent},
		{"truncated body", controlapi.Fault{Truncate: &ten}, fails("unexpected EOF"), cut, same(cut, 18)},
		{"slow drip", drip, slow, whole, same(whole, 0)},
		{"malformed JSON", controlapi.Fault{MalformJSON: true}, fails("unexpected end of JSON input"), broken, same(broken, 0)},
		{"lag", controlapi.Fault{Lag: controlapi.Duration(time.Hour)}, func(t *testing.T, s *testServer, c sdk.Client) {
			vault := demo(t).vault("Office")
			created, err := c.CreateItem(&onepassword.Item{Title: "late", Category: onepassword.Login}, vault)
			must(t, err)
			if _, err := c.GetItemByUUID(created.ID, vault); err == nil || !strings.Contains(err.Error(), "not found") {
				t.Errorf("at once the item is there: %v", err)
			}
			if list, err := c.GetItemsByTitle("late", vault); err != nil || len(list) != 0 {
				t.Errorf("at once it is in the list: %v, error %v", list, err)
			}
			s.setClock(t, "", advanceBy(time.Hour))
			if got, err := c.GetItemByUUID(created.ID, vault); err != nil || got.Title != "late" {
				t.Errorf("when the lag is over: %v, error %v", got, err)
			}
		}, whole, same(whole, 0)},
		{"sync down", controlapi.Fault{Sync: "down"}, func(t *testing.T, s *testServer, c sdk.Client) {
			answers(t, s, c)
			_, err := c.CreateItem(&onepassword.Item{Title: "t", Category: onepassword.Login}, demo(t).vault("Office"))
			if !errors.Is(err, &onepassword.Error{StatusCode: 500, Message: "Something went wrong"}) {
				t.Errorf("a write: %v", err)
			}
		}, whole, same(whole, 0)},
	}
}

// registerTracer creates a client, because the first one registers a tracer for the
// whole process without a lock.
var registerTracer = sync.OnceFunc(func() { sdk.NewClient("http://localhost", "") })

// newSDK is safe for parallel tests.
func newSDK(url, token string) sdk.Client {
	registerTracer()
	return sdk.NewClient(url, token)
}

func TestFaults_SeenByTheGoSDK(t *testing.T) {
	t.Parallel()
	shared := newServer(t)
	for _, o := range faultTests() {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			s, account := shared.newAccount(t)
			o.fault.Account = account.ID
			s.addFault(t, o.fault)
			o.sdk(t, s, newSDK(s.URL, s.Token))
		})
	}
}

// A plain connection sees where the bytes end, and how.
func TestFaults_SeenByAConnection(t *testing.T) {
	t.Parallel()
	shared := newServer(t)
	for _, o := range faultTests() {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			s, account := shared.newAccount(t)
			o.fault.Account = account.ID
			s.addFault(t, o.fault)
			text, ended := s.rawGet(t, "/v1/vaults")
			head, body := splitResponse(text)
			o.raw(t, ended, head, body)
		})
	}
}

// A lag and a sync that is down need more than one request.
func TestFaults_SeenByCurl(t *testing.T) {
	t.Parallel()
	shared := newServer(t)
	program, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not on the path")
	}
	for _, o := range faultTests() {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			s, account := shared.newAccount(t)
			o.fault.Account = account.ID
			curl := func(args ...string) (exit int, head, body string) {
				var out bytes.Buffer
				c := exec.CommandContext(t.Context(), program,
					append([]string{"-q", "-sS", "-i", "--noproxy", "*", "--max-time", "60",
						"-H", "Authorization: Bearer " + s.Token}, args...)...)
				c.Stdout = &out
				err := c.Run()
				var failed *exec.ExitError
				if err != nil && !errors.As(err, &failed) {
					t.Fatal(err)
				}
				head, body = splitResponse(out.String())
				return c.ProcessState.ExitCode(), head, body
			}
			fault := s.addFault(t, o.fault)
			exit, head, body := curl(s.URL + "/v1/vaults")
			o.curl(t, exit, head, body)
			items := s.URL + demo(t).items("Office")
			post := []string{"-H", "Content-Type: application/json", "-d", `{"title":"late","category":"LOGIN"}`, items}
			switch {
			case fault.Lag > 0:
				if _, head, _ := curl(post...); !strings.HasPrefix(head, "HTTP/1.1 200") {
					t.Errorf("created: %s", head)
				}
				if _, _, body := curl(items + "?filter=title+eq+%22late%22"); body != "[]" {
					t.Errorf("at once there is %s", body)
				}
			case fault.Sync != "":
				if _, head, _ := curl(post...); !strings.HasPrefix(head, "HTTP/1.1 500") {
					t.Errorf("created: %s", head)
				}
				if _, _, body := curl(s.URL + "/health"); !strings.Contains(body, `"service":"sync","status":"INACTIVE"`) {
					t.Errorf("health says %s", body)
				}
			default:
				if matched, applied := s.faultCounts(t, fault.Name); matched != 1 || applied != 1 {
					t.Errorf("matched %d requests, applied to %d", matched, applied)
				}
			}
		})
	}
}

// Responses with faults that only delay, or that send an error of Connect, are in the
// document.
func TestFaults_ThatObeyTheDocument(t *testing.T) {
	t.Parallel()
	s, path := newServer(t, connecttest.WithoutSocket()), demo(t).path("Office", "Guest Wi-Fi")
	for _, test := range map[string]struct {
		fault  controlapi.Fault
		status int
	}{
		"delay": {controlapi.Fault{Delay: &controlapi.Delay{Fixed: 1}}, 200},
		"drip":  {controlapi.Fault{Drip: &controlapi.Drip{Bytes: 500, Every: 1}}, 200},
		"lag":   {controlapi.Fault{Lag: 1}, 200},
		"400":   {controlapi.Fault{Abort: &controlapi.Abort{Status: 400, Message: "no"}}, 400},
		"401":   {controlapi.Fault{Abort: &controlapi.Abort{Status: 401}}, 401},
		"403":   {controlapi.Fault{Abort: &controlapi.Abort{Status: 403}}, 403},
		"404":   {controlapi.Fault{Abort: &controlapi.Abort{Status: 404}}, 404},
		"500":   {controlapi.Fault{Abort: &controlapi.Abort{Status: 500}}, 500},
	} {
		name := s.addFault(t, test.fault).Name
		s.get(t, path).wantStatus(t, test.status)
		must(t, s.Mock.RemoveFault(t.Context(), name))
	}
}

func TestFaultTests_CoverEveryKind(t *testing.T) {
	t.Parallel()
	var seen []string
	for _, o := range faultTests() {
		encoded, err := json.Marshal(o.fault)
		must(t, err)
		var members map[string]any
		must(t, json.Unmarshal(encoded, &members))
		for member := range members {
			seen = append(seen, member)
		}
	}
	for _, member := range []string{"delay", "abort", "headers", "dropHeaders", "contentType", "connection", "truncate",
		"drip", "malformJson", "lag", "sync", "phase"} {
		if !slices.Contains(seen, member) {
			t.Errorf("no test has a fault with %s", member)
		}
	}
}
