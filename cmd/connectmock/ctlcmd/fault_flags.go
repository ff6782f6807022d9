package ctlcmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// faultFlags are the flags that describe a fault, or name the file that does.
type faultFlags struct {
	fault               controlapi.Fault
	operations, drop    cliflag.Words
	abort               int
	message, body, file string
	truncate            int64
	lag                 time.Duration
	perToken            bool
}

func (x *faultFlags) bind(c *cobra.Command) {
	f := c.Flags()
	f.SortFlags = false // which requests, how often, what happens
	f.StringVarP(&x.file, "file", "f", "", "`file` with one fault or a list, instead of other flags; - is standard input")
	f.StringVar(&x.fault.Preset, "preset", "", "`name` of a preset, see connectmock ctl fault presets; flags change it")

	x.operations.Form = "operationId"
	f.Var(&x.operations, "operation",
		"only these operations; "+cliflag.Repeatable+" (default all but /heartbeat and /metrics)")
	f.StringVar(&x.fault.Account, "account", "", "only requests of this account, by `name` or id")
	f.StringVar(&x.fault.Vault, "vault", "", "only requests about this vault, by `name` or id")
	f.StringVar(&x.fault.Token, "token", "", "only requests with this token, by its `name` or id")

	f.IntVar(&x.fault.Nth, "nth", 0, "apply only to the matching request with this number, from 1")
	f.IntVar(&x.fault.After, "after", 0, "skip this many matching requests")
	f.IntVar(&x.fault.Times, "times", 0, "apply at most this often (default no limit)")
	f.Float64Var(&x.fault.Percentage, "percentage", 0, "apply to this percentage of requests, see --seed (default all)")
	f.Uint64Var(&x.fault.Seed, "seed", 0, "`number` that makes --percentage and --delay repeat")
	f.BoolVar(&x.perToken, "per-token", false, "count --nth, --after and --times for each token")

	f.StringVar(&x.fault.Phase, "phase", "",
		"when --delay, --abort and --connection act: before anything is done, or after the request is done "+
			"(default before; --connection without --abort after)")
	f.Func("delay", "wait a `time`: 200ms, 100ms..2s, or 200ms~0.5 for a log-normal delay",
		func(text string) error { return setParsed(&x.fault.Delay, text, controlapi.ParseDelay) })
	f.IntVar(&x.abort, "abort", 0, "send this `status`; without --phase after nothing else is done")
	f.StringVar(&x.message, "message", "", "message of the --abort response, in Connect's format")
	f.StringVar(&x.body, "body", "", "body of the --abort response, sent unchanged")
	cliflag.AllowEmptyValue(f, "body")
	f.Func("header", "`'Name: value'` to add to the response; several times for more", x.addHeader)
	x.drop.Form = "name"
	f.Var(&x.drop, "drop-header", "header to leave out of the response")
	f.StringVar(&x.fault.ContentType, "content-type", "", "content `type` instead of the response's own")
	f.StringVar(&x.fault.Connection, "connection", "",
		"reset: reset it instead of a response; empty: close it without a response")
	f.Int64Var(&x.truncate, "truncate", 0,
		"close the connection after so many `bytes` of the body, or before its end if negative")
	f.Func("drip", "send the body slowly: `bytes/time` as 1/50ms, one byte each 50ms",
		func(text string) error { return setParsed(&x.fault.Drip, text, controlapi.ParseDrip) })
	f.BoolVar(&x.fault.MalformJSON, "malform-json", false, "cut the body so that it is not valid JSON")
	f.DurationVar(&x.lag, "lag", 0, "let reads see writes this much later")
	f.StringVar(&x.fault.Sync, "sync", "", "down: /health reports it, writes fail, reads show earlier data")
	_ = c.MarkFlagFilename("file", "yaml", "yml", "json") // these fail only for an unknown flag
	_ = c.RegisterFlagCompletionFunc("operation", completeOperations)
	_ = c.RegisterFlagCompletionFunc("preset", completePresets)
	_ = c.RegisterFlagCompletionFunc("phase", cobra.FixedCompletions([]string{faults.PhaseBefore, faults.PhaseAfter},
		cobra.ShellCompDirectiveNoFileComp))
}

// faults returns the faults that the flags or the file describe.
func (x *faultFlags) faults(flags *pflag.FlagSet, k *ctl, args []string) ([]controlapi.Fault, error) {
	if x.file != "" {
		return x.fromFile(flags, k, args)
	}
	f := x.fault
	f.Name, f.Operations, f.DropHeaders = cliflag.FirstArg(args), x.operations.List, x.drop.List
	f.Lag = controlapi.Duration(x.lag)
	if x.perToken {
		f.Per = "token"
	}
	if flags.Changed("truncate") {
		f.Truncate = &x.truncate
	}
	if flags.Changed("percentage") && f.Percentage == 0 {
		return nil, errors.New("--percentage: 0 would never apply; leave it out for always")
	}
	var err error
	if f.Abort, err = x.abortEffect(flags); err != nil {
		return nil, fmt.Errorf("--abort: %w", err)
	}
	return []controlapi.Fault{f}, nil
}

func (x *faultFlags) abortEffect(flags *pflag.FlagSet) (*controlapi.Abort, error) {
	if !flags.Changed("abort") {
		if flags.Changed("message") || flags.Changed("body") {
			return nil, errors.New("--message and --body describe the response of --abort, which is missing")
		}
		return nil, nil
	}
	a := &controlapi.Abort{Status: x.abort, Message: x.message}
	if flags.Changed("body") {
		a.Body = &x.body
	}
	return a, nil
}

// fromFile reads a fault or a list of them.
func (x *faultFlags) fromFile(flags *pflag.FlagSet, k *ctl, args []string) ([]controlapi.Fault, error) {
	var others []string
	flags.Visit(func(f *pflag.Flag) {
		if f.Name != "file" && !slices.Contains([]string{"json", "store", "control", "control-token"}, f.Name) {
			others = append(others, "--"+f.Name)
		}
	})
	if len(args) > 0 || len(others) > 0 {
		return nil, cli.Usage("--file holds the whole fault: leave out %s", strings.Join(append(args, others...), ", "))
	}
	var raw json.RawMessage
	if err := k.document(x.file, &raw); err != nil {
		return nil, err
	}
	var faults []controlapi.Fault
	err := decode(raw, &faults)
	if len(raw) > 0 && raw[0] == '{' {
		faults = make([]controlapi.Fault, 1)
		err = decode(raw, &faults[0])
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", x.file, err)
	}
	return faults, nil
}

// setParsed sets a member of a fault to the value of a short form.
func setParsed[T any](to **T, text string, parse func(string) (T, error)) error {
	value, err := parse(text)
	*to = &value
	return err
}

func (x *faultFlags) addHeader(line string) error {
	name, value, ok := strings.Cut(line, ":")
	if !ok || name == "" {
		return fmt.Errorf("%q is not a header as 'Retry-After: 1'", line)
	}
	if x.fault.Headers == nil {
		x.fault.Headers = map[string]string{}
	}
	x.fault.Headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
	return nil
}

func completeOperations(*cobra.Command, []string, string) (list []string, _ cobra.ShellCompDirective) {
	if doc, err := openapi.Connect(); err == nil {
		for _, op := range doc.Operations {
			list = append(list, op.ID+"\t"+op.Method+" "+op.Path)
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

func completePresets(*cobra.Command, []string, string) (list []string, _ cobra.ShellCompDirective) {
	for _, p := range faults.Presets() {
		list = append(list, p.Name+"\t"+p.About)
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}
