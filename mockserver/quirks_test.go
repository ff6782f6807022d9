package mockserver_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// quirkTest observes a quirk. want is the result for each value.
type quirkTest struct {
	observe func(t *testing.T, s *testServer, d demoData) string
	want    map[string]string
}

// TestQuirks_EachValueIsVisible observes each value of each quirk, on servers that
// check their responses unless the value leaves the document.
func TestQuirks_EachValueIsVisible(t *testing.T) {
	t.Parallel()
	known, defaults := quirkTests(), map[string]string{}
	for _, quirk := range mockserver.Quirks() {
		test, ok := known[quirk.Name]
		if !ok {
			t.Errorf("quirk %s is not tested", quirk.Name)
			continue
		}
		delete(known, quirk.Name)
		if len(test.want) != len(quirk.Values) || quirk.About == "" || quirk.Evidence == "" {
			t.Errorf("quirk %+v", quirk)
		}
		defaults[quirk.Name] = quirk.Values[0]
		for _, value := range quirk.Values[1:] {
			t.Run(quirk.Name+"="+value, func(t *testing.T) {
				t.Parallel()
				documented := !slices.Contains(quirk.Undocumented, value)
				s := newQuirkServer(t, map[string]string{quirk.Name: value}, documented)
				if leavesDocument(quirk.Name) || !documented {
					s = s.withoutCheck()
				}
				test.check(t, s, value)
				if documented {
					checkSecuredCalls(t, s, quirk.Name == "file-routes")
				} else {
					wantQuirkRefused(t, quirk.Name, value)
				}
			})
		}
	}
	for name := range known {
		t.Errorf("there is no quirk %s", name)
	}
	t.Run("no quirk", func(t *testing.T) {
		t.Parallel()
		checkDefaults(t, nil, defaults)
	})
	t.Run("each default is chosen", func(t *testing.T) {
		t.Parallel()
		checkDefaults(t, defaults, defaults)
	})
}

// leavesDocument tells whether the requests of a test are not in the document.
func leavesDocument(quirk string) bool { return quirk == "version-header" || quirk == "file-routes" }

func newQuirkServer(t *testing.T, quirks map[string]string, checked bool) *testServer {
	now := newClock()
	now.advance(123456789 * time.Nanosecond)
	return newServer(t, connecttest.WithClock(now.Now), connecttest.WithoutSocket(),
		connecttest.WithConfig(func(c *mockserver.Config) { c.Quirks, c.CheckResponses = quirks, checked }))
}

func (q quirkTest) check(t *testing.T, s *testServer, value string) {
	t.Helper()
	want := strings.ReplaceAll(q.want[value], "VAULT", demo(t).vault("Deployments"))
	wantEqual(t, want, q.observe(t, s, demo(t)), "observed")
}

// checkDefaults observes the defaults on one server, which is reset between them.
// What /health says before the first token needs a server of its own.
func checkDefaults(t *testing.T, quirks, defaults map[string]string) {
	tests := quirkTests()
	shared := newQuirkServer(t, quirks, true)
	for name, value := range defaults {
		s := shared
		if strings.HasPrefix(name, "health-") {
			s = newQuirkServer(t, quirks, true)
		}
		if leavesDocument(name) {
			s = s.withoutCheck()
		}
		t.Run(name, func(t *testing.T) { tests[name].check(t, s, value) })
		must(t, s.Mock.Reset(t.Context(), controlapi.Reset{}))
	}
}

// checkSecuredCalls expects that each operation with a token succeeds on the data of
// the start.
func checkSecuredCalls(t *testing.T, s *testServer, noFiles bool) {
	t.Helper()
	must(t, s.Mock.Reset(t.Context(), controlapi.Reset{}))
	for id, c := range securedCalls(demo(t)) {
		notFound := noFiles && strings.Contains(c.path, "/files")
		if r := s.call(t, c); r.status >= 300 && !(notFound && r.status == 404) {
			t.Errorf("%s: status %d: %s", id, r.status, r.body)
		}
	}
}

// wantQuirkRefused expects that a server which checks its responses refuses a quirk
// that leaves the document.
func wantQuirkRefused(t *testing.T, name, value string) {
	t.Helper()
	_, err := mockserver.New(t.Context(), mockserver.Config{CheckResponses: true, Quirks: map[string]string{name: value}})
	if err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("with checked responses: error %v", err)
	}
}

func TestQuirks_ErrorsListTheChoices(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, value, says string }{
		{"put-versions", "old", "put-version,"}, {"put-version", "older", "old, new"}, {"", "", "date-output"}, {"put-version", "", "old, new"},
		{"date-zone", "Mars/Olympus", "Europe/Berlin"}, {"date-zone", "", "Europe/Berlin"}, {"date-zone", "Local", "Europe/Berlin"},
	} {
		_, err := mockserver.New(t.Context(), mockserver.Config{Quirks: map[string]string{test.name: test.value}})
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s=%s: error %v, must list %s", test.name, test.value, err, test.says)
		}
	}
}

// The default of actor-ip breaks a known client. The list must name the client and the
// value that helps.
func TestQuirks_ActorIPNamesTheClientItBreaks(t *testing.T) {
	t.Parallel()
	all := mockserver.Quirks()
	i := slices.IndexFunc(all, func(q mockserver.Quirk) bool { return q.Name == "actor-ip" })
	if i < 0 {
		t.Fatal("there is no quirk actor-ip")
	}
	for _, want := range []string{"the Java client's activity call breaks", "ip: what a real server sends"} {
		if !strings.Contains(all[i].Evidence, want) {
			t.Errorf("the evidence does not say %q: %s", want, all[i].Evidence)
		}
	}
}
