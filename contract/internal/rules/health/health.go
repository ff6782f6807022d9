// Package health has the rules about health, heartbeat, metrics and the version.
package health

import (
	"fmt"
	"net/http"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// Rules returns the rules about health, heartbeat, metrics and the version.
func Rules() []check.Rule {
	list := check.WithDefaults(rule.Rule{
		Tag: "Health", Touches: rule.ReadOnly, Operations: []string{"GetServerHealth"},
	}, []check.Rule{
		{Rule: rule.Rule{ID: "health/heartbeat", Level: rule.Must,
			Evidence:   "[D] published document; liveness probe of the helm chart",
			Text:       "GET /heartbeat returns 200 and a full stop, without a token",
			Operations: []string{"GetHeartbeat"}},
			Check: func(s *check.Session) {
				res := s.Do("GetHeartbeat", call.Authorization("")).ExpectStatus(200)
				s.Expect(string(res.Body)).To(gomega.Equal("."), "the body")
			}},
		{Rule: rule.Rule{ID: "health/state", Level: rule.Must,
			Evidence: "[R] connect issue 93; [D] readiness probe of the helm chart",
			Text:     "GET /health returns 200 with name and version, without a token"},
			Check: func(s *check.Session) {
				h := health(s, call.Authorization(""))
				s.Expect(h.Name).To(gomega.Equal("1Password Connect API"), "name")
				s.Expect(h.Version).To(gomega.MatchRegexp(`^\d+\.\d+\.\d+`), "version")
			}},
		{Rule: rule.Rule{ID: "health/dependencies", Level: rule.Should,
			Evidence: "[D] published document; [R] connect issue 93",
			Text:     "GET /health lists each service that the server uses once with its state, also sqlite and sync"},
			Check: checkDependencies},
		{Rule: rule.Rule{ID: "health/version-agrees", Level: rule.Observed,
			Evidence: "[R] both are three numbers; [G] that they agree",
			Text:     "The version in /health is the same as in the header of the response"},
			Check: func(s *check.Session) {
				res := s.Do("GetServerHealth", call.Authorization("")).ExpectStatus(200)
				s.Expect(check.DecodeBody[connect.Health](res).Version).
					To(gomega.Equal(res.Header.Get(check.VersionHeader)), "version, against the header")
			}},
		{Rule: rule.Rule{ID: "health/version-header", Level: rule.Must,
			Evidence: "[D] changelog 1.3.0; [W] the Go SDK refuses the files API without it",
			Text:     "Every response, also an error, has the same Connect version, three numbers, in a header",
			Touches:  rule.ReadOnly},
			Check: checkVersionHeader},
		{Rule: rule.Rule{ID: "health/metrics", Level: rule.Must,
			Evidence:   "[D] published document; service monitor of the helm chart",
			Text:       "GET /metrics returns the Prometheus text format, without a token",
			Operations: []string{"GetPrometheusMetrics"}},
			Check: func(s *check.Session) { metrics(s, call.Authorization("")) }},
		{Rule: rule.Rule{ID: "health/metrics-of-connect", Level: rule.Observed,
			Evidence: "[R] metrics recorded by the Ruby client, 2021",
			Text: "/metrics has the histogram and the counter of requests by method and " +
				"path, with :uuid for ids",
			Needs: []rule.Capability{rule.Read}, Operations: []string{"GetPrometheusMetrics", "GetVaultById"}},
			Check: checkMetricsOfConnect},
		{Rule: rule.Rule{ID: "health/metrics-count", Level: rule.Observed,
			Evidence: "[R] the name and labels; [G] that each request adds one",
			Text:     "A request increases its counter in /metrics",
			Touches:  rule.WholeState, Needs: []rule.Capability{rule.Read},
			Operations: []string{"GetPrometheusMetrics", "GetVaultById"}},
			Check: func(s *check.Session) {
				s.Do("GetVaultById").ExpectStatus(200)
				before := metrics(s).count("GET", "/v1/vaults/:uuid")
				s.Do("GetVaultById").ExpectStatus(200)
				s.Eventually(func() error {
					if now := metrics(s).count("GET", "/v1/vaults/:uuid"); now <= before {
						return fmt.Errorf("%s of GET /v1/vaults/:uuid was %g before the request and is %g after it",
							callsMetric, before, now)
					}
					return nil
				})
			}},
	})
	for _, op := range []string{"GetHeartbeat", "GetServerHealth", "GetPrometheusMetrics"} {
		list = append(list, check.Rule{Rule: rule.Rule{ID: "health/ignores-token/" + op, Tag: "Health",
			Level:    rule.Should,
			Evidence: "[D] the probes need no token; [G] that an invalid one is ignored",
			Text:     op + " returns 200 also with an invalid token",
			Touches:  rule.ReadOnly, Operations: []string{op}},
			Check: func(s *check.Session) {
				s.Do(op, call.WithToken("no-token-of-this-server")).ExpectStatus(200)
			}})
	}
	return list
}

// health returns the response of GET /health.
func health(s *check.Session, options ...call.Option) connect.Health {
	return check.DecodeBody[connect.Health](s.Do("GetServerHealth", options...).ExpectStatus(200))
}

// checkDependencies checks the list of services in /health.
func checkDependencies(s *check.Session) {
	states := map[string]string{}
	for _, d := range health(s, call.Authorization("")).Dependencies {
		s.Expect(states).NotTo(gomega.HaveKey(d.Service), "services named before this one in dependencies")
		s.Expect(d.Status).To(gomega.MatchRegexp(`^[A-Z][A-Z_]*$`), "status of the dependency %s", d.Service)
		states[d.Service] = d.Status
	}
	s.Expect(states).To(gomega.And(gomega.HaveKey("sqlite"), gomega.HaveKey("sync")), "services in dependencies")
}

// checkVersionHeader compares the version in a response of each kind.
func checkVersionHeader(s *check.Session) {
	responses := []*check.Response{
		s.Do("GetHeartbeat", call.Authorization("")),
		s.Do("GetServerHealth", call.Authorization("")),
		s.Do("GetPrometheusMetrics", call.Authorization("")),
		s.Do("GetVaults"),
		s.Do("GetVaults", call.Authorization("")),
		s.Do("GetVaultById", call.Vault("not-an-id")),
		s.Do("GetVaultById", call.Vault(call.NoVault)),
		s.Do("GetVaultItemById", call.Vault(s.VaultOrUnknown()), call.Item(call.NoItem)),
		s.Do("GetApiActivity"),
		s.DoRaw(http.MethodGet, "/v1/no/such/route"),
	}
	version := responses[0].Header.Get(check.VersionHeader)
	responses[0].Expect(version).To(gomega.MatchRegexp(`^\d+\.\d+\.\d+$`), "header %s", check.VersionHeader)
	for _, res := range responses {
		res.Expect(res.Header.Values(check.VersionHeader)).To(gomega.Equal([]string{version}),
			"header %s", check.VersionHeader)
	}
}
