package ctlcmd

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newJournal(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "journal",
		Short: "List and verify the requests of clients",
		Long: `List and verify the requests of clients. The journal keeps the newest
exchanges, without tokens and values of fields; with serve --journal-bodies also
their headers and bodies.`,
		Example: `  connectmock ctl journal list --status 4xx
  connectmock ctl journal follow
  connectmock ctl journal explain
  connectmock ctl journal verify GetVaultItemById:429=2 GetVaultItemById:200=1 --in-order`,
	}
	clear := &cobra.Command{Use: "clear", Short: "Delete the exchanges so far"}
	k.command(clear, allAccounts, func(r *ctlCall) error { return r.client.ClearJournal(r.ctx, r.account) })
	return cliflag.Group(c, newJournalList(k), newJournalFollow(k), newJournalVerify(k), newJournalExplain(k),
		newJournalShow(k), clear)
}

func newJournalList(k *ctl) *cobra.Command {
	var (
		q            controlapi.JournalQuery
		since, until string
	)
	c := &cobra.Command{Use: "list", Short: "List exchanges, the newest last"}
	f := c.Flags()
	bindSelection(c, &q.Operation, &q.Status, &q.Caller, &q.Fault)
	f.StringVar(&since, "since", "", "only from this `moment` on: -5m, 2030-01-31, with a time")
	f.StringVar(&until, "until", "", "only before this `moment`, in the same forms")
	f.Uint64Var(&q.After, "after", 0, "only those after this `number` of the list")
	f.IntVar(&q.Limit, "limit", 0, "at most this many, the newest (default 100)")
	return k.command(c, allAccounts, func(r *ctlCall) error {
		q.Account = r.account
		var err error
		if q.Since, err = r.moment(q.Account, since); err != nil {
			return cli.Usage("--since: %w", err)
		}
		if q.Until, err = r.moment(q.Account, until); err != nil {
			return cli.Usage("--until: %w", err)
		}
		page, err := r.client.Journal(r.ctx, q)
		return show(k, page, err, journalText)
	})
}

// bindSelection adds the flags that select exchanges.
func bindSelection(c *cobra.Command, operation, status, caller, fault *string) {
	f := c.Flags()
	f.StringVar(operation, "operation", "", "only this `operationId`")
	f.StringVar(status, "status", "", "only with this status, as 404, 4xx or 404,409")
	f.StringVar(caller, "caller", "", "only with the token of this `name`")
	f.StringVar(fault, "fault", "", "only those that the fault of this `name` was applied to")
	_ = c.RegisterFlagCompletionFunc("operation", completeOperations) // fails only for an unknown flag
}

func journalText(page controlapi.Journal) string {
	text := "no exchanges\n"
	if len(page.Entries) > 0 {
		const titles = "NUMBER\tTIME\tSTATUS\tOPERATION\tREQUEST\tTOKEN\tNOTE"
		text = cli.TableOf(titles, page.Entries, func(e controlapi.Entry) []any {
			return []any{e.ID, e.Time.Format(time.RFC3339), statusCode(e.Status), cmp.Or(e.Operation, "-"),
				e.Method + " " + requestTarget(e), cmp.Or(e.Caller, "-"), noteText(e)}
		})
		if more := page.Matched - len(page.Entries); more > 0 {
			text += fmt.Sprintf("%d before these; --limit shows more\n", more)
		}
	}
	if page.Dropped > 0 {
		text += cli.Count(int(page.Dropped), "older exchange") + " dropped; serve --journal-size keeps more\n"
	}
	return text
}

func statusCode(status int) string {
	if status == 0 {
		return "none"
	}
	return strconv.Itoa(status)
}

func requestTarget(e controlapi.Entry) string {
	text := cli.EscapePath(e.Path)
	if e.Query != "" {
		text += "?" + e.Query
	}
	return text
}

// noteText returns the error of a response with its reason, the faults that were
// applied, and whether the request was done although the response does not say so.
func noteText(e controlapi.Entry) string {
	words := []string{e.Message, e.Reason}
	if len(e.Faults) > 0 {
		words = append(words, "fault "+strings.Join(e.Faults, ", "))
	}
	if e.Done {
		words = append(words, "the request was done")
	}
	return strings.Join(slices.DeleteFunc(words, func(word string) bool { return word == "" }), "; ")
}

func newJournalExplain(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "explain [NUMBER]",
		Short: "Explain why a request was refused, and what was probably meant",
		Long: `Explain why a request was refused, by which check and rule, and what was probably
meant. Without a number, explain the newest request with a 4xx response.`,
	}
	return k.command(c, allAccounts, func(r *ctlCall) error {
		id, err := r.refusedRequest()
		if err != nil {
			return err
		}
		explanation, err := r.client.Explain(r.ctx, id)
		return show(k, explanation, err, explanationText)
	})
}

// refusedRequest returns the number of a request: the argument, or else the
// newest with a 4xx response.
func (r *ctlCall) refusedRequest() (uint64, error) {
	if len(r.args) > 0 {
		return exchangeNumber(r.args[0])
	}
	page, err := r.client.Journal(r.ctx, controlapi.JournalQuery{Account: r.account, Status: "4xx", Limit: 1})
	if err != nil {
		return 0, err
	}
	if len(page.Entries) == 0 {
		return 0, cli.Usage("no request had a 4xx response")
	}
	return page.Entries[0].ID, nil
}

// exchangeNumber parses the number of an exchange.
func exchangeNumber(text string) (uint64, error) {
	id, err := strconv.ParseUint(text, 10, 64)
	if err != nil || id == 0 {
		return 0, cli.Usage("%q is not a number of connectmock ctl journal list", text)
	}
	return id, nil
}

func explanationText(x controlapi.Explanation) string {
	e := x.Entry
	return cli.Table("", func(addRow func(...any)) {
		addRow("request", fmt.Sprintf("%d: %s %s", e.ID, e.Method, requestTarget(e)))
		addRow("response", statusCode(e.Status)+" "+e.Message)
		for _, row := range [][2]string{
			{"operation", e.Operation}, {"token", e.Caller}, {"refused by", x.Check}, {"why", e.Reason}, {"rule", x.Rule},
			{"evidence", x.Evidence},
			{"faults", strings.Join(e.Faults, ", ")},
		} {
			if row[1] != "" {
				addRow(row[0], row[1])
			}
		}
		for _, near := range x.Near {
			addRow("near", near)
		}
	})
}

func newJournalShow(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "show NUMBER",
		Short: "Show the headers and bodies of an exchange, without secrets",
		Long: `Show the headers and bodies of an exchange, without tokens and the values that
Connect conceals. A mock keeps them if it was started with --journal-bodies.`,
	}
	return k.command(c, "", func(r *ctlCall) error {
		id, err := exchangeNumber(r.args[0])
		if err != nil {
			return err
		}
		found, err := r.client.Exchange(r.ctx, id)
		return show(k, found, err, exchangeText)
	})
}

func exchangeText(e controlapi.Exchange) string {
	return "request\n" + messageText(e.Request) + "\nresponse\n" + messageText(e.Response)
}

// messageText returns the headers and the body of a message, or why it is not shown.
func messageText(m controlapi.Message) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		fmt.Fprintf(&b, "  %s: %s\n", cli.Printable(name), cli.Printable(m.Headers[name]))
	}
	switch {
	case m.Hidden != "":
		fmt.Fprintf(&b, "  the body is not shown: %s\n", cli.Printable(m.Hidden))
	case m.Body != "":
		b.WriteString("\n" + cli.Indent(m.Body))
	}
	if m.Cut {
		b.WriteString("  the body is longer than this\n")
	}
	return b.String()
}
