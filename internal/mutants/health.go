package mutants

import (
	"net/http"
	"regexp"
	"strings"
)

func healthMutants() []Mutant {
	open := at(getHealth, getBeat, getMetrics)
	needs := func(bad func(header string) bool) func() behaviour {
		return refuseIf(func(x *exchange) bool { return bad(x.r.Header.Get("Authorization")) }, 401, "Invalid bearer token")
	}
	metrics := func(change func(page string) string) func() behaviour {
		return changeResponse(func(_ *exchange, a *response) {
			if a.isSuccess() {
				a.body = []byte(change(string(a.body)))
			}
		})
	}
	lines := func(keep func(line string) bool) func() behaviour {
		return metrics(func(page string) string {
			var kept []string
			for line := range strings.Lines(page) {
				if keep(line) {
					kept = append(kept, line)
				}
			}
			return strings.Join(kept, "")
		})
	}
	return []Mutant{
		{"health-needs-token", "the state of the server is shown to tokens only", Health, at(getHealth), needs(func(h string) bool { return h == "" })},
		{"heartbeat-needs-token", "the heartbeat is for tokens only", Health, at(getBeat), needs(func(h string) bool { return h == "" })},
		{"metrics-need-token", "the metrics are for tokens only", Health, at(getMetrics), needs(func(h string) bool { return h == "" })},
		{"health-refuses-bad-token", "the probes refuse a token that is not good", Health, open, needs(func(h string) bool { return h != "" && strings.Count(h, ".") != 2 })},
		{"heartbeat-says-pong", "the heartbeat is pong", Health, at(getBeat), changeResponse(func(_ *exchange, a *response) { a.body = []byte("pong") })},
		{"heartbeat-has-line-end", "the heartbeat has a line end", Health, at(getBeat), changeResponse(func(_ *exchange, a *response) { a.body = []byte(".\n") })},
		{"heartbeat-is-json", "the heartbeat is JSON", Health, at(getBeat), changeResponse(func(_ *exchange, a *response) { a.setBody("application/json", `{"status":"ok"}`) })},
		{"heartbeat-answers-204", "the heartbeat is answered 204", Health, at(getBeat), changeResponse(func(_ *exchange, a *response) {
			a.status, a.body = http.StatusNoContent, nil
			a.header.Del("Content-Type")
		})},
		{"health-is-text", "the state of the server is text", Health, at(getHealth), changeResponse(func(_ *exchange, a *response) { a.setBody("text/plain; charset=utf-8", "OK") })},
		{"health-answers-503", "the state of the server is answered 503", Health, at(getHealth), replaceStatus(200, 503)},
		{"health-without-version", "the state of the server has no version", Health, at(getHealth), changeObjects(removeMember("version"))},
		{"health-version-differs", "the state of the server has another version than its header", Health, at(getHealth), changeObjects(func(m map[string]any) { m["version"] = "1.0.0" })},
		{"health-of-another-name", "the state of the server has another name", Health, at(getHealth), changeObjects(func(m map[string]any) { m["name"] = "mock" })},
		{"health-without-dependencies", "the state of the server names no services", Health, at(getHealth), changeObjects(func(m map[string]any) { m["dependencies"] = []any{} })},
		{"health-without-sync", "the state of the server does not name the service sync", Health, at(getHealth), changeObjects(func(m map[string]any) {
			var kept []any
			for _, d := range memberObjects(m, "dependencies") {
				if text(d, "service") != "sync" {
					kept = append(kept, d)
				}
			}
			m["dependencies"] = kept
		})},
		{"health-states-lower-case", "the states of the services are in lower case", Health, at(getHealth), changeObjects(func(m map[string]any) {
			for _, d := range memberObjects(m, "dependencies") {
				d["status"] = strings.ToLower(text(d, "status"))
			}
		})},
		{"metrics-are-json", "the metrics are JSON", Health, at(getMetrics), changeResponse(func(_ *exchange, a *response) { a.setBody("application/json", "{}") })},
		{"metrics-are-empty", "the metrics are empty", Health, at(getMetrics), metrics(func(string) string { return "" })},
		{"metrics-of-another-name", "the metrics lack those of Connect", Health, at(getMetrics), lines(func(l string) bool { return !strings.Contains(l, "secret_service_api_http") })},
		{"metrics-without-counter", "the metrics lack the counter of requests", Health, at(getMetrics), lines(func(l string) bool { return !strings.Contains(l, "_method_counts") })},
		{"metrics-with-gauge", "the counter of requests is a gauge", Health, at(getMetrics), metrics(func(p string) string {
			return strings.Replace(p, "_method_counts counter", "_method_counts gauge", 1)
		})},
		{"metrics-by-address", "the metrics name paths by their ids", Health, at(getMetrics), metrics(func(p string) string {
			return strings.ReplaceAll(p, ":uuid", strings.Repeat("a", 26))
		})},
		{"metrics-stuck", "the counter of requests does not grow", Health, at(getMetrics), metrics(func(p string) string {
			return regexp.MustCompile(`(?m)^(secret_service_api_http_method_counts\{.*\}) \S+$`).ReplaceAllString(p, "$1 1")
		})},
		{"metrics-page-broken", "a line of the metrics is no sample", Health, at(getMetrics), metrics(func(p string) string { return p + "oops\n" })},
	}
}
