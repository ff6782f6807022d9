package api

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/mockserver/internal/store"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Explain says which check refused an exchange of the journal, which rule was
// broken, and what may have been meant. What may have been meant is looked up
// now: it may not have been there when the request came. The errors are
// *controlapi.Error: 404 for an exchange that is not kept, 409 where no journal
// is.
func (s *Handler) Explain(ctx context.Context, id uint64) (controlapi.Explanation, error) {
	if err := s.backend.CheckJournal(); err != nil {
		return controlapi.Explanation{}, err
	}
	r, kept := s.backend.Journal.Record(id)
	if !kept {
		return controlapi.Explanation{}, backend.Errorf(404, "the journal keeps no exchange %d; the newest there was is %d", id, s.backend.Journal.LastID())
	}
	x := &inquiry{s: s, entry: r.Entry, check: r.Check, op: s.operations[r.Operation]}
	if x.op != nil {
		x.path = x.op.pathValues(r.Path)
	}
	err := s.backend.Store.View(ctx, func(tx *store.Tx) error {
		x.tx = tx
		if err := x.world(); err != nil {
			return err
		}
		return x.explain()
	})
	out := controlapi.Explanation{Entry: r.Entry, Rule: journal.Truncate(x.rule, maxLine)}
	for _, line := range x.near {
		out.Near = append(out.Near, journal.Truncate(line, maxLine))
	}
	if r.Status >= 400 || r.Status == 0 {
		out.Check = x.check
	}
	return out, err
}

// maxLine is how many bytes a line of an explanation may have: titles are as long as clients like.
const maxLine = 1024

// inquiry is one exchange on its way to an explanation.
type inquiry struct {
	s     *Handler
	entry controlapi.Entry
	check string
	op    *operation        // nil where no route matched
	path  map[string]string // the parameters in the path
	tx    *store.Tx

	account store.Account   // the caller's; zero where there is none any more
	vaults  []connect.Vault // of the account
	token   *auth.Token     // the caller's, or the one that was refused; nil where there is none any more

	rule string
	near []string
}

// says adds to what may have been meant.
func (x *inquiry) says(format string, args ...any) {
	x.near = append(x.near, fmt.Sprintf(format, args...))
}

// world looks up whose request it was.
func (x *inquiry) world() (err error) {
	x.account, err = x.tx.Account(x.entry.Account)
	if errors.Is(err, store.ErrNotFound) {
		x.account = store.Account{}
		return nil
	}
	if err != nil {
		return err
	}
	if x.vaults, err = x.tx.Vaults(x.account.ID); err != nil {
		return err
	}
	name := x.entry.Caller
	if _, refused, ok := strings.Cut(x.entry.Reason, " (token "); ok {
		name = strings.TrimSuffix(refused, ")")
	}
	tokens, err := x.tx.Tokens(x.account.ID)
	for i := range tokens {
		if tokens[i].Name == name {
			x.token = &tokens[i] // the newest of that name
		}
	}
	return err
}

func (x *inquiry) explain() error {
	if x.check == checkFault || x.entry.Status == 0 && len(x.entry.Faults) > 0 {
		x.struck()
		return nil
	}
	if len(x.entry.Faults) > 0 {
		x.says("it was also struck by the fault %s", strings.Join(x.entry.Faults, ", "))
	}
	switch {
	case x.entry.Status == 0:
		x.rule = "the answer was not sent to its end"
	case x.entry.Status < 400:
		return x.fine()
	case x.entry.Status >= 500:
		x.rule = "the server failed; its log says how"
	case x.check == checkRoute:
		x.strayed()
	case x.check == checkAuthenticate:
		return x.unknown()
	case x.check == checkAddress:
		return x.misaddressed()
	case x.check == checkAuthorize:
		return x.unauthorized()
	case x.entry.Status == 404:
		return x.missing()
	default: // body, or what the operation itself says of it
		x.rule = ruleOf(x.entry.Message)
	}
	return nil
}

// struck is about an answer that a fault gave, or kept from the client.
func (x *inquiry) struck() {
	name := strings.Join(x.entry.Faults, ", ")
	switch {
	case x.entry.Status != 0:
		x.rule = "the fault " + name + " answered; nothing was done"
	case x.check == checkHandle:
		x.rule = "the fault " + name + " kept the answer from the client; what was asked was done"
	default:
		x.rule = "the fault " + name + " kept the answer from the client; nothing was done"
	}
	x.check = checkFault
}

// fine is about a request that was not refused: a filter may still have missed
// what it was to find.
func (x *inquiry) fine() error {
	x.rule = "nothing was refused"
	if (x.entry.Operation == "GetVaults" || x.entry.Operation == "GetVaultItems") && x.entry.Bytes == int64(len("[]")) {
		return x.unmatched()
	}
	return nil
}

// ruleOf is the part of a message that names the member and the rule, without
// the kinds of errors a real server puts in front: "Kind: (reason), ".
func ruleOf(message string) string {
	for {
		kind, rest, ok := strings.Cut(message, ": (")
		if !ok || strings.ContainsAny(kind, " ,") {
			return message
		}
		reason, rest, ok := strings.Cut(rest, "), ")
		if !ok || strings.Contains(reason, "(") {
			return message
		}
		message = rest
	}
}

// pathValues are the parameters in a path of the operation by name; none where
// it is another's.
func (op *operation) pathValues(path string) map[string]string {
	described, given := strings.Split(op.Path, "/"), strings.Split(strings.TrimSuffix(path, "/"), "/")
	values := map[string]string{}
	if len(described) != len(given) {
		return values
	}
	for i, segment := range described {
		if strings.HasPrefix(segment, "{") {
			values[strings.Trim(segment, "{}")] = given[i]
		}
	}
	return values
}
