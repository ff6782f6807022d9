package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func newPing(std *streams) *cobra.Command {
	var patience time.Duration
	c := &cobra.Command{
		Use:   "ping [URL]",
		Short: "Check that a Connect server responds",
		Long: `Check that a Connect server responds: exit code 0 if its /heartbeat is a 200, 1
if not. Without a URL it is the one of OP_CONNECT_HOST, else that of a server here
which goes by the same CONNECTMOCK_ADDR and OP_HTTP_PORT, else
http://127.0.0.1:8080. Made for health checks of containers, which have no curl.`,
		Example: `  connectmock ping
  connectmock ping --timeout 500ms http://connect:8080`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			base := ownURL(std)
			if host, set := std.variable("OP_CONNECT_HOST"); set {
				base = trimInvisible(host)
			}
			if len(args) == 1 {
				base = args[0]
			}
			if u, err := url.Parse(base); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
				return usage("a URL as http://127.0.0.1:8080 is needed to ping") // without it: it may hold a password
			}
			if patience <= 0 {
				return usage("--timeout must be above 0")
			}
			return sendHeartbeat(c.Context(), base, patience)
		},
	}
	c.Flags().DurationVar(&patience, "timeout", 2*time.Second, "how long the response may take")
	return c
}

// ownURL returns where a server of the same environment answers on this machine.
func ownURL(std *streams) string {
	addr, _ := std.variable(variableName("addr"))
	addr, err := address(std, cmp.Or(addr, "127.0.0.1"), false)
	if err != nil {
		return "http://127.0.0.1:8080"
	}
	host, port, _ := net.SplitHostPort(addr) // as address made it
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// sendHeartbeat asks for a heartbeat. A redirect is no answer of a Connect server.
func sendHeartbeat(ctx context.Context, base string, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(base, "/")+"/heartbeat", nil)
	if err != nil {
		return err
	}
	where := r.URL.Redacted()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	switch failed := new(url.Error); {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s did not answer within %s", where, patience)
	case errors.As(err, &failed):
		return fmt.Errorf("%s does not answer: %w", where, failed.Err)
	case err != nil:
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s, not 200", where, res.Status)
	}
	return nil
}
