package locate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// NewControlClient returns a client of the control at a URL.
func NewControlClient(url, token string) (*controlapi.Client, error) {
	if token == "" {
		return nil, errors.New("the control of a mock needs its token, which the mock printed when it started:" +
			" give it by CONNECTMOCK_CONTROL_TOKEN")
	}
	return &controlapi.Client{URL: strings.TrimSuffix(url, "/"), Token: token}, nil
}

// ControlFlags are the flags of ctl for the address of a control.
type ControlFlags struct {
	url, token, store string
	fromFile          bool // the address is from a control file, which may be stale
}

// Bind adds the flags.
func (w *ControlFlags) Bind(f *pflag.FlagSet) {
	f.StringVar(&w.url, "control", "",
		"`URL` of the mock's control, as http://127.0.0.1:8081 (default that of the server of --store)")
	f.StringVar(&w.token, "control-token", "", "`token` of the control"+cliflag.VisibleToken)
	f.StringVar(&w.store, "store", "connectmock.db", "database `file` of a mock on this machine, to find its control")
}

// Client returns a client of the control. A store on the command line counts
// before a control in a variable, which may be left over.
func (w *ControlFlags) Client(flags *pflag.FlagSet) (*controlapi.Client, error) {
	if cliflag.OnCommandLine(flags.Lookup("store")) && !cliflag.OnCommandLine(flags.Lookup("control")) {
		w.url = ""
		if !cliflag.OnCommandLine(flags.Lookup("control-token")) {
			w.token = ""
		}
	}
	if w.url == ControlOff {
		return nil, errors.New("this mock was started without a control:" +
			" leave out --control off where it is started, or name another mock")
	}
	if w.url != "" {
		return NewControlClient(w.url, w.token)
	}
	found, err := findServed(w.store)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("found no mock here: there is no %s. Start one with connectmock serve --store %s,"+
			" or name one by CONNECTMOCK_CONTROL and CONNECTMOCK_CONTROL_TOKEN, which it printed when it started",
			ControlPath(w.store), environment.ShellQuote(w.store))
	}
	if err != nil {
		return nil, err
	}
	w.fromFile = true
	client := &controlapi.Client{URL: found.URL, Token: found.Token}
	if w.token != "" {
		client.Token = w.token
	}
	return client, nil
}

// findServed returns the control file of a store that is served. The error is
// fs.ErrNotExist if there is no file.
func findServed(store string) (f ControlFile, err error) {
	if f, err = readControlFile(store); err != nil {
		return f, err
	}
	// Another program may have the port by now, and must not get the token.
	if served, known := mockserver.IsStoreServed(store); known && !served {
		return f, fmt.Errorf("%s is from a mock that ended without cleaning up, as after kill -9: start it again with "+
			"connectmock serve --store %s, or delete that file", ControlPath(store), environment.ShellQuote(store))
	}
	return f, nil
}

// AddStaleFileHint adds a hint to an error that a stale control file may cause: no
// server responded, or one with another token.
func (w *ControlFlags) AddStaleFileHint(err error) error {
	refused := new(controlapi.Error)
	isOtherServer := errors.As(err, &refused) && refused.Status == http.StatusUnauthorized
	if !w.fromFile || !isOtherServer && !errors.As(err, new(*net.OpError)) {
		return err
	}
	return fmt.Errorf("%w. The address is from %s; if its mock ended without cleaning up, as after kill -9,"+
		" start it again or delete that file", err, ControlPath(w.store))
}

// TargetControl are the flags of both suites for the control of the mock under
// test.
type TargetControl struct{ URL, Token string }

// Bind adds the flags to a command.
func (t *TargetControl) Bind(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&t.URL, "control", "", "`URL` of the control of the mock that is the target (default: it has none)")
	f.StringVar(&t.Token, "control-token", "", "`token` of that control; better set by the variable")
}

// Client returns a client of the control, nil if none was named.
func (t *TargetControl) Client() (*controlapi.Client, error) {
	if t.URL == "" || t.URL == ControlOff {
		return nil, nil
	}
	return NewControlClient(t.URL, t.Token)
}

// FindControl returns a client of the control that the control file of a store
// names. It is nil if the target is on another machine, there is no such file or
// no control responds.
func FindControl(ctx context.Context, store, target string) *controlapi.Client {
	u, err := url.Parse(target)
	if err != nil || !IsLoopback(u.Hostname()) {
		return nil
	}
	found, err := readControlFile(store)
	if err != nil {
		return nil
	}
	client := &controlapi.Client{URL: found.URL, Token: found.Token}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if _, err := client.Overview(ctx); err != nil {
		return nil
	}
	return client
}

// IsLoopback reports whether a host is this machine, for programs on it.
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
