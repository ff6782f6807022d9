package locate

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// IsBaseURL reports whether a text can be the address of a server.
func IsBaseURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// RequestHeartbeat returns an error unless /heartbeat is a 200. It follows no
// redirect, because Connect sends none.
func RequestHeartbeat(ctx context.Context, base string, timeout time.Duration, transport http.RoundTripper) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(base, "/")+"/heartbeat", nil)
	if err != nil {
		return err
	}
	where := r.URL.Redacted()
	noRedirect := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client := &http.Client{Transport: transport, CheckRedirect: noRedirect}
	res, err := client.Do(r)
	switch failed := new(url.Error); {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s did not respond within %s", where, timeout)
	case errors.As(err, &failed):
		return fmt.Errorf("%s does not respond: %w", where, failed.Err)
	case err != nil:
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s returned %s, not 200", where, res.Status)
	}
	return nil
}
