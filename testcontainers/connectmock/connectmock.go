// Package connectmock runs connectmock in a container for the time of a test, with testcontainers-go. It knows the image
// and its settings, not the server: it does not import it.
package connectmock

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// Image is the image of the release that this module belongs to.
const Image = "ghcr.io/connectmock/connectmock:0.2.0"

const (
	connectPort = "8080/tcp"
	controlPort = "8081/tcp"
)

// Container is a running mock.
type Container struct {
	testcontainers.Container
	token, controlToken string
}

// Run starts a mock in memory and returns when it accepts requests. Without [WithFixture] it has the demo data. The
// container may be returned with an error: give it to [testcontainers.CleanupContainer] before looking at the error.
func Run(ctx context.Context, image string, options ...testcontainers.ContainerCustomizer) (*Container, error) {
	host, err := daemonHost(ctx)
	if err != nil {
		return nil, err
	}
	c := &Container{token: rand.Text(), controlToken: rand.Text()}
	all := append([]testcontainers.ContainerCustomizer{
		testcontainers.WithExposedPorts(connectPort, controlPort),
		testcontainers.WithEnv(map[string]string{
			"CONNECTMOCK_STORE":         "memory:",
			"CONNECTMOCK_TOKEN":         "testcontainers=" + c.token,
			"CONNECTMOCK_CONTROL_ADDR":  "0.0.0.0:8081",
			"CONNECTMOCK_CONTROL_TOKEN": c.controlToken,
			"CONNECTMOCK_CONTROL_HOST":  host,
		}),
		testcontainers.WithWaitStrategy(
			wait.ForHTTP("/heartbeat").WithPort(connectPort).
				WithStatusCodeMatcher(func(status int) bool { return status == http.StatusOK }),
			wait.ForListeningPort(controlPort).SkipInternalCheck(), // the image has no shell
		),
	}, options...)
	started, err := testcontainers.Run(ctx, image, all...)
	if started == nil {
		return nil, err
	}
	c.Container = started
	if err != nil {
		return c, fmt.Errorf("connectmock did not start: %w%s", err, complaints(ctx, started))
	}
	return c, nil
}

// daemonHost returns the name by which tests reach containers. The control refuses names that it does not know, and
// this is another one than localhost where Docker is remote or the tests are in a container themselves.
func daemonHost(ctx context.Context) (string, error) {
	provider, err := testcontainers.NewDockerProvider()
	if err != nil {
		return "", err
	}
	defer provider.Close()
	return provider.DaemonHost(ctx)
}

// complaints returns the messages with which the program ended, each on a line of its own. It leaves out the rest of
// the log, which has tokens.
func complaints(ctx context.Context, c testcontainers.Container) string {
	log, err := c.Logs(ctx)
	if err != nil {
		return ""
	}
	defer log.Close()
	return complaintsIn(log)
}

func complaintsIn(log io.Reader) string {
	var found strings.Builder
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "connectmock: ") {
			found.WriteString("\n" + lines.Text())
		}
	}
	return found.String()
}

// URL returns what clients call OP_CONNECT_HOST.
func (c *Container) URL(ctx context.Context) (string, error) {
	return c.PortEndpoint(ctx, connectPort, "http")
}

// Token returns what clients call OP_CONNECT_TOKEN. It may read and write every vault.
func (c *Container) Token() string { return c.token }

// ControlURL returns the address of the control, for faults, clocks, accounts and the journal: CONNECTMOCK_CONTROL of
// connectmock ctl.
func (c *Container) ControlURL(ctx context.Context) (string, error) {
	return c.PortEndpoint(ctx, controlPort, "http")
}

// ControlToken returns the token of the control: CONNECTMOCK_CONTROL_TOKEN of connectmock ctl.
func (c *Container) ControlToken() string { return c.controlToken }

// errEmpty is the error of options without a value.
var errEmpty = errors.New("connectmock: empty value")
