package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/fixtures"
)

// relayDelay is what the relay of the part contract adds to each response.
const relayDelay = 50 * time.Millisecond

// measureContract measures the contract suite against the binary behind a relay, as a server that is far away.
func measureContract(ctx context.Context, r *run) error {
	mock, err := r.startMock(ctx, "memory:")
	if err != nil {
		return err
	}
	defer mock.stop()
	relay, stop, err := startRelay(mock.Addr)
	if err != nil {
		return err
	}
	defer stop()
	t := r.table("contract", "rules", "at the same time", "took", "spread", "target")
	for _, c := range []struct {
		name     string
		writes   bool
		parallel int
		target   target
	}{
		{"that only read", false, 1, target{}},
		{"that only read", false, 8, atMost(8, "8 s")},
		{"all", true, 1, target{}},
		{"all", true, 8, atMost(20, "20 s")},
	} {
		if !strings.Contains(fmt.Sprintf("%s, %d", c.name, c.parallel), r.only) {
			continue
		}
		var took []float64
		for range r.rounds {
			d, err := r.runContract(ctx, mock, relay, c.writes, c.parallel)
			if err != nil {
				return fmt.Errorf("rules %s, %d at the same time: %w", c.name, c.parallel, err)
			}
			took = append(took, d.Seconds())
		}
		t.add(c.name, strconv.Itoa(c.parallel), fmt.Sprintf("%.1f s", median(took)), spread(took),
			c.target.verdict(median(took)))
	}
	t.note("A relay adds %s to each response. The run has the mock's control, so no rule is skipped for want of a token.",
		relayDelay)
	return nil
}

// runContract runs the contract suite against a mock through a relay. The run must pass.
func (r *run) runContract(ctx context.Context, mock *server, relay string, writes bool, parallel int) (
	time.Duration, error,
) {
	arguments := []string{"contract", "run", "--target", relay, "--control", mock.control,
		"--parallel", strconv.Itoa(parallel), "--ledger", r.path("ledger.jsonl")}
	if writes {
		arguments = append(arguments, "--allow-writes", "--vault", fixtures.Demo().Accounts[0].Vaults[0].ID)
	}
	c := exec.CommandContext(ctx, r.binary, arguments...)
	c.Env = append(os.Environ(), "OP_CONNECT_TOKEN="+mock.tokens["read-write"], "CONNECTMOCK_CONTROL_TOKEN="+mock.controlToken)
	start := time.Now()
	if out, err := c.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%w\n%s", err, out)
	}
	return time.Since(start), nil
}

// startRelay starts a proxy that adds relayDelay to each response, and returns its URL.
func startRelay(addr string) (base string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: addr})
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body) // a response may come before the proxy has read all of the request
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		time.Sleep(relayDelay)
		proxy.ServeHTTP(w, r)
	})}
	go func() { _ = server.Serve(listener) }() // until Close
	return "http://" + listener.Addr().String(), func() { _ = server.Close() }, nil
}
