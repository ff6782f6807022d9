package ctlcmd

import (
	"cmp"
	"fmt"
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
	f.StringVar(&q.Operation, "operation", "", "only this `operationId`")
	f.StringVar(&q.Status, "status", "", "only with this status, as 404, 4xx or 404,409")
	f.StringVar(&q.Caller, "caller", "", "only with the token of this `name`")
	f.StringVar(&q.Fault, "fault", "", "only those that the fault of this `name` was applied to")
	f.StringVar(&since, "since", "", "only from this `moment` on: -5m, 2030-01-31, with a time")
	f.StringVar(&until, "until", "", "only before this `moment`, in the same forms")
	f.Uint64Var(&q.After, "after", 0, "only those after this `number` of the list")
	f.IntVar(&q.Limit, "limit", 0, "at most this many, the newest (default 100)")
	_ = c.RegisterFlagCompletionFunc("operation", completeOperations) // fails only for an unknown flag
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
	if number := cliflag.FirstArg(r.args); number != "" {
		id, err := strconv.ParseUint(number, 10, 64)
		if err != nil {
			return 0, cli.Usage("%q is not a number of connectmock ctl journal list", number)
		}
		return id, nil
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
