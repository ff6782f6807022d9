package controlapi

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// In the methods of Client an account is given by id or name. "" is the first account, unless the comment says
// otherwise.

// Overview returns the present state of the mock.
func (c *Client) Overview(ctx context.Context) (Overview, error) {
	return get[Overview](ctx, c, nil, nil)
}

// Reset resets an account or the whole server.
func (c *Client) Reset(ctx context.Context, r Reset) error {
	return c.do(ctx, call{method: http.MethodPost, path: []string{"reset"}, document: r})
}

// LoadFixture sends a fixture in YAML or JSON, which can't give files by their paths. With add it is added to the data
// of the account, and duplicate ids and vault names are an error. Without, it replaces the account and its initial
// data.
func (c *Client) LoadFixture(ctx context.Context, account string, fixture io.Reader, add bool) (LoadResult, error) {
	query := accountQuery(account)
	if add {
		query.Set("add", "true")
	}
	var loaded LoadResult
	err := c.do(ctx, call{
		method: http.MethodPost, path: []string{"fixtures"}, query: query,
		body: fixture, kind: "application/yaml", into: &loaded, // every JSON text is YAML
	})
	return loaded, err
}

// Accounts returns all accounts.
func (c *Client) Accounts(ctx context.Context) ([]Account, error) {
	return get[[]Account](ctx, c, []string{"accounts"}, nil)
}

// CreateAccount creates an account. Only this call returns its token.
func (c *Client) CreateAccount(ctx context.Context, n NewAccount) (Account, error) {
	return post[Account](ctx, c, []string{"accounts"}, nil, n)
}

// DeleteAccount deletes an account that was created with CreateAccount.
func (c *Client) DeleteAccount(ctx context.Context, account string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"accounts", account}})
}

// Snapshots returns the snapshots of an account, by name.
func (c *Client) Snapshots(ctx context.Context, account string) ([]Snapshot, error) {
	return get[[]Snapshot](ctx, c, []string{"snapshots"}, accountQuery(account))
}

// SaveSnapshot saves the present state of an account.
func (c *Client) SaveSnapshot(ctx context.Context, n NewSnapshot) (Snapshot, error) {
	return post[Snapshot](ctx, c, []string{"snapshots"}, nil, n)
}

// RestoreSnapshot restores the state of an account. Token values stay valid.
func (c *Client) RestoreSnapshot(ctx context.Context, account, name string) error {
	return c.do(ctx, call{method: http.MethodPost, path: []string{"snapshots", name, "restore"},
		query: accountQuery(account)})
}

// DeleteSnapshot deletes a snapshot.
func (c *Client) DeleteSnapshot(ctx context.Context, account, name string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"snapshots", name}, query: accountQuery(account)})
}

// DiffSnapshots returns what changed from one snapshot to another. If to is "", it is the present state.
func (c *Client) DiffSnapshots(ctx context.Context, account, from, to string) (Diff, error) {
	query := accountQuery(account)
	if to != "" {
		query.Set("to", to)
	}
	return get[Diff](ctx, c, []string{"snapshots", from, "diff"}, query)
}

// ExportSnapshot writes a snapshot as one file. After an error the output is incomplete.
func (c *Client) ExportSnapshot(ctx context.Context, account, name string, w io.Writer) error {
	return c.do(ctx, call{method: http.MethodGet, path: []string{"snapshots", name}, query: accountQuery(account),
		into: w})
}

// ImportSnapshot adds an exported snapshot under a name.
func (c *Client) ImportSnapshot(ctx context.Context, account, name string, r io.Reader) (Snapshot, error) {
	var imported Snapshot
	err := c.do(ctx, call{
		method: http.MethodPut, path: []string{"snapshots", name}, query: accountQuery(account),
		body: r, kind: "application/gzip", into: &imported,
	})
	return imported, err
}

// ListTokens returns all tokens of an account, revoked ones too, with the values of those that are signed.
func (c *Client) ListTokens(ctx context.Context, account string) ([]Token, error) {
	return get[[]Token](ctx, c, []string{"tokens"}, accountQuery(account))
}

// IssueToken creates a token.
func (c *Client) IssueToken(ctx context.Context, t Token) (Token, error) {
	return post[Token](ctx, c, []string{"tokens"}, nil, t)
}

// ChangeToken changes the permissions and the expiry of a token at once.
func (c *Client) ChangeToken(ctx context.Context, account, nameOrID string, change TokenChange) (Token, error) {
	var changed Token
	err := c.do(ctx, call{
		method: http.MethodPatch, path: []string{"tokens", nameOrID}, query: accountQuery(account),
		document: change, into: &changed,
	})
	return changed, err
}

// RevokeToken revokes a token.
func (c *Client) RevokeToken(ctx context.Context, account, nameOrID string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"tokens", nameOrID}, query: accountQuery(account)})
}

// Clock returns the clock of an account. "" is the server's clock, which accounts without one of their own use.
func (c *Client) Clock(ctx context.Context, account string) (Clock, error) {
	return get[Clock](ctx, c, []string{"clock"}, accountQuery(account))
}

// SetClock changes a clock. account is as for Clock.
func (c *Client) SetClock(ctx context.Context, account string, change ClockChange) (Clock, error) {
	var changed Clock
	err := c.do(ctx, call{
		method: http.MethodPut, path: []string{"clock"}, query: accountQuery(account),
		document: change, into: &changed,
	})
	return changed, err
}

// Faults returns the faults of an account, or all for "".
func (c *Client) Faults(ctx context.Context, account string) ([]Fault, error) {
	return get[[]Fault](ctx, c, []string{"faults"}, accountQuery(account))
}

// AddFault adds a fault.
func (c *Client) AddFault(ctx context.Context, f Fault) (Fault, error) {
	return post[Fault](ctx, c, []string{"faults"}, nil, f)
}

// RemoveFault removes a fault.
func (c *Client) RemoveFault(ctx context.Context, name string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"faults", name}})
}

// ResetFaults removes the faults of an account, or all for "".
func (c *Client) ResetFaults(ctx context.Context, account string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"faults"}, query: accountQuery(account)})
}

// Presets returns the named faults.
func (c *Client) Presets(ctx context.Context) ([]Preset, error) {
	return get[[]Preset](ctx, c, []string{"presets"}, nil)
}

// Journal returns a page of the journal.
func (c *Client) Journal(ctx context.Context, q JournalQuery) (Journal, error) {
	return get[Journal](ctx, c, []string{"journal"}, q.values())
}

// ClearJournal removes the entries of an account, or all for "".
func (c *Client) ClearJournal(ctx context.Context, account string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"journal"}, query: accountQuery(account)})
}

// VerifyJournal checks expected requests against the journal. A difference is in the result, not an error.
func (c *Client) VerifyJournal(ctx context.Context, v Verification) (VerifyResult, error) {
	return post[VerifyResult](ctx, c, []string{"journal", "verify"}, nil, v)
}

// Explain returns why the request with this journal id was rejected.
func (c *Client) Explain(ctx context.Context, id uint64) (Explanation, error) {
	return get[Explanation](ctx, c, []string{"journal", strconv.FormatUint(id, 10), "explanation"}, nil)
}

// Exchange returns the headers and bodies of the request with this journal id. The error is a 409 if the mock keeps no
// bodies.
func (c *Client) Exchange(ctx context.Context, id uint64) (Exchange, error) {
	return get[Exchange](ctx, c, []string{"journal", strconv.FormatUint(id, 10), "exchange"}, nil)
}

// accountQuery returns the query that names an account, which is empty for "".
func accountQuery(account string) url.Values {
	query := url.Values{}
	if account != "" {
		query.Set("account", account)
	}
	return query
}

// values encodes the query. Zero members are left out.
func (q JournalQuery) values() url.Values {
	query := accountQuery(q.Account)
	for name, text := range map[string]string{
		"operation": q.Operation, "status": q.Status, "caller": q.Caller, "fault": q.Fault,
	} {
		if text != "" {
			query.Set(name, text)
		}
	}
	for name, moment := range map[string]time.Time{"since": q.Since, "until": q.Until} {
		if !moment.IsZero() {
			query.Set(name, moment.Format(time.RFC3339Nano))
		}
	}
	if q.After > 0 {
		query.Set("after", strconv.FormatUint(q.After, 10))
	}
	if q.Limit != 0 {
		query.Set("limit", strconv.Itoa(q.Limit))
	}
	return query
}

func get[T any](ctx context.Context, c *Client, path []string, query url.Values) (T, error) {
	var got T
	err := c.do(ctx, call{method: http.MethodGet, path: path, query: query, into: &got})
	return got, err
}

func post[T any](ctx context.Context, c *Client, path []string, query url.Values, document any) (T, error) {
	var got T
	err := c.do(ctx, call{method: http.MethodPost, path: path, query: query, document: document, into: &got})
	return got, err
}
