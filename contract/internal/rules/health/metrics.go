package health

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

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
func metrics(s *check.Session, options ...call.Option) exposition {
	res := s.Do("GetPrometheusMetrics", options...).ExpectStatus(200)
	e, err := readMetrics(string(res.Body))
	if err != nil {
		s.Fail("%s: %v", res.Request, err)
	}
	s.Expect(e.samples).NotTo(gomega.BeEmpty(), "samples in %s", res.Request)
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
func checkMetricsOfConnect(s *check.Session) {
	s.Do("GetVaultById").ExpectStatus(200)
	s.Eventually(func() error {
		if metrics(s).count("GET", "/v1/vaults/:uuid") == 0 {
			return fmt.Errorf("%s has nothing for GET /v1/vaults/:uuid", callsMetric)
		}
		return nil
	})
	e := metrics(s)
	s.Expect(e.kinds).To(gomega.HaveKeyWithValue(secondsMetric, "histogram"), "kinds of metrics")
	s.Expect(e.kinds).To(gomega.HaveKeyWithValue(callsMetric, "counter"), "kinds of metrics")
	timed := false
	for _, x := range e.samples {
		if !strings.HasPrefix(x.name, "secret_service_api_http_") {
			continue
		}
		s.Expect(x.labels).To(gomega.And(gomega.HaveKey("method"), gomega.HaveKey("path")), "labels of %s", x.name)
		for _, segment := range strings.Split(x.labels["path"], "/") {
			s.Expect(connect.IsID(segment)).To(gomega.BeFalse(),
				"whether there is an id in the path label of %s", x.name)
		}
		timed = timed || x.name == secondsMetric+"_bucket"
	}
	s.Expect(timed).To(gomega.BeTrue(), "whether there are buckets of %s", secondsMetric)
}
