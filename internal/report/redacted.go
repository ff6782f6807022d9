package report

import (
	"net/url"
	"slices"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/exchange"
	"github.com/connectmock/connectmock/internal/redact"
)

// Redacted is a copy without the secrets the redactor knows by now, in every
// text that may have come from a server or a user. Titles, ids and evidence
// are the suite's own and stay. Exchanges of results that are well are left
// out.
func (r *Run) Redacted(secrets *redact.Redactor) *Run {
	out := *r
	out.Target = secrets.Redact(withoutUser(r.Target))
	out.Version, out.Document = secrets.Redact(r.Version), secrets.Redact(r.Document)
	out.Warnings, out.Errors = each(r.Warnings, secrets.Redact), each(r.Errors, secrets.Redact)
	out.Capabilities = each(r.Capabilities, func(c Capability) Capability {
		c.Why = secrets.Redact(c.Why)
		return c
	})
	out.Coverage = each(r.Coverage, func(row coverage.Row) coverage.Row {
		row.MediaType, row.Reason = secrets.Redact(row.MediaType), secrets.Redact(row.Reason)
		return row
	})
	out.Results = each(r.Results, func(x Result) Result {
		x.Reason, x.Expected, x.Failure = secrets.Redact(x.Reason), secrets.Redact(x.Expected), secrets.Redact(x.Failure)
		x.Curl = each(x.Curl, secrets.Redact)
		if !x.State.bad() {
			x.Exchanges, x.Curl = nil, nil
		}
		x.Exchanges = each(x.Exchanges, func(e *exchange.Exchange) *exchange.Exchange { return exchange.Redact(e, secrets) })
		return x
	})
	return &out
}

func each[T any](all []T, change func(T) T) []T {
	out := slices.Clone(all)
	for i, one := range out {
		out[i] = change(one)
	}
	return out
}

// withoutUser leaves user and password out of a URL.
func withoutUser(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.User == nil {
		return target
	}
	u.User = nil
	return u.String()
}
