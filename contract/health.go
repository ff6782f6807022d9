package contract

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// versionHeader is the header of every response since Connect 1.3.0 [D].
const versionHeader = "1Password-Connect-Version"

// healthRules returns the rules about health, heartbeat, metrics and the version.
func healthRules() []rule {
	list := []rule{
		{Rule{ID: "health/heartbeat", Tag: "Health", Level: Must,
			Evidence:   "[D] published document; liveness probe of the helm chart",
			Text:       "GET /heartbeat returns 200 and a full stop, without a token",
			Touches:    ReadOnly,
			Operations: []string{"GetHeartbeat"}},
			func(s *session) {
				res := s.do("GetHeartbeat", authorization("")).expectStatus(http.StatusOK)
				s.Expect(string(res.Body)).To(gomega.Equal("."), "the body")
			}},
		{Rule{ID: "health/state", Tag: "Health", Level: Must,
			Evidence:   "[R] connect issue 93; [D] readiness probe of the helm chart",
			Text:       "GET /health returns 200 with name and version, without a token",
			Touches:    ReadOnly,
			Operations: []string{"GetServerHealth"}},
			func(s *session) {
				h := s.health(authorization(""))
				s.Expect(h.Name).To(gomega.Equal("1Password Connect API"), "name")
				s.Expect(h.Version).To(gomega.MatchRegexp(`^\d+\.\d+\.\d+`), "version")
			}},
		{Rule{ID: "health/dependencies", Tag: "Health", Level: Should,
			Evidence:   "[D] published document; [R] connect issue 93",
			Text:       "GET /health lists each service that the server uses once with its state, also sqlite and sync",
			Touches:    ReadOnly,
			Operations: []string{"GetServerHealth"}},
			checkDependencies},
		{Rule{ID: "health/version-agrees", Tag: "Health", Level: Observed,
			Evidence:   "[R] both are three numbers; [G] that they agree",
			Text:       "The version in /health is the same as in the header of the response",
			Touches:    ReadOnly,
			Operations: []string{"GetServerHealth"}},
			func(s *session) {
				res := s.do("GetServerHealth", authorization("")).expectStatus(http.StatusOK)
				s.Expect(decodeBody[connect.Health](res).Version).To(gomega.Equal(res.Header.Get(versionHeader)),
					"version, against the header")
			}},
		{Rule{ID: "health/version-header", Tag: "Health", Level: Must,
			Evidence: "[D] changelog 1.3.0; [W] the Go SDK refuses the files API without it",
			Touches:  ReadOnly,
			Text:     "Every response, also an error, has the same Connect version, three numbers, in a header"},
			checkVersionHeader},
		{Rule{ID: "health/metrics", Tag: "Health", Level: Must,
			Evidence:   "[D] published document; service monitor of the helm chart",
			Text:       "GET /metrics returns the Prometheus text format, without a token",
			Touches:    ReadOnly,
			Operations: []string{"GetPrometheusMetrics"}},
			func(s *session) { s.metrics(authorization("")) }},
		{Rule{ID: "health/metrics-of-connect", Tag: "Health", Level: Observed,
			Evidence:   "[R] metrics recorded by the Ruby client, 2021",
			Text:       "/metrics has the histogram and the counter of requests by method and path, with :uuid for ids",
			Touches:    ReadOnly,
			Needs:      []Capability{Read},
			Operations: []string{"GetPrometheusMetrics", "GetVaultById"}},
			checkMetricsOfConnect},
		{Rule{ID: "health/metrics-count", Tag: "Health", Level: Observed,
			Evidence:   "[R] the name and labels; [G] that each request adds one",
			Text:       "A request increases its counter in /metrics",
			Touches:    WholeState,
			Needs:      []Capability{Read},
			Operations: []string{"GetPrometheusMetrics", "GetVaultById"}},
			func(s *session) {
				s.do("GetVaultById").expectStatus(http.StatusOK)
				before := s.metrics().count("GET", "/v1/vaults/:uuid")
				s.do("GetVaultById").expectStatus(http.StatusOK)
				s.eventually(func() error {
					if now := s.metrics().count("GET", "/v1/vaults/:uuid"); now <= before {
						return fmt.Errorf("%s of GET /v1/vaults/:uuid was %g before the request and is %g after it", callsMetric, before,
							now)
					}
					return nil
				})
			}},
	}
	for _, op := range []string{"GetHeartbeat", "GetServerHealth", "GetPrometheusMetrics"} {
		list = append(list, rule{Rule{ID: "health/ignores-token/" + op, Tag: "Health", Level: Should,
			Evidence: "[D] the probes need no token; [G] that an invalid one is ignored",
			Touches:  ReadOnly,
			Text:     op + " returns 200 also with an invalid token", Operations: []string{op}},
			func(s *session) { s.do(op, withToken("no-token-of-this-server")).expectStatus(http.StatusOK) }})
	}
	return list
}

// health returns the response of GET /health.
func (s *session) health(options ...option) connect.Health {
	return decodeBody[connect.Health](s.do("GetServerHealth", options...).expectStatus(http.StatusOK))
}

// checkDependencies checks the list of services in /health.
func checkDependencies(s *session) {
	states := map[string]string{}
	for _, d := range s.health(authorization("")).Dependencies {
		s.Expect(states).NotTo(gomega.HaveKey(d.Service), "services named before this one in dependencies")
		s.Expect(d.Status).To(gomega.MatchRegexp(`^[A-Z][A-Z_]*$`), "status of the dependency %s", d.Service)
		states[d.Service] = d.Status
	}
	s.Expect(states).To(gomega.And(gomega.HaveKey("sqlite"), gomega.HaveKey("sync")), "services in dependencies")
}

// checkVersionHeader compares the version in a response of each kind.
func checkVersionHeader(s *session) {
	responses := []*response{
		s.do("GetHeartbeat", authorization("")),
		s.do("GetServerHealth", authorization("")),
		s.do("GetPrometheusMetrics", authorization("")),
		s.do("GetVaults"),
		s.do("GetVaults", authorization("")),
		s.do("GetVaultById", vault("not-an-id")),
		s.do("GetVaultById", vault(noVault)),
		s.do("GetVaultItemById", vault(s.vaultOrUnknown()), item(noItem)),
		s.do("GetApiActivity"),
		s.doRaw(http.MethodGet, "/v1/no/such/route"),
	}
	version := responses[0].Header.Get(versionHeader)
	responses[0].Expect(version).To(gomega.MatchRegexp(`^\d+\.\d+\.\d+$`), "header %s", versionHeader)
	for _, res := range responses {
		res.Expect(res.Header.Values(versionHeader)).To(gomega.Equal([]string{version}), "header %s", versionHeader)
	}
}

// Connect's own metrics [R].
const (
	secondsMetric = "secret_service_api_http_duration_seconds"
	callsMetric   = "secret_service_api_http_method_counts"
)

// exposition is a text in the Prometheus format.
type exposition struct {
	kinds   map[string]string // by name of the metric
	samples []sample
}

// sample is a line of an exposition.
type sample struct {
	name   string
	labels map[string]string
	value  float64
}

// metrics returns the parsed response of GET /metrics.
func (s *session) metrics(options ...option) exposition {
	res := s.do("GetPrometheusMetrics", options...).expectStatus(http.StatusOK)
	e, err := readMetrics(string(res.Body))
	if err != nil {
		s.fail("%s: %v", res.request, err)
	}
	s.Expect(e.samples).NotTo(gomega.BeEmpty(), "samples in %s", res.request)
	return e
}

// readMetrics parses a text in the Prometheus format.
func readMetrics(text string) (exposition, error) {
	e := exposition{kinds: map[string]string{}}
	line := regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$`)
	label := regexp.MustCompile(`([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"`)
	for i, l := range strings.Split(text, "\n") {
		if l = strings.TrimSpace(l); l == "" || strings.HasPrefix(l, "#") {
			if words := strings.Fields(l); len(words) == 4 && words[1] == "TYPE" {
				e.kinds[words[2]] = words[3]
			}
			continue
		}
		parts := line.FindStringSubmatch(l)
		if parts == nil {
			return e, fmt.Errorf("line %d is not a sample", i+1)
		}
		value, err := strconv.ParseFloat(parts[3], 64)
		if err != nil {
			return e, fmt.Errorf("line %d has no number", i+1)
		}
		labels := map[string]string{}
		for _, pair := range label.FindAllStringSubmatch(parts[2], -1) {
			labels[pair[1]] = pair[2]
		}
		e.samples = append(e.samples, sample{parts[1], labels, value})
	}
	return e, nil
}

// count returns the sum of the request counters of a method and a path.
func (e exposition) count(method, path string) (sum float64) {
	for _, x := range e.samples {
		if x.name == callsMetric && x.labels["method"] == method && x.labels["path"] == path {
			sum += x.value
		}
	}
	return sum
}

// checkMetricsOfConnect checks the names and labels of Connect's metrics.
func checkMetricsOfConnect(s *session) {
	s.do("GetVaultById").expectStatus(http.StatusOK)
	s.eventually(func() error {
		if s.metrics().count("GET", "/v1/vaults/:uuid") == 0 {
			return fmt.Errorf("%s has nothing for GET /v1/vaults/:uuid", callsMetric)
		}
		return nil
	})
	e := s.metrics()
	s.Expect(e.kinds).To(gomega.HaveKeyWithValue(secondsMetric, "histogram"), "kinds of metrics")
	s.Expect(e.kinds).To(gomega.HaveKeyWithValue(callsMetric, "counter"), "kinds of metrics")
	timed := false
	for _, x := range e.samples {
		if !strings.HasPrefix(x.name, "secret_service_api_http_") {
			continue
		}
		s.Expect(x.labels).To(gomega.And(gomega.HaveKey("method"), gomega.HaveKey("path")), "labels of %s", x.name)
		for _, segment := range strings.Split(x.labels["path"], "/") {
			s.Expect(connect.IsID(segment)).To(gomega.BeFalse(), "whether there is an id in the path label of %s", x.name)
		}
		timed = timed || x.name == secondsMetric+"_bucket"
	}
	s.Expect(timed).To(gomega.BeTrue(), "whether there are buckets of %s", secondsMetric)
}
