package main

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

// targetControl says where the control of the mock under test is, for both
// suites.
type targetControl struct{ url, token string }

func (t *targetControl) bind(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&t.url, "control", "", "`URL` of the control of the mock that is the target (default: it has none)")
	f.StringVar(&t.token, "control-token", "", "`token` of that control; better given by the variable")
}

// client returns a client of the control, nil if none was named.
func (t *targetControl) client() (*controlapi.Client, error) {
	if t.url == "" || t.url == controlOff {
		return nil, nil
	}
	if t.token == "" {
		return nil, errors.New("the control of a mock needs its token, which the mock printed when it started: give it by CONNECTMOCK_CONTROL_TOKEN")
	}
	return &controlapi.Client{URL: strings.TrimSuffix(t.url, "/"), Token: t.token}, nil
}

// controlBeside returns a client of the control that a mock of this machine
// noted beside its store, nil if the target is elsewhere, there is no note or
// nobody answers there any more.
func controlBeside(ctx context.Context, store, target string) *controlapi.Client {
	u, err := url.Parse(target)
	if err != nil || !isLoopback(u.Hostname()) {
		return nil
	}
	note, err := readControl(store)
	if err != nil {
		return nil
	}
	client := &controlapi.Client{URL: note.URL, Token: note.Token}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if _, err := client.Overview(ctx); err != nil {
		return nil
	}
	return client
}
