// Package explain says why a request of the journal was refused, and what was probably meant. It reads what the backend
// holds; it does not know HTTP handlers, nor how accounts are stored.
package explain

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/mockserver/internal/auth"
	"github.com/connectmock/connectmock/mockserver/internal/backend"
	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// maxLine is how many bytes a line of an explanation may have: titles are as long as clients like.
const maxLine = 1024

// Request explains a request of the journal by its id: which check refused it, which rule was broken, and what was
// probably meant. The suggestions are from what there is now, which may not have been there when the request came. The
// errors are *controlapi.Error: 404 for a request that is not kept, 409 where no journal is.
func Request(ctx context.Context, b *backend.Backend, id uint64) (controlapi.Explanation, error) {
	if err := b.CheckJournal(); err != nil {
		return controlapi.Explanation{}, err
	}
	r, kept := b.Journal.Record(id)
	if !kept {
		return controlapi.Explanation{}, b.NotKept(id)
	}
	e := &explainer{backend: b, record: r, op: b.Operation(r.Operation)}
	if e.op != nil {
		e.path = pathValues(e.op.Path, r.Path)
	}
	err := b.Inspect(ctx, func(data *backend.Inspection) error {
		e.data = data
		if err := e.findCaller(); err != nil {
			return err
		}
		return e.explain()
	})
	out := controlapi.Explanation{Entry: r.Entry, Rule: journal.Truncate(e.rule, maxLine)}
	for _, line := range e.near {
		out.Near = append(out.Near, journal.Truncate(line, maxLine))
	}
	if r.Status >= 400 || r.Status == 0 {
		out.Check, out.Evidence = e.record.Check, e.record.Evidence
	}
	return out, err
}

// explainer explains one request.
type explainer struct {
	backend *backend.Backend
	data    *backend.Inspection
	record  journal.Record
	op      *backend.Operation // nil where no route matched
	path    map[string]string  // the parameters in the path

	account account         // the caller's; zero where there is none any more
	vaults  []connect.Vault // of the account
	token   *auth.Token     // the caller's, or the one that was refused; nil where there is none any more

	rule string
	near []string
}

type account struct{ id, name string }

// suggest adds a line to what was probably meant.
func (e *explainer) suggest(format string, args ...any) {
	e.near = append(e.near, fmt.Sprintf(format, args...))
}

// findCaller finds account, vaults and token of the caller.
func (e *explainer) findCaller() error {
	name, err := e.data.AccountName(e.record.Account)
	if errors.Is(err, backend.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	e.account = account{e.record.Account, name}
	if e.vaults, err = e.data.Vaults(e.account.id); err != nil {
		return err
	}
	token := e.record.Caller
	if e.record.RefusedToken != "" {
		token = e.record.RefusedToken
	}
	e.token, err = e.data.Token(e.account.id, token)
	return err
}

func (e *explainer) explain() error {
	r := &e.record
	if r.Check == journal.CheckFault || r.Status == 0 && len(r.Faults) > 0 {
		e.explainFault()
		return nil
	}
	if len(r.Faults) > 0 {
		e.suggest("the fault %s also applied to it", strings.Join(r.Faults, ", "))
	}
	switch {
	case r.Status == 0:
		e.rule = "the response was not sent completely"
	case r.Status < 400:
		return e.explainSuccess()
	case r.Status >= 500:
		e.rule = "the server failed; its log says how"
	case r.Check == journal.CheckRoute:
		e.explainRoute()
	case r.Check == journal.CheckAuthenticate:
		e.explainToken()
	case r.Check == journal.CheckAddress:
		return e.explainAddress()
	case r.Check == journal.CheckAuthorize:
		return e.explainVault()
	case r.Status == 404:
		return e.explainNotFound()
	default: // the body, or what the operation itself refused
		e.rule = ruleOf(r.Message)
	}
	return nil
}

// explainFault explains a response that a fault made, or kept from the client.
func (e *explainer) explainFault() {
	name := strings.Join(e.record.Faults, ", ")
	what, result := "made the response", "nothing was done"
	if e.record.Status == 0 {
		what = "kept the response from the client"
	}
	if e.record.Done {
		result = "the operation was carried out"
	}
	e.rule = "the fault " + name + " " + what + "; " + result
	e.record.Check = journal.CheckFault
}

// explainSuccess explains a request that was not refused: a filter may still have missed what it was to find.
func (e *explainer) explainSuccess() error {
	e.rule = "nothing was refused"
	if e.record.Bytes != int64(len("[]")) {
		return nil
	}
	switch e.record.Operation {
	case "GetVaults":
		e.explainNoVaults()
	case "GetVaultItems":
		return e.explainNoItems()
	}
	return nil
}

// ruleOf returns the part of a message that names the member and the rule, without the kinds of errors that a real
// server puts before it: "Kind: (reason), ".
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

// pathValues returns the parameters in a path by name; none if the path has another number of segments than the
// operation's.
func pathValues(described, path string) map[string]string {
	names, given := strings.Split(described, "/"), strings.Split(strings.TrimSuffix(path, "/"), "/")
	values := map[string]string{}
	if len(names) != len(given) {
		return values
	}
	for i, segment := range names {
		if strings.HasPrefix(segment, "{") {
			values[strings.Trim(segment, "{}")] = given[i]
		}
	}
	return values
}
