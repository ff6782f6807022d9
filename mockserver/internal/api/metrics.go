package api

import (
	"bytes"
	"strings"

	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
	"github.com/connectmock/connectmock/mockserver/internal/store"
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

// gauge and counter add a figure that a real server does not have; labels may be
// nil.
func (m *meter) gauge(name, help string, labels prometheus.Labels, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value))
}

func (m *meter) counter(name, help string, labels prometheus.Labels, value func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}, value))
}

// journal adds the figures of the journal.
func (m *meter) journal(figures func() (kept int, dropped uint64)) {
	m.gauge("connectmock_journal_entries", "Exchanges the journal keeps.", nil,
		func() float64 { kept, _ := figures(); return float64(kept) })
	m.counter("connectmock_journal_dropped_total", "Exchanges that had to make room for newer ones.", nil,
		func() float64 { _, dropped := figures(); return float64(dropped) })
}

// caches adds the figures of the caches by their names.
func (m *meter) caches(named map[string]func() cache.Stats) {
	for name, figures := range named {
		of := prometheus.Labels{"cache": name}
		m.gauge("connectmock_cache_bytes", "Bytes the cache takes, about.", of,
			func() float64 { return float64(figures().Bytes) })
		m.gauge("connectmock_cache_entries", "Answers the cache holds.", of,
			func() float64 { return float64(figures().Entries) })
		m.counter("connectmock_cache_hits_total", "How often the cache had what was asked for.", of,
			func() float64 { return float64(figures().Hits) })
		m.counter("connectmock_cache_misses_total", "How often the store had to be asked.", of,
			func() float64 { return float64(figures().Misses) })
	}
}

// copies adds the figures of large files that are held a second time.
func (m *meter) copies(figures func() (files int, bytes int64)) {
	m.gauge("connectmock_file_copies", "Large files kept a second time beside the store, to be sent fast.", nil,
		func() float64 { files, _ := figures(); return float64(files) })
	m.gauge("connectmock_file_copies_bytes", "Bytes on disk that they take.", nil,
		func() float64 { _, bytes := figures(); return float64(bytes) })
}

// backlog adds the figures of the activity that waits to be stored.
func (m *meter) backlog(figures func() store.Backlog) {
	m.gauge("connectmock_activity_pending_records", "Records of activity that are accepted and not yet stored.", nil,
		func() float64 { return float64(figures().Records) })
	m.gauge("connectmock_activity_pending_bytes", "What they take in memory, about.", nil,
		func() float64 { return float64(figures().Bytes) })
	m.counter("connectmock_activity_dropped_total", "Records of activity that were lost because the store took none.", nil,
		func() float64 { return float64(figures().Dropped) })
}

// metrics answers the Prometheus text format [D].
func metrics(s *Handler, _ *exchange) (reply, error) {
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
