package report

import (
	"net/url"
	"slices"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/redact"
)

// Redacted returns a copy without the secrets that the redactor knows now, in every text that may come from a server or
// a user. Titles, ids and evidence come from the suite and are unchanged. Only failures and errors keep their
// exchanges.
func (r *Run) Redacted(secrets *redact.Redactor) *Run {
	out := *r
	out.Target = secrets.Redact(withoutUser(r.Target))
	out.Version, out.Document = secrets.Redact(r.Version), secrets.Redact(r.Document)
	out.Warnings, out.Errors = each(r.Warnings, secrets.Redact), each(r.Errors, secrets.Redact)
	out.Shortfalls = each(r.Shortfalls, secrets.Redact)
	out.Capabilities = each(r.Capabilities, func(c Capability) Capability {
		c.Why = secrets.Redact(c.Why)
		return c
	})
	out.Coverage = each(r.Coverage, func(row coverage.Row) coverage.Row {
		row.MediaType, row.Reason = secrets.Redact(row.MediaType), secrets.Redact(row.Reason)
		return row
	})
	out.Results = each(r.Results, func(x Result) Result {
		x.Reason, x.Expected, x.Failure = secrets.Redact(x.Reason), secrets.Redact(x.Expected),
			secrets.Redact(x.Failure)
		x.Curl = each(x.Curl, secrets.Redact)
		if !x.State.isBad() {
			x.Exchanges, x.Curl = nil, nil
		}
		x.Exchanges = each(x.Exchanges, func(e *exchange.Exchange) *exchange.Exchange {
			return exchange.Redact(e, secrets)
		})
		return x
	})
	return &out
}

// each returns a copy of a slice with change applied to its elements.
func each[T any](all []T, change func(T) T) []T {
	out := slices.Clone(all)
	for i, one := range out {
		out[i] = change(one)
	}
	return out
}

// withoutUser removes user and password from a URL.
func withoutUser(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.User == nil {
		return target
	}
	u.User = nil
	return u.String()
}
