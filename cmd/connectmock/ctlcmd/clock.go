package ctlcmd

import (
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newClock(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "clock",
		Short: "Set, advance and freeze the clock: expiry, one-time codes and timestamps follow it",
		Example: `  connectmock ctl clock freeze
  connectmock ctl clock advance 30s              the next one-time code
  connectmock ctl clock set 2030-01-31T23:59:59Z
  connectmock ctl clock real`,
	}
	yes, no := true, false
	return cliflag.Group(c,
		k.clock("show", "Show the time", nil),
		k.clock("set MOMENT", "Set the clock to a moment, as 2030-01-31 or 2030-01-31T12:00:00Z",
			func(text string) (change controlapi.ClockChange, err error) {
				change.Set, err = parseDate(text)
				return change, err
			}),
		k.clock("advance DURATION", "Advance the clock by a duration, as 90m; set it back by -- -90m",
			func(text string) (controlapi.ClockChange, error) {
				d, err := time.ParseDuration(text)
				if err != nil {
					err = cli.Usage("%q is not a duration as 30s, 90m or -24h", text)
				}
				return controlapi.ClockChange{Advance: controlapi.Duration(d)}, err
			}),
		k.clock("freeze [MOMENT]", "Stop the clock, now or at a moment",
			func(text string) (change controlapi.ClockChange, err error) {
				change.Frozen = &yes
				if text != "" {
					change.Set, err = parseDate(text)
				}
				return change, err
			}),
		k.clock("resume", "Let a stopped clock run on",
			func(string) (controlapi.ClockChange, error) { return controlapi.ClockChange{Frozen: &no}, nil }),
		k.clock("real", "Follow the machine's clock again",
			func(string) (controlapi.ClockChange, error) { return controlapi.ClockChange{Real: true}, nil }),
	)
}

// clock returns a command that shows the clock, after a change if there is one.
func (k *ctl) clock(use, short string, change func(argument string) (controlapi.ClockChange, error)) *cobra.Command {
	const account = "the server's clock, for accounts without one of their own"
	return k.command(&cobra.Command{Use: use, Short: short}, account, func(r *ctlCall) error {
		text := func(c controlapi.Clock) string { return clockText(c) + "\n" }
		if change == nil {
			now, err := r.client.Clock(r.ctx, r.account)
			return show(k, now, err, text)
		}
		wanted, err := change(cliflag.FirstArg(r.args))
		if err != nil {
			return err
		}
		now, err := r.client.SetClock(r.ctx, r.account, wanted)
		return show(k, now, err, text)
	})
}

// clockText describes a clock:
//
//	2026-05-01T12:00:00Z, stopped, 2h0m0s ahead of the machine
func clockText(c controlapi.Clock) string {
	text := c.Now.Format(time.RFC3339)
	if c.Frozen {
		text += ", stopped"
	}
	switch offset := time.Duration(c.Offset).Round(time.Second); {
	case offset > 0:
		text += ", " + offset.String() + " ahead of the machine"
	case offset < 0:
		text += ", " + (-offset).String() + " behind the machine"
	}
	if c.Own {
		text += ", the account's own"
	}
	return text
}

// parseDate parses a moment that depends on no clock.
func parseDate(text string) (time.Time, error) {
	hint := ""
	if _, err := time.ParseDuration(text); err == nil || text == "" {
		hint = "; connectmock ctl clock advance takes a duration"
	} else if moment, err := cliflag.ParseMoment(text, time.Time{}); err == nil {
		return moment, nil
	}
	return time.Time{}, cli.Usage("%q is not a moment as 2030-01-31 or 2030-01-31T12:00:00Z%s", text, hint)
}

// moment parses a moment, or a duration from the time of an account on.
func (r *ctlCall) moment(account, text string) (time.Time, error) {
	if _, err := time.ParseDuration(text); err != nil {
		return cliflag.ParseMoment(text, time.Time{})
	}
	if account == "" {
		status, err := r.client.Overview(r.ctx)
		if err != nil || len(status.Accounts) == 0 {
			return time.Time{}, err
		}
		account = status.Accounts[0].ID
	}
	now, err := r.client.Clock(r.ctx, account)
	if err != nil {
		return time.Time{}, err
	}
	return cliflag.ParseMoment(text, now.Now)
}
