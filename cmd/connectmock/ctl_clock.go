package main

import (
	"context"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newCtlClock(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "clock",
		Short: "Move and stop the time: expiry, one-time codes and timestamps follow",
		Example: `  connectmock ctl clock freeze
  connectmock ctl clock advance 30s              the next one-time code
  connectmock ctl clock set 2030-01-31T23:59:59Z
  connectmock ctl clock real`,
	}
	yes, no := true, false
	return group(c,
		k.clock("show", "Show what time it is", nil),
		k.clock("set MOMENT", "Go to a moment, as 2030-01-31 or 2030-01-31T12:00:00Z", func(text string) (change controlapi.ClockChange, err error) {
			change.Set, err = parseDate(text)
			return change, err
		}),
		k.clock("advance DURATION", "Go on by a duration, as 90m; back with -- -90m", func(text string) (controlapi.ClockChange, error) {
			d, err := time.ParseDuration(text)
			if err != nil {
				err = usage("%q is not a duration as 30s, 90m or -24h", text)
			}
			return controlapi.ClockChange{Advance: controlapi.Duration(d)}, err
		}),
		k.clock("freeze [MOMENT]", "Stop the time, now or at a moment", func(text string) (change controlapi.ClockChange, err error) {
			change.Frozen = &yes
			if text != "" {
				change.Set, err = parseDate(text)
			}
			return change, err
		}),
		k.clock("resume", "Let the time run on from where it is", func(string) (controlapi.ClockChange, error) {
			return controlapi.ClockChange{Frozen: &no}, nil
		}),
		k.clock("real", "Go by the machine's clock again", func(string) (controlapi.ClockChange, error) {
			return controlapi.ClockChange{Real: true}, nil
		}),
	)
}

// clock is a command that shows the time, after the change that is asked for if
// there is one.
func (k *ctl) clock(use, short string, change func(argument string) (controlapi.ClockChange, error)) *cobra.Command {
	var account string
	c := &cobra.Command{
		Use: use, Short: short, Args: argumentsOf(use),
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, args []string) error {
			if change == nil {
				now, err := client.Clock(ctx, account)
				return k.showClock(now, err)
			}
			asked, err := change(firstArg(args))
			if err != nil {
				return err
			}
			now, err := client.SetClock(ctx, account, asked)
			return k.showClock(now, err)
		}),
	}
	accountFlag(c, &account, "the server's clock, for accounts without one of their own")
	return c
}

func (k *ctl) showClock(now controlapi.Clock, err error) error {
	if err != nil {
		return err
	}
	return k.show(now, clockLine(now)+"\n")
}

// clockLine is a clock for people:
//
//	2026-05-01T12:00:00Z, stopped, 2h0m0s ahead of the machine
func clockLine(c controlapi.Clock) string {
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

// parseDate is a moment that hangs on no clock.
func parseDate(text string) (time.Time, error) {
	if _, err := time.ParseDuration(text); err == nil || text == "" {
		return time.Time{}, usage("%q is not a moment as 2030-01-31 or 2030-01-31T12:00:00Z; connectmock ctl clock advance goes on by a duration", text)
	}
	t, err := parseMoment(text, time.Time{})
	if err != nil {
		return t, usage("%q is not a moment as 2030-01-31 or 2030-01-31T12:00:00Z", text)
	}
	return t, nil
}
