package main

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newCtlJournal(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "journal",
		Short: "List and verify the requests of clients",
		Long: `List and verify the requests of clients. The journal keeps the newest
exchanges, without tokens, bodies and values of fields.`,
		Example: `  connectmock ctl journal list --status 4xx
  connectmock ctl journal explain
  connectmock ctl journal verify GetVaultItemById:429=2 GetVaultItemById:200=1 --in-order`,
	}
	return group(c, newCtlJournalList(k), newCtlJournalVerify(k), newCtlJournalExplain(k), newCtlJournalClear(k))
}

func newCtlJournalList(k *ctl) *cobra.Command {
	var (
		q            controlapi.JournalQuery
		since, until string
	)
	c := &cobra.Command{
		Use:   "list",
		Short: "List exchanges, the newest last",
		Args:  noArgs,
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, _ []string) error {
			var err error
			if q.Since, err = k.moment(ctx, client, q.Account, since); err != nil {
				return usage("--since: %w", err)
			}
			if q.Until, err = k.moment(ctx, client, q.Account, until); err != nil {
				return usage("--until: %w", err)
			}
			page, err := client.Journal(ctx, q)
			if err != nil {
				return err
			}
			return k.show(page, journalText(page))
		}),
	}
	accountFlag(c, &q.Account, "all")
	f := c.Flags()
	f.StringVar(&q.Operation, "operation", "", "only this `operationId`")
	f.StringVar(&q.Status, "status", "", "only these, as 404, 4xx or 404,409")
	f.StringVar(&q.Caller, "caller", "", "only with the token of this `name`")
	f.StringVar(&q.Fault, "fault", "", "only those that the fault of this `name` was applied to")
	f.StringVar(&since, "since", "", "only from this `moment` on: -5m, 2030-01-31, with a time")
	f.StringVar(&until, "until", "", "only before this `moment`, in the same forms")
	f.Uint64Var(&q.After, "after", 0, "only those after this `number` of the list")
	f.IntVar(&q.Limit, "limit", 0, "the newest so many (default 100)")
	_ = c.RegisterFlagCompletionFunc("operation", completeOperations) // fails only for a flag that is not there
	return c
}

func journalText(page controlapi.Journal) string {
	if len(page.Entries) == 0 {
		return "no exchange\n" + droppedText(page)
	}
	return table("NUMBER\tTIME\tSTATUS\tOPERATION\tREQUEST\tTOKEN\tNOTE", func(addRow func(...any)) {
		for _, e := range page.Entries {
			addRow(e.ID, e.Time.Format(time.RFC3339), statusText(e.Status), cmp.Or(e.Operation, "-"),
				e.Method+" "+requestTarget(e), cmp.Or(e.Caller, "-"), noteText(e))
		}
	}) + moreText(page) + droppedText(page)
}

func statusText(status int) string {
	if status == 0 {
		return "none"
	}
	return strconv.Itoa(status)
}

func requestTarget(e controlapi.Entry) string {
	text := escapePath(e.Path)
	if e.Query != "" {
		text += "?" + e.Query
	}
	return text
}

// noteText is why an exchange went as it did.
func noteText(e controlapi.Entry) string {
	var words []string
	for _, text := range []string{e.Message, e.Reason} {
		if text != "" {
			words = append(words, text)
		}
	}
	if len(e.Faults) > 0 {
		words = append(words, "fault "+strings.Join(e.Faults, ", "))
	}
	return strings.Join(words, "; ")
}

func moreText(page controlapi.Journal) string {
	if more := page.Matched - len(page.Entries); more > 0 {
		return fmt.Sprintf("%d before these; --limit shows more\n", more)
	}
	return ""
}

func droppedText(page controlapi.Journal) string {
	if page.Dropped == 0 {
		return ""
	}
	return count(int(page.Dropped), "exchange") + " kept no more; serve --journal-size keeps more\n"
}

func newCtlJournalExplain(k *ctl) *cobra.Command {
	var account string
	c := &cobra.Command{
		Use:   "explain [NUMBER]",
		Short: "Say why a request was refused, and what may have been meant",
		Long: `Say why a request was refused, by which check and rule, and what may have been
meant. Without a number it is the newest that was answered 4xx.`,
		Args: argumentsOf("explain [NUMBER]"),
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, args []string) error {
			id, err := refusedRequest(ctx, client, account, firstArg(args))
			if err != nil {
				return err
			}
			x, err := client.Explain(ctx, id)
			if err != nil {
				return err
			}
			return k.show(x, explanationText(x))
		}),
	}
	accountFlag(c, &account, "all")
	return c
}

// refusedRequest is the number that is meant, without one the newest 4xx.
func refusedRequest(ctx context.Context, client *controlapi.Client, account, number string) (uint64, error) {
	if number != "" {
		id, err := strconv.ParseUint(number, 10, 64)
		if err != nil {
			return 0, usage("%q is not a number of connectmock ctl journal list", number)
		}
		return id, nil
	}
	page, err := client.Journal(ctx, controlapi.JournalQuery{Account: account, Status: "4xx", Limit: 1})
	if err != nil {
		return 0, err
	}
	if len(page.Entries) == 0 {
		return 0, usage("no request was answered 4xx")
	}
	return page.Entries[0].ID, nil
}

func explanationText(x controlapi.Explanation) string {
	e := x.Entry
	return table("", func(addRow func(...any)) {
		addRow("request", fmt.Sprintf("%d: %s %s", e.ID, e.Method, requestTarget(e)))
		addRow("answer", statusText(e.Status)+" "+e.Message)
		for _, row := range [][2]string{
			{"operation", e.Operation}, {"token", e.Caller}, {"refused by", x.Check}, {"why", e.Reason}, {"rule", x.Rule},
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

func newCtlJournalClear(k *ctl) *cobra.Command {
	var account string
	c := &cobra.Command{
		Use:   "clear",
		Short: "Delete the exchanges so far",
		Args:  noArgs,
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, _ []string) error {
			return client.ClearJournal(ctx, account)
		}),
	}
	accountFlag(c, &account, "all")
	return c
}
