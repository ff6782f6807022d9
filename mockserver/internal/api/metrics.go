package api

import (
	"bytes"
	"strings"
	"sync"

	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/backend/cache"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"
)

// meter counts requests in Connect's own two metrics [R, metrics recorded by the Ruby client] beside those of the Go
// runtime and the process, and figures that a real server does not have. Few servers are asked for their metrics, and
// tests start hundreds of servers: what only the response needs is made for the first one.
type meter struct {
	seconds  *prometheus.HistogramVec
	calls    *prometheus.CounterVec
	observed []func() observation
	registry func() *prometheus.Registry
}

// observation is what counts the requests to an operation.
type observation struct {
	seconds prometheus.Observer
	calls   prometheus.Counter
}

// newMeter returns a meter that also has the figures of a backend, which need not be open yet.
func newMeter(b *backend.Backend) *meter {
	m := &meter{
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "secret_service_api_http_duration_seconds",
			Help: "Seconds from the arrival of a request to its response.",
		}, []string{"method", "path"}),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "secret_service_api_http_method_counts",
			Help: "Number of requests with a response.",
		}, []string{"method", "path"}),
	}
	m.registry = sync.OnceValue(func() *prometheus.Registry { return m.newRegistry(b) })
	return m
}

// newRegistry returns a registry of all figures. Operations without a request have the figure 0.
func (m *meter) newRegistry(b *backend.Backend) *prometheus.Registry {
	for _, observed := range m.observed {
		observed()
	}
	r := figures{prometheus.NewRegistry()}
	r.MustRegister(m.seconds, m.calls, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	r.addBackend(b)
	return r.Registry
}

// operation returns the function that counts a request to an operation. Ids in its path are written ":uuid" as a real
// server does [R].
func (m *meter) operation(method, path string) func(seconds float64) {
	observed := sync.OnceValue(func() observation {
		segments := strings.Split(path, "/")
		for i, segment := range segments {
			if strings.HasPrefix(segment, "{") {
				segments[i] = ":uuid"
			}
		}
		path := strings.Join(segments, "/")
		return observation{m.seconds.WithLabelValues(method, path), m.calls.WithLabelValues(method, path)}
	})
	m.observed = append(m.observed, observed)
	return func(took float64) {
		o := observed()
		o.seconds.Observe(took)
		o.calls.Inc()
	}
}

// figures is a registry to which figures are added.
type figures struct{ *prometheus.Registry }

// gauge adds a figure that goes up and down. Labels may be nil.
func (r figures) gauge(name, help string, labels prometheus.Labels, value func() float64) {
	opts := prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}
	r.MustRegister(prometheus.NewGaugeFunc(opts, value))
}

// counter adds a figure that only grows. Labels may be nil.
func (r figures) counter(name, help string, labels prometheus.Labels, value func() float64) {
	opts := prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}
	r.MustRegister(prometheus.NewCounterFunc(opts, value))
}

// addBackend adds the figures of a backend.
func (r figures) addBackend(b *backend.Backend) {
	for _, name := range []string{"items", "lists", "names"} {
		r.addCache(name, func() cache.Stats { return b.Vaults.CacheStats()[name] })
	}
	if b.Journal != nil {
		r.gauge("connectmock_journal_entries", "Exchanges in the journal.", nil,
			func() float64 { kept, _ := b.Journal.Stats(); return float64(kept) })
		r.counter("connectmock_journal_dropped_total", "Exchanges that the journal deleted because newer ones came.", nil,
			func() float64 { _, dropped := b.Journal.Stats(); return float64(dropped) })
	}
	r.gauge("connectmock_file_copies", "Large files kept a second time beside the store, to be sent fast.", nil,
		func() float64 { return float64(b.StoreStats().FileCopies) })
	r.gauge("connectmock_file_copies_bytes", "Size of these files.", nil,
		func() float64 { return float64(b.StoreStats().FileCopyBytes) })
	r.gauge("connectmock_activity_pending_records", "Records of activity that are not stored yet.", nil,
		func() float64 { return float64(b.StoreStats().PendingRecords) })
	r.gauge("connectmock_activity_pending_bytes", "Approximate size of these records.", nil,
		func() float64 { return float64(b.StoreStats().PendingBytes) })
	r.counter("connectmock_activity_dropped_total", "Records of activity that were lost because the store could not be written.", nil,
		func() float64 { return float64(b.StoreStats().DroppedRecords) })
}

// addCache adds the figures of a cache.
func (r figures) addCache(name string, stats func() cache.Stats) {
	labels := prometheus.Labels{"cache": name}
	r.gauge("connectmock_cache_bytes", "Approximate size of the cache.", labels,
		func() float64 { return float64(stats().Bytes) })
	r.gauge("connectmock_cache_entries", "Documents in the cache.", labels,
		func() float64 { return float64(stats().Entries) })
	r.counter("connectmock_cache_hits_total", "Number of lookups that the cache had a value for.", labels,
		func() float64 { return float64(stats().Hits) })
	r.counter("connectmock_cache_misses_total", "Number of lookups that read the store.", labels,
		func() float64 { return float64(stats().Misses) })
}

// getMetrics returns the figures in the Prometheus text format [D].
func getMetrics(h *Handler, _ *call) (response, error) {
	families, err := h.meter.registry().Gather()
	if err != nil {
		return response{}, err
	}
	var text bytes.Buffer
	encoder := expfmt.NewEncoder(&text, expfmt.NewFormat(expfmt.TypeTextPlain))
	for _, family := range families {
		if err := encoder.Encode(family); err != nil {
			return response{}, err
		}
	}
	return response{kind: metricsKind, body: text.Bytes()}, nil
}
