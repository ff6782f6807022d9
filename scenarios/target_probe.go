package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/connectmock/connectmock/internal/suite"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// targetInfo is what the run learns about the target before the first scenario.
type targetInfo struct {
	capabilities suite.Capabilities
	version      string          // of Connect, as the server says
	vaults       []connect.Vault // that the token sees
	vault        string          // id of the vault to use; empty: the token sees none
	file         *fileState      // a file that exists on a target without control; nil: none was found
}

// probe learns what the target can do, with reads only. An error means that the target can't be used.
func (r *run) probe(ctx context.Context) (f *targetInfo, err error) {
	f = &targetInfo{}
	token := r.target.Token
	if r.target.Control != nil {
		if _, err := r.target.Control.Overview(ctx); err != nil {
			return nil, fmt.Errorf("the mock's control API can't be used: %w", err)
		}
		account, err := r.target.Control.CreateAccount(ctx, controlapi.NewAccount{Name: r.prefix() + "-probe"})
		if err != nil {
			return nil, fmt.Errorf("create an account on the mock: %w", err)
		}
		defer func() { err = errors.Join(err, r.deleteAccount(ctx, account.ID)) }()
		r.redactor.Add(account.Token)
		token = account.Token
	}
	if err := r.listVaults(ctx, token, f); err != nil {
		return nil, err
	}
	if r.target.Control != nil {
		for _, c := range language.Capabilities() {
			f.capabilities.Add(c, true, "by the control API")
		}
		return f, nil
	}
	r.probeWithoutControl(ctx, f)
	return f, nil
}

// listVaults lists the vaults that the token sees.
func (r *run) listVaults(ctx context.Context, token string, f *targetInfo) error {
	status, header, body, err := r.sendPlain(ctx, token, http.MethodGet, "/v1/vaults", nil)
	probe := suite.Probe{Target: r.target.URL, Status: status, Header: header, Body: body}
	if err != nil {
		probe.Err = errors.New(r.redactor.Redact(err.Error()))
	}
	if err := probe.Problem(); err != nil {
		return errors.New(r.redactor.Redact(err.Error()))
	}
	if err := json.Unmarshal(body, &f.vaults); err != nil {
		return fmt.Errorf("the target %s lists vaults in a format that no Connect server uses", r.target.URL)
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

// probeWithoutControl learns what a target without a control API can do.
func (r *run) probeWithoutControl(ctx context.Context, f *targetInfo) {
	switch {
	case f.vault == "":
		f.capabilities.Add(language.CanRead, false, "the token sees no vault")
	default:
		f.capabilities.Add(language.CanRead, true, "vault "+f.vault)
	}
	switch {
	case !r.target.AllowWrites:
		f.capabilities.Add(language.CanWrite, false, "writes are not allowed; allow them and name a vault")
	case f.vault == "":
		f.capabilities.Add(language.CanWrite, false, "the token sees no vault")
	default:
		f.capabilities.Add(language.CanWrite, true, "into vault "+f.vault)
	}
	if r.target.Reader == "" {
		f.capabilities.Add(language.CanReader, false, "no read-only token was given")
	} else {
		f.capabilities.Add(language.CanReader, true, "given")
	}
	if f.file = r.findFile(ctx, f); f.file == nil {
		f.capabilities.Add(language.CanFiles, false, "none of the items that were read has a file")
	} else {
		f.capabilities.Add(language.CanFiles, true, "item "+f.file.Item+" has one")
	}
	for _, c := range []string{language.CanControl, language.CanFaults, language.CanClock, language.CanTokens,
		language.CanSnapshots, language.CanJournal} {
		f.capabilities.Add(c, false, "only a mock has it, and this target has no control API")
	}
}

// prefix returns what the names of everything that the run creates start with.
func (r *run) prefix() string { return "connectmock-scenario-" + r.id }

// sendPlain sends a request that belongs to no step.
func (r *run) sendPlain(ctx context.Context, token, method, path string, document any) (
	int, http.Header, []byte, error,
) {
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
	req.Header.Set("User-Agent", language.UserAgent)
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
