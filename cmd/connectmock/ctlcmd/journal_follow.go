package ctlcmd

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newJournalFollow(k *ctl) *cobra.Command {
	var (
		q     controlapi.FollowQuery
		since string
		after uint64
		limit uint64
	)
	c := &cobra.Command{
		Use:   "follow",
		Short: "Print new exchanges as they come",
		Long: `Print new exchanges as they come, one a line, until Ctrl-C or until the mock
stops. A refused request has the reason at the end of its line. With --json
each line is a JSON object. Messages are on standard error.`,
		Example: `  connectmock ctl journal follow
  connectmock ctl journal follow --status 4xx,5xx
  connectmock ctl journal follow --json | jq .path`,
	}
	f := c.Flags()
	bindSelection(c, &q.Operation, &q.Status, &q.Caller, &q.Fault)
	f.StringVar(&since, "since", "", "start with those from this `moment` on: -5m, 2030-01-31, with a time")
	f.Uint64Var(&after, "after", 0, "start after this `number` of the list (default the newest)")
	f.Uint64Var(&limit, "limit", 0, "end after this many (default no limit)")
	return k.command(c, allAccounts, func(r *ctlCall) (err error) {
		q.Account = r.account
		if q.Since, err = r.moment(q.Account, since); err != nil {
			return cli.Usage("--since: %w", err)
		}
		if since != "" || r.flags.Changed("after") {
			q.After = &after
		}
		ctx, stop := signal.NotifyContext(r.ctx, cli.StopSignals()...)
		defer stop()
		return k.followJournal(ctx, r.client, q, limit)
	})
}

// followJournal prints entries until ctx ends, the mock stops or limit entries were
// printed; 0 is no limit.
func (k *ctl) followJournal(
	ctx context.Context, client *controlapi.Client, q controlapi.FollowQuery, limit uint64,
) error {
	for isFirst, printed := true, uint64(0); ; isFirst = false {
		update, err := client.FollowJournal(ctx, q)
		switch {
		case ctx.Err() != nil:
			return nil
		case !isFirst && isStopped(err):
			k.std.Say("the mock has stopped")
			return nil
		case err != nil:
			return err
		case q.After != nil && update.Last < *q.After:
			k.std.Say("the mock was started again; its new journal follows")
		case update.Missed > 0:
			k.std.Say("%s dropped before they could be printed; serve --journal-size keeps more",
				cli.Count(int(update.Missed), "exchange"))
		}
		if q.After != nil && update.Last < *q.After {
			update.Last = 0
		}
		q.After = &update.Last
		for _, e := range update.Entries {
			if err := k.printEntry(e); err != nil {
				return err
			}
			if printed++; printed == limit {
				return nil
			}
		}
	}
}

// isStopped reports whether a request failed because no mock is at the other end of
// the connection any more.
func isStopped(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.EPIPE)
}

// printEntry prints an entry on a line of its own.
func (k *ctl) printEntry(e controlapi.Entry) error {
	if k.asJSON {
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		return k.std.Print(string(line) + "\n")
	}
	line := fmt.Sprintf("%d  %s  %-4s  %s %s  %s  %s", e.ID, e.Time.Format(time.RFC3339), statusCode(e.Status),
		e.Method, requestTarget(e), cmp.Or(e.Operation, "-"), cmp.Or(e.Caller, "-"))
	if note := noteText(e); note != "" {
		line += "  " + note
	}
	return k.std.Print(cli.Printable(line) + "\n")
}
