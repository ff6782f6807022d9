package controlapi

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// In all that follows an account is an id or a name, and "" the first, unless
// it says otherwise.

// Overview is what the mock holds and does at the moment.
func (c *Client) Overview(ctx context.Context) (Overview, error) {
	return get[Overview](ctx, c, nil, nil)
}

// Reset starts a world or the whole server again.
func (c *Client) Reset(ctx context.Context, r Reset) error {
	return c.do(ctx, call{method: http.MethodPost, path: []string{"reset"}, document: r})
}

// LoadFixture sends a fixture, YAML or JSON, without paths of files. With add
// it comes to what the account holds; a clash of ids or names of vaults is
// refused. Without, the account and its seed become it.
func (c *Client) LoadFixture(ctx context.Context, account string, fixture io.Reader, add bool) (LoadResult, error) {
	query := of(account)
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

// Accounts are the worlds that are served.
func (c *Client) Accounts(ctx context.Context) ([]Account, error) {
	return get[[]Account](ctx, c, []string{"accounts"}, nil)
}

// CreateAccount makes a world. Its token is in the answer and nowhere else.
func (c *Client) CreateAccount(ctx context.Context, n NewAccount) (Account, error) {
	return post[Account](ctx, c, []string{"accounts"}, nil, n)
}

// DeleteAccount ends a created world.
func (c *Client) DeleteAccount(ctx context.Context, account string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"accounts", account}})
}

// Snapshots are those of an account, by name.
func (c *Client) Snapshots(ctx context.Context, account string) ([]Snapshot, error) {
	return get[[]Snapshot](ctx, c, []string{"snapshots"}, of(account))
}

// SaveSnapshot keeps the account as it is.
func (c *Client) SaveSnapshot(ctx context.Context, n NewSnapshot) (Snapshot, error) {
	return post[Snapshot](ctx, c, []string{"snapshots"}, nil, n)
}

// RestoreSnapshot makes the account what it was. Token values stay good.
func (c *Client) RestoreSnapshot(ctx context.Context, account, name string) error {
	return c.do(ctx, call{method: http.MethodPost, path: []string{"snapshots", name, "restore"}, query: of(account)})
}

// DeleteSnapshot forgets a snapshot.
func (c *Client) DeleteSnapshot(ctx context.Context, account, name string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"snapshots", name}, query: of(account)})
}

// DiffSnapshots tells what changed from one snapshot to another; to "" is the
// account as it is now.
func (c *Client) DiffSnapshots(ctx context.Context, account, from, to string) (Diff, error) {
	query := of(account)
	if to != "" {
		query.Set("to", to)
	}
	return get[Diff](ctx, c, []string{"snapshots", from, "diff"}, query)
}

// ExportSnapshot writes a snapshot as one file. After an error what was written
// is not whole.
func (c *Client) ExportSnapshot(ctx context.Context, account, name string, w io.Writer) error {
	return c.do(ctx, call{method: http.MethodGet, path: []string{"snapshots", name}, query: of(account), into: w})
}

// ImportSnapshot keeps an exported snapshot under a name.
func (c *Client) ImportSnapshot(ctx context.Context, account, name string, r io.Reader) (Snapshot, error) {
	var imported Snapshot
	err := c.do(ctx, call{
		method: http.MethodPut, path: []string{"snapshots", name}, query: of(account),
		body: r, kind: "application/gzip", into: &imported,
	})
	return imported, err
}

// ListTokens are all tokens of an account, revoked ones too. The values of
// those that are signed come with them.
func (c *Client) ListTokens(ctx context.Context, account string) ([]Token, error) {
	return get[[]Token](ctx, c, []string{"tokens"}, of(account))
}

// IssueToken makes a token.
func (c *Client) IssueToken(ctx context.Context, t Token) (Token, error) {
	return post[Token](ctx, c, []string{"tokens"}, nil, t)
}

// ChangeToken changes what a token may do and until when, at once.
func (c *Client) ChangeToken(ctx context.Context, account, nameOrID string, change TokenChange) (Token, error) {
	var changed Token
	err := c.do(ctx, call{
		method: http.MethodPatch, path: []string{"tokens", nameOrID}, query: of(account),
		document: change, into: &changed,
	})
	return changed, err
}

// RevokeToken revokes a token.
func (c *Client) RevokeToken(ctx context.Context, account, nameOrID string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"tokens", nameOrID}, query: of(account)})
}

// Clock is the time of an account; "" is the server's clock, which is that of
// the accounts without one of their own.
func (c *Client) Clock(ctx context.Context, account string) (Clock, error) {
	return get[Clock](ctx, c, []string{"clock"}, of(account))
}

// SetClock changes it; "" as for Clock.
func (c *Client) SetClock(ctx context.Context, account string, change ClockChange) (Clock, error) {
	var changed Clock
	err := c.do(ctx, call{
		method: http.MethodPut, path: []string{"clock"}, query: of(account),
		document: change, into: &changed,
	})
	return changed, err
}

// Faults are those of an account; "" is all.
func (c *Client) Faults(ctx context.Context, account string) ([]Fault, error) {
	return get[[]Fault](ctx, c, []string{"faults"}, of(account))
}

// AddFault makes something go wrong from now on.
func (c *Client) AddFault(ctx context.Context, f Fault) (Fault, error) {
	return post[Fault](ctx, c, []string{"faults"}, nil, f)
}

// RemoveFault ends a fault.
func (c *Client) RemoveFault(ctx context.Context, name string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"faults", name}})
}

// ResetFaults ends the faults of an account; "" is all.
func (c *Client) ResetFaults(ctx context.Context, account string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"faults"}, query: of(account)})
}

// Presets are the named faults.
func (c *Client) Presets(ctx context.Context) ([]Preset, error) {
	return get[[]Preset](ctx, c, []string{"presets"}, nil)
}

// Journal is a page of the journal.
func (c *Client) Journal(ctx context.Context, q JournalQuery) (Journal, error) {
	return get[Journal](ctx, c, []string{"journal"}, q.values())
}

// ClearJournal drops the entries of an account; "" is all.
func (c *Client) ClearJournal(ctx context.Context, account string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"journal"}, query: of(account)})
}

// VerifyJournal says whether what happened is what should have happened. That
// it is not is no error.
func (c *Client) VerifyJournal(ctx context.Context, v Verification) (VerifyResult, error) {
	return post[VerifyResult](ctx, c, []string{"journal", "verify"}, nil, v)
}

// Explain says why the exchange of that number was refused.
func (c *Client) Explain(ctx context.Context, id uint64) (Explanation, error) {
	return get[Explanation](ctx, c, []string{"journal", strconv.FormatUint(id, 10), "explanation"}, nil)
}

// of is the query that names an account.
func of(account string) url.Values {
	query := url.Values{}
	if account != "" {
		query.Set("account", account)
	}
	return query
}

// values is the query as it travels. Zero members are left out.
func (q JournalQuery) values() url.Values {
	query := of(q.Account)
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
