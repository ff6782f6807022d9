package contract

import (
	"net/http"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

func healthRules() []rule {
	return []rule{
		{Rule{ID: "health/heartbeat", Tag: "Health", Level: Must, Evidence: "[D] published document; liveness probe of the helm chart",
			Text:       "GET /heartbeat answers 200 and a full stop, without a token",
			Operations: []string{"GetHeartbeat"}},
			func(s *session) {
				a := s.do("GetHeartbeat", authorization("")).expect(http.StatusOK)
				s.Expect(string(a.Body)).To(gomega.Equal("."))
			}},
		{Rule{ID: "health/state", Tag: "Health", Level: Must, Evidence: "[R] connect issue 93",
			Text:       "GET /health answers 200 with name, version and dependencies, without a token",
			Operations: []string{"GetServerHealth"}},
			func(s *session) {
				h := into[connect.Health](s.do("GetServerHealth", authorization("")).expect(http.StatusOK))
				s.Expect(h.Name).To(gomega.Equal("1Password Connect API"))
				s.Expect(h.Version).To(gomega.MatchRegexp(`^\d+\.\d+\.\d+`))
			}},
	}
}
