package controlapi

import (
	"context"
	"net/url"
	"strconv"
	"time"
)

// Vaults returns the vaults of an account.
func (c *Client) Vaults(ctx context.Context, account string) ([]Vault, error) {
	return get[[]Vault](ctx, c, []string{"vaults"}, accountQuery(account))
}

// Items returns a page of the items of a vault.
func (c *Client) Items(ctx context.Context, q ItemQuery) (ItemList, error) {
	query := accountQuery(q.Account)
	if q.Search != "" {
		query.Set("search", q.Search)
	}
	if q.Category != "" {
		query.Set("category", q.Category)
	}
	for name, n := range map[string]int{"offset": q.Offset, "limit": q.Limit} {
		if n != 0 {
			query.Set(name, strconv.Itoa(n))
		}
	}
	return get[ItemList](ctx, c, []string{"vaults", q.Vault, "items"}, query)
}

// Item returns an item. The vault is given by its id or name, the item by its id or title. Secrets are absent without
// reveal.
func (c *Client) Item(ctx context.Context, account, vault, item string, reveal bool) (Item, error) {
	return get[Item](ctx, c, []string{"vaults", vault, "items", item}, revealQuery(account, reveal))
}

// ItemDocument returns an item as clients of Connect get it. Secrets are replaced without reveal.
func (c *Client) ItemDocument(ctx context.Context, account, vault, item string, reveal bool) (ItemDocument, error) {
	path := []string{"vaults", vault, "items", item, "document"}
	return get[ItemDocument](ctx, c, path, revealQuery(account, reveal))
}

func revealQuery(account string, reveal bool) url.Values {
	query := accountQuery(account)
	if reveal {
		query.Set("reveal", "true")
	}
	return query
}

// FollowQuery selects entries of the journal to wait for. Empty members select all.
type FollowQuery struct {
	Account   string    // id or name
	Operation string    // operationId
	Status    string    // "404", "4xx", "404,409"
	Caller    string    // name of the token
	Fault     string    // name of a fault that applied
	Since     time.Time // entries from this time on, by the account's clock
	After     *uint64   // entries with a greater ID; nil: only return the ID of the last entry
}

// JournalUpdate is what was added to the journal, oldest first.
type JournalUpdate struct {
	Entries []Entry `json:"entries"`
	Last    uint64  `json:"last"`   // the greatest ID up to which the journal was read: After of the next query
	Missed  uint64  `json:"missed"` // entries of any account that were dropped before this query could read them
}

// FollowJournal waits until an entry is added that the query selects, or for 20 seconds, and returns those that were
// added. It returns at once if Last is smaller than After, because the mock was started again.
func (c *Client) FollowJournal(ctx context.Context, q FollowQuery) (JournalUpdate, error) {
	query := JournalQuery{
		Account: q.Account, Operation: q.Operation, Status: q.Status, Caller: q.Caller, Fault: q.Fault, Since: q.Since,
	}.values()
	if q.After != nil {
		query.Set("after", strconv.FormatUint(*q.After, 10))
	}
	return get[JournalUpdate](ctx, c, []string{"journal", "updates"}, query)
}
