package mockserver_test

import (
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden responses")

// TestGoldenResponses compares the responses of every operation, and its main
// errors, byte for byte with files. The servers have a seed and a fixed clock.
func TestGoldenResponses(t *testing.T) {
	t.Parallel()
	for operation, cases := range goldenCases(demo(t)) {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			var got strings.Builder
			success, failure := operation == noOperation, false
			reads := newGoldenServer(t)
			for _, c := range cases {
				s := reads
				if !c.isRead() {
					s = newGoldenServer(t)
				}
				e := c.run(t, s)
				fmt.Fprintf(&got, "%s\n", e)
				success = success || e.status < 300 && c.isOf(t, operation)
				failure = failure || e.status >= 400
			}
			if !success || !failure {
				t.Errorf("a response of the operation is among them: %v; an error: %v", success, failure)
			}
			compareGolden(t, goldenFile(operation), got.String())
		})
	}
}

// Each operation of the document has golden responses, and each golden file belongs
// to an operation.
func TestGoldenResponses_CoverEveryOperation(t *testing.T) {
	t.Parallel()
	cases := goldenCases(demo(t))
	for _, op := range document(t).Operations {
		if len(cases[op.ID]) == 0 {
			t.Errorf("%s has no golden responses", op.ID)
		}
	}
	files, err := filepath.Glob(goldenFile("*"))
	must(t, err)
	for _, file := range files {
		if operation := strings.TrimSuffix(filepath.Base(file), ".txt"); len(cases[operation]) == 0 {
			t.Errorf("%s is left over", file)
		}
	}
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		must(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; -update writes it", err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", file, d)
	}
}

func goldenFile(operation string) string { return "testdata/golden/" + operation + ".txt" }

// goldenCase is one request.
type goldenCase struct {
	name, method, path string
	body               string
	options            []requestOption
	first              string // path of a GET before it, "" if there is none
}

// isRead tells whether the response does not depend on earlier reads, so that reads
// can share a server.
func (c goldenCase) isRead() bool {
	return c.method == http.MethodGet && strings.HasPrefix(c.path, "/v1/vaults") && c.first == ""
}

// isOf tells whether the request is one of the operation.
func (c goldenCase) isOf(t *testing.T, operation string) bool {
	t.Helper()
	path, _, _ := strings.Cut(c.path, "?")
	op, _ := document(t).Match(c.method, path)
	return op != nil && op.ID == operation
}

// goldenExchange is a request and its response as the golden files have them.
type goldenExchange struct {
	status int
	text   string
}

func (a goldenExchange) String() string { return a.text }

func newGoldenServer(t *testing.T) *testServer {
	t.Helper()
	moment := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	return newServer(t, connecttest.WithoutSocket(), connecttest.WithSeed(7),
		connecttest.WithClock(func() time.Time { return moment }))
}

func (c goldenCase) run(t *testing.T, s *testServer) goldenExchange {
	t.Helper()
	agent := header("User-Agent", "golden/1")
	if c.first != "" {
		s.get(t, c.first, agent)
	}
	var body any
	if c.body != "" {
		body = c.body
	}
	a := s.send(t, c.method, c.path, body, append([]requestOption{agent}, c.options...)...)

	var text strings.Builder
	fmt.Fprintf(&text, "### %s\n%s %s\n", c.name, c.method, c.path)
	if c.body != "" {
		fmt.Fprintf(&text, "%s\n", c.body)
	}
	fmt.Fprintf(&text, "\n%d\n", a.status)
	shown := string(a.body)
	if strings.HasPrefix(c.path, "/metrics") && a.status == 200 {
		shown = stableMetrics(shown)
		a.header.Del("Content-Length")
	}
	for _, name := range slices.Sorted(maps.Keys(a.header)) {
		fmt.Fprintf(&text, "%s: %s\n", name, strings.Join(a.header[name], ", "))
	}
	if shown != "" {
		fmt.Fprintf(&text, "\n%s\n", strings.TrimSuffix(shown, "\n"))
	}
	return goldenExchange{a.status, text.String()}
}

// stableMetrics returns the metrics that are the same each time: Connect's own,
// without measured values.
func stableMetrics(text string) string {
	var steady strings.Builder
	for line := range strings.Lines(text) {
		series, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case !strings.Contains(line, "secret_service_api_"):
		case strings.HasPrefix(line, "#"):
			steady.WriteString(line)
		case strings.HasPrefix(series, "secret_service_api_http_method_counts"), strings.Contains(series, "_seconds_count"):
			steady.WriteString(line)
		case strings.Contains(series, `path="/v1/vaults"`):
			steady.WriteString(series + " ...\n")
		}
	}
	return steady.String()
}
