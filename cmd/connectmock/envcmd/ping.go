package envcmd

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/spf13/cobra"
)

// NewPing returns the command ping.
func NewPing(std *cli.Streams) *cobra.Command {
	var timeout time.Duration
	c := &cobra.Command{
		Use:   "ping [URL]",
		Short: "Check that a Connect server responds",
		Long: `Check that a Connect server responds: exit code 0 if GET /heartbeat returns 200,
1 if not. Made for health checks of containers, which have no curl.

Without a URL, ping requests OP_CONNECT_HOST. Without that variable it looks for
a server on this machine: at the address of CONNECTMOCK_ADDR, or port 8080
(OP_HTTP_PORT) and with TLS port 8443 (OP_HTTPS_PORT). If the TLS variables of
serve are set, it tries TLS only, otherwise plain HTTP and then TLS. It does not
verify the certificate of such a server, which may be self-signed.`,
		Example: `  connectmock ping
  connectmock ping --timeout 500ms http://connect:8080`,
		RunE: func(c *cobra.Command, args []string) error {
			if timeout <= 0 {
				return cli.Usage("--timeout must be above 0")
			}
			ctx, cancel := context.WithTimeout(c.Context(), timeout)
			defer cancel()
			host, _ := std.Variable("OP_CONNECT_HOST")
			host = cmp.Or(cliflag.FirstArg(args), cliflag.TrimInvisible(host))
			if host == "" {
				return pingOwnServer(ctx, ownURLs(std), timeout)
			}
			if !locate.IsBaseURL(host) {
				// The URL is not in the message: it may hold a password.
				return cli.Usage("a URL as http://127.0.0.1:8080 is needed to ping")
			}
			return locate.RequestHeartbeat(ctx, host, timeout, http.DefaultTransport)
		},
	}
	c.Flags().DurationVar(&timeout, "timeout", 2*time.Second, "how long the response may take")
	return c
}

// ownURLs returns the URLs that a server with this environment may have on this
// machine. Whether the server got TLS by a flag is not known here.
func ownURLs(std *cli.Streams) (urls []string) {
	_, certificate := std.Variable(cliflag.VariableName("tls-cert"))
	_, serverCertificate := std.Variable("OP_TLS_CERT_FILE")
	text, _ := std.Variable(cliflag.VariableName("tls-self-signed"))
	selfSigned, _ := strconv.ParseBool(text) // serve refuses what is not a boolean
	if !certificate && !serverCertificate && !selfSigned {
		urls = append(urls, "http://"+ownAddress(std, false))
	}
	return append(urls, "https://"+ownAddress(std, true))
}

// ownAddress returns the address, as HOST:PORT, of a server with this
// environment. It is the default one if a variable is invalid.
func ownAddress(std *cli.Streams, secure bool) string {
	addr, _ := std.Variable(cliflag.VariableName("addr"))
	addr, err := mock.Address(std, cmp.Or(addr, "127.0.0.1"), secure)
	if err != nil {
		addr, _ = mock.Address(&cli.Streams{}, "127.0.0.1", secure) // valid, without variables
	}
	host, port, _ := net.SplitHostPort(addr) // as address made it
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// pingOwnServer requests the URLs one after the other until one returns 200, and
// does not verify certificates: nobody here knows who signed them, and the
// request holds no secret.
func pingOwnServer(ctx context.Context, urls []string, timeout time.Duration) error {
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	defer transport.CloseIdleConnections()
	var reasons []string
	for _, base := range urls {
		err := locate.RequestHeartbeat(ctx, base, timeout, transport)
		if err == nil {
			return nil
		}
		reasons = append(reasons, err.Error())
	}
	return errors.New(strings.Join(reasons, "; "))
}
