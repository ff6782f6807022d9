package mockserver

import (
	"bytes"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"
)

// meter counts requests in Connect's own two metrics [R, metrics recorded by
// the Ruby client] beside those of the Go runtime and the process.
type meter struct {
	seconds  *prometheus.HistogramVec
	calls    *prometheus.CounterVec
	registry *prometheus.Registry
}

func newMeter() *meter {
	m := &meter{
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "secret_service_api_http_duration_seconds",
			Help: "Seconds from the arrival of a request to its answer.",
		}, []string{"method", "path"}),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "secret_service_api_http_method_counts",
			Help: "Number of requests answered.",
		}, []string{"method", "path"}),
	}
	m.registry = prometheus.NewRegistry()
	m.registry.MustRegister(m.seconds, m.calls, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// operation is the observer of one operation; ids in its path are written
// ":uuid" as a real server does [R].
func (m *meter) operation(method, path string) func(seconds float64) {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			segments[i] = ":uuid"
		}
	}
	path = strings.Join(segments, "/")
	seconds, calls := m.seconds.WithLabelValues(method, path), m.calls.WithLabelValues(method, path)
	return func(took float64) {
		seconds.Observe(took)
		calls.Inc()
	}
}

// journal adds the figures of the journal, which a real server does not have.
func (m *meter) journal(figures func() (kept int, dropped uint64)) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "connectmock_journal_entries",
			Help: "Exchanges the journal keeps.",
		}, func() float64 { kept, _ := figures(); return float64(kept) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "connectmock_journal_dropped_total",
			Help: "Exchanges that had to make room for newer ones.",
		}, func() float64 { _, dropped := figures(); return float64(dropped) }))
}

// caches adds the figures of the caches by their names, which a real server does
// not have either.
func (m *meter) caches(named map[string]func() cacheFigures) {
	for name, figures := range named {
		of := prometheus.Labels{"cache": name}
		m.registry.MustRegister(
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{
				Name: "connectmock_cache_bytes", Help: "Bytes the cache takes, about.", ConstLabels: of,
			}, func() float64 { return float64(figures().bytes) }),
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{
				Name: "connectmock_cache_entries", Help: "Answers the cache holds.", ConstLabels: of,
			}, func() float64 { return float64(figures().entries) }),
			prometheus.NewCounterFunc(prometheus.CounterOpts{
				Name: "connectmock_cache_hits_total", Help: "How often the cache had what was asked for.", ConstLabels: of,
			}, func() float64 { return float64(figures().hits) }),
			prometheus.NewCounterFunc(prometheus.CounterOpts{
				Name: "connectmock_cache_misses_total", Help: "How often the store had to be asked.", ConstLabels: of,
			}, func() float64 { return float64(figures().misses) }))
	}
}

// copies adds the figures of large files that are held a second time, which a
// real server does not have.
func (m *meter) copies(figures func() (files int, bytes int64)) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "connectmock_file_copies",
			Help: "Large files kept a second time beside the store, to be sent fast.",
		}, func() float64 { files, _ := figures(); return float64(files) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "connectmock_file_copies_bytes",
			Help: "Bytes on disk that they take.",
		}, func() float64 { _, bytes := figures(); return float64(bytes) }))
}

// metrics answers the Prometheus text format [D].
func metrics(s *Server, _ *exchange) (reply, error) {
	families, err := s.meter.registry.Gather()
	if err != nil {
		return reply{}, err
	}
	var text bytes.Buffer
	encoder := expfmt.NewEncoder(&text, expfmt.NewFormat(expfmt.TypeTextPlain))
	for _, family := range families {
		if err := encoder.Encode(family); err != nil {
			return reply{}, err
		}
	}
	return reply{kind: metricsKind, body: text.Bytes()}, nil
}
