package mutants

import (
	"net/http"
	"regexp"
	"strings"
)

// healthMutants returns servers with mistakes in health, heartbeat and metrics.
func healthMutants() []Mutant {
	public := operations(getHealth, getBeat, getMetrics)
	refuseTokens := func(bad func(header string) bool) func() behaviour {
		return refuseIf(func(x *exchange) bool { return bad(x.r.Header.Get("Authorization")) }, 401, "Invalid bearer token")
	}
	metrics := func(change func(page string) string) func() behaviour {
		return changeResponse(func(_ *exchange, res *response) {
			if res.isSuccess() {
				res.body = []byte(change(string(res.body)))
			}
		})
	}
	lines := func(keep func(line string) bool) func() behaviour {
		return metrics(func(page string) string {
			var remaining []string
			for line := range strings.Lines(page) {
				if keep(line) {
					remaining = append(remaining, line)
				}
			}
			return strings.Join(remaining, "")
		})
	}
	return []Mutant{
		{"health-needs-token", "/health needs a token", Health, operations(getHealth),
			refuseTokens(func(h string) bool { return h == "" })},
		{"heartbeat-needs-token", "the heartbeat needs a token", Health, operations(getBeat),
			refuseTokens(func(h string) bool { return h == "" })},
		{"metrics-need-token", "the metrics need a token", Health, operations(getMetrics),
			refuseTokens(func(h string) bool { return h == "" })},
		{"health-refuses-bad-token", "health, heartbeat and metrics refuse an invalid token", Health, public,
			refuseTokens(func(h string) bool { return h != "" && strings.Count(h, ".") != 2 })},
		{"heartbeat-says-pong", "the heartbeat is pong", Health, operations(getBeat),
			changeResponse(func(_ *exchange, res *response) { res.body = []byte("pong") })},
		{"heartbeat-has-line-end", "the heartbeat has a line end", Health, operations(getBeat),
			changeResponse(func(_ *exchange, res *response) { res.body = []byte(".\n") })},
		{"heartbeat-is-json", "the heartbeat is JSON", Health, operations(getBeat),
			changeResponse(func(_ *exchange, res *response) { res.setBody("application/json", `{"status":"ok"}`) })},
		{"heartbeat-answers-204", "the heartbeat returns 204", Health, operations(getBeat),
			changeResponse(func(_ *exchange, res *response) {
				res.status, res.body = http.StatusNoContent, nil
				res.header.Del("Content-Type")
			})},
		{"health-is-text", "/health is text", Health, operations(getHealth),
			changeResponse(func(_ *exchange, res *response) { res.setBody("text/plain; charset=utf-8", "OK") })},
		{"health-answers-503", "/health returns 503", Health, operations(getHealth), replaceStatus(200, 503)},
		{"health-without-version", "/health has no version", Health, operations(getHealth),
			changeObjects(removeMember("version"))},
		{"health-version-differs", "/health has another version than the header", Health, operations(getHealth),
			changeObjects(func(m map[string]any) { m["version"] = "1.0.0" })},
		{"health-of-another-name", "/health has another name", Health, operations(getHealth),
			changeObjects(func(m map[string]any) { m["name"] = "mock" })},
		{"health-without-dependencies", "/health has no services", Health, operations(getHealth),
			changeObjects(func(m map[string]any) { m["dependencies"] = []any{} })},
		{"health-without-sync", "/health does not have the service sync", Health, operations(getHealth),
			changeObjects(func(m map[string]any) {
				var remaining []any
				for _, d := range memberObjects(m, "dependencies") {
					if textMember(d, "service") != "sync" {
						remaining = append(remaining, d)
					}
				}
				m["dependencies"] = remaining
			})},
		{"health-states-lower-case", "the states of the services are in lower case", Health, operations(getHealth),
			changeObjects(func(m map[string]any) {
				for _, d := range memberObjects(m, "dependencies") {
					d["status"] = strings.ToLower(textMember(d, "status"))
				}
			})},
		{"metrics-are-json", "the metrics are JSON", Health, operations(getMetrics),
			changeResponse(func(_ *exchange, res *response) { res.setBody("application/json", "{}") })},
		{"metrics-are-empty", "the metrics are empty", Health, operations(getMetrics),
			metrics(func(string) string { return "" })},
		{"metrics-of-another-name", "the metrics of Connect are missing", Health, operations(getMetrics),
			lines(func(l string) bool { return !strings.Contains(l, "secret_service_api_http") })},
		{"metrics-without-counter", "the counter of requests is missing", Health, operations(getMetrics),
			lines(func(l string) bool { return !strings.Contains(l, "_method_counts") })},
		{"metrics-with-gauge", "the counter of requests is a gauge", Health, operations(getMetrics),
			metrics(func(p string) string {
				return strings.Replace(p, "_method_counts counter", "_method_counts gauge", 1)
			})},
		{"metrics-by-address", "the paths in the metrics have ids", Health, operations(getMetrics),
			metrics(func(p string) string {
				return strings.ReplaceAll(p, ":uuid", strings.Repeat("a", 26))
			})},
		{"metrics-stuck", "the counter of requests does not increase", Health, operations(getMetrics),
			metrics(func(p string) string {
				return regexp.MustCompile(`(?m)^(secret_service_api_http_method_counts\{.*\}) \S+$`).ReplaceAllString(p, "$1 1")
			})},
		{"metrics-page-broken", "a line of the metrics can't be parsed", Health, operations(getMetrics),
			metrics(func(p string) string { return p + "oops\n" })},
	}
}
