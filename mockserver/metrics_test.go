package mockserver_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// metrics returns the metrics as Prometheus reads them: values by name and
// "METHOD path" or the name of a cache, and "<= bound" for a bucket.
func (r *testServer) metrics(t tb) map[string]float64 {
	t.Helper()
	a := r.get(t, "/metrics", noHeader("Authorization")).wantOK(t)
	if kind := a.header.Get("Content-Type"); kind != "text/plain; version=0.0.4; charset=utf-8" {
		t.Errorf("type is %q", kind)
	}
	decoder := expfmt.SampleDecoder{
		Dec:  expfmt.NewDecoder(bytes.NewReader(a.body), expfmt.NewFormat(expfmt.TypeTextPlain)),
		Opts: &expfmt.DecodeOptions{},
	}
	samples := map[string]float64{}
	for {
		var family model.Vector
		err := decoder.Decode(&family)
		if err == io.EOF {
			return samples
		}
		if err != nil {
			t.Fatalf("metrics: %v", err)
		}
		for _, s := range family {
			words := []string{string(s.Metric["__name__"]), string(s.Metric["method"]), string(s.Metric["path"])}
			if cache, ok := s.Metric["cache"]; ok {
				words = []string{words[0], string(cache)}
			}
			if bound, ok := s.Metric["le"]; ok {
				words = append(words, "<= "+string(bound))
			}
			samples[strings.TrimSpace(strings.Join(words, " "))] = float64(s.Value)
		}
	}
}

const (
	calls   = "secret_service_api_http_method_counts "
	seconds = "secret_service_api_http_duration_seconds"
)

func TestMetrics_CountByRoute(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	for _, path := range readPaths(d) {
		s.get(t, path).wantOK(t)
	}
	s.get(t, readPaths(d)["GetVaultItemById"]).wantOK(t)
	s.get(t, readPaths(d)["GetVaultItemById"]+"/").wantOK(t)
	s.get(t, readPaths(d)["GetVaultItemById"], token("nonsense")).wantStatus(t, 401)
	s.get(t, "/nowhere")
	s.send(t, "BREW", "/v1/vaults", nil)
	samples := s.metrics(t)
	for name, want := range map[string]float64{
		"GET /v1/vaults/:uuid/items/:uuid":                     4,
		"GET /v1/vaults/:uuid/items/:uuid/files":               1,
		"GET /v1/vaults/:uuid/items/:uuid/files/:uuid":         1,
		"GET /v1/vaults/:uuid/items/:uuid/files/:uuid/content": 1,
		"GET /v1/vaults/:uuid/items":                           1,
		"GET /v1/vaults/:uuid":                                 1,
		"GET /v1/vaults":                                       1,
		"GET /v1/activity":                                     1,
		"GET /health":                                          1,
		"GET /heartbeat":                                       1,
	} {
		wantEqual(t, want, samples[calls+name], "%s counted", name)
	}
	for name := range samples {
		if strings.Contains(name, "nowhere") || strings.Contains(name, d.vault("Deployments")) ||
			strings.Contains(name, "BREW") {
			t.Errorf("a label of %q would grow without end", name)
		}
	}
}

func TestMetrics_IncludeTheRuntime(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for range 5 {
		s.get(t, "/v1/vaults").wantOK(t)
	}
	samples := s.metrics(t)
	for _, name := range []string{"go_goroutines", "go_memstats_alloc_bytes", "process_start_time_seconds",
		"process_open_fds"} {
		if samples[name] <= 0 {
			t.Errorf("%s is %v", name, samples[name])
		}
	}
	if count, sum := samples[seconds+"_count GET /v1/vaults"], samples[seconds+"_sum GET /v1/vaults"]; count != 5 ||
		sum <= 0 || sum > 60 {
		t.Errorf("5 requests are counted as %v and took %v seconds", count, sum)
	}
	for _, bound := range []string{"0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5",
		"10"} { // the defaults [R]
		if _, ok := samples[seconds+"_bucket GET /v1/vaults <= "+bound]; !ok {
			t.Errorf("no bucket of %s", bound)
		}
	}
	if newServer(t).metrics(t)[calls+"GET /v1/vaults"] != 0 {
		t.Error("two servers count together")
	}
}

func TestMetrics_CountCacheHits(t *testing.T) {
	t.Parallel()
	// The clock stands still: an item with a one-time code is read again when its code changes.
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	s, d := newServer(t, connecttest.WithClock(func() time.Time { return noon })), demo(t)
	before := s.metrics(t)
	for range 3 {
		s.get(t, d.path("Office", demo(t).fixture.Accounts[0].Vault("Office").Items[0].Title)).wantOK(t)
		s.get(t, d.items("Office")).wantOK(t)
	}
	after := s.metrics(t)
	for name, want := range map[string]float64{
		"hits_total items": 2, "misses_total items": 1, "entries items": 1,
		"hits_total lists": 2, "misses_total lists": 1, "entries lists": 1,
		"hits_total names": 5, "misses_total names": 1, "entries names": 1,
	} {
		wantEqual(t, want, after["connectmock_cache_"+name]-before["connectmock_cache_"+name], "%s grew by", name)
	}
	for _, of := range []string{"items", "lists", "names"} {
		if after["connectmock_cache_bytes "+of] < 512 {
			t.Errorf("%s take %v bytes", of, after["connectmock_cache_bytes "+of])
		}
	}
}
