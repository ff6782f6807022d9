package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// found is what was found out about the target before the first scenario.
type found struct {
	list    []report.Capability
	version string          // the Connect version the server says it is
	vaults  []connect.Vault // that the token sees
	vault   string          // id of the one to use; empty: none is seen
	file    *fileState      // on a target without control: a file that is there
}

// missing is why something can't be done, "" if it can.
func (f *found) missing(needs []string) string {
	for _, need := range needs {
		i := slices.IndexFunc(f.list, func(c report.Capability) bool { return c.Name == need })
		if i < 0 {
			return fmt.Sprintf("needs %s, which nothing looks for", need)
		}
		if !f.list[i].Have {
			return fmt.Sprintf("needs %s: %s", need, f.list[i].Why)
		}
	}
	return ""
}

func (f *found) add(name string, have bool, why string) {
	f.list = append(f.list, report.Capability{Name: name, Have: have, Why: why})
}

// find looks at the target, with reads only. An error says that it can't be
// used at all.
func (r *run) find(ctx context.Context) (f *found, err error) {
	f = &found{}
	token := r.target.Token
	if r.target.Control != nil {
		if _, err := r.target.Control.Overview(ctx); err != nil {
			return nil, fmt.Errorf("the mock's control API can't be used: %w", err)
		}
		world, err := r.target.Control.CreateAccount(ctx, controlapi.NewAccount{Name: r.prefix() + "-look"})
		if err != nil {
			return nil, fmt.Errorf("the mock made no world to look at: %w", err)
		}
		defer func() { err = errors.Join(err, r.deleteAccount(ctx, world.ID)) }()
		r.redactor.Add(world.Token)
		token = world.Token
	}
	if err := r.listVaults(ctx, token, f); err != nil {
		return nil, err
	}
	if r.target.Control != nil {
		for _, c := range Capabilities() {
			f.add(c, true, "by the control API")
		}
		return f, nil
	}
	r.findWithoutControl(ctx, f)
	return f, nil
}

// listVaults lists the vaults that the token sees.
func (r *run) listVaults(ctx context.Context, token string, f *found) error {
	status, header, body, err := r.ask(ctx, token, http.MethodGet, "/v1/vaults", nil)
	probe := suite.Probe{Target: r.target.URL, Status: status, Header: header, Body: body}
	if err != nil {
		probe.Err = errors.New(r.redactor.Redact(err.Error()))
	}
	if err := probe.Problem(); err != nil {
		return errors.New(r.redactor.Redact(err.Error()))
	}
	if err := json.Unmarshal(body, &f.vaults); err != nil {
		return fmt.Errorf("the target %s lists vaults in a form that no Connect server has", r.target.URL)
	}
	f.version = header.Get("1Password-Connect-Version")
	named := r.target.Vault != "" && r.target.Control == nil
	for _, v := range f.vaults {
		if f.vault == "" && (!named || r.target.Vault == v.ID) {
			f.vault = v.ID
		}
	}
	if named && f.vault == "" {
		return suite.CheckVault(r.target.Vault, f.vaults)
	}
	return nil
}

// findWithoutControl finds what a target without a control API can do.
func (r *run) findWithoutControl(ctx context.Context, f *found) {
	switch {
	case f.vault == "":
		f.add(canRead, false, "the token sees no vault")
	default:
		f.add(canRead, true, "vault "+f.vault)
	}
	switch {
	case !r.target.AllowWrites:
		f.add(canWrite, false, "writes are not allowed; allow them and name a vault")
	case f.vault == "":
		f.add(canWrite, false, "the token sees no vault")
	default:
		f.add(canWrite, true, "into vault "+f.vault)
	}
	if r.target.Reader == "" {
		f.add(canReader, false, "no read-only token was given")
	} else {
		f.add(canReader, true, "given")
	}
	if f.file = r.findFile(ctx, f); f.file == nil {
		f.add(canFiles, false, "no item that was looked at has a file")
	} else {
		f.add(canFiles, true, "item "+f.file.Item+" has one")
	}
	for _, c := range []string{canControl, canFaults, canClock, canTokens, canSnapshots, canJournal} {
		f.add(c, false, "only a mock can be told to, and this target has no control API")
	}
}

// prefix marks everything a run makes.
func (r *run) prefix() string { return "connectmock-scenario-" + r.id }

// ask sends a request that belongs to no step.
func (r *run) ask(ctx context.Context, token, method, path string, document any) (int, http.Header, []byte, error) {
	var body io.Reader
	if document != nil {
		text, err := json.Marshal(document)
		if err != nil {
			return 0, nil, nil, err
		}
		r.redactor.Learn(text)
		body = strings.NewReader(string(text))
	}
	req, err := http.NewRequestWithContext(ctx, method, r.target.URL+path, body)
	if err != nil {
		return 0, nil, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("User-Agent", userAgent)
	if document != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := r.plainClient.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	r.redactor.Learn(data)
	return res.StatusCode, res.Header, data, err
}

const userAgent = "connectmock-scenario"
