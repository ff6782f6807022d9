package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// faultFlags are a fault as flags, or the file it is in.
type faultFlags struct {
	fault               controlapi.Fault
	operations, drop    words
	headers             []string
	delay, drip         string
	abort               int
	message, body, from string
	truncate            int64
	lag                 time.Duration
	perToken            bool
}

func (x *faultFlags) bind(c *cobra.Command) {
	f := c.Flags()
	f.SortFlags = false // which, how often, in which way
	f.StringVarP(&x.from, "file", "f", "", "`file` with a fault, or a list of them, in place of all other flags; - is standard input")
	f.StringVar(&x.fault.Preset, "preset", "", "`name` of a mood of real servers, see connectmock ctl fault presets; other flags change it")

	x.operations.form = "operationId"
	f.Var(&x.operations, "operation", "which requests: these operations; more with commas, or several times (default all but /heartbeat and /metrics)")
	f.StringVar(&x.fault.Account, "account", "", "only those of this account, by `name` or id")
	f.StringVar(&x.fault.Vault, "vault", "", "only those about this vault, by `name` or id")
	f.StringVar(&x.fault.Token, "token", "", "only those with this token, by its `name` or id")

	f.IntVar(&x.fault.Nth, "nth", 0, "how often: only that matching request, from 1")
	f.IntVar(&x.fault.After, "after", 0, "not the first so many")
	f.IntVar(&x.fault.Times, "times", 0, "at most so often (default without end)")
	f.Float64Var(&x.fault.Percentage, "percentage", 0, "only so many in a hundred, drawn from --seed (default all)")
	f.Uint64Var(&x.fault.Seed, "seed", 0, "`number` that makes --percentage and --delay repeat")
	f.BoolVar(&x.perToken, "per-token", false, "--nth, --after and --times count for each token")

	f.StringVar(&x.delay, "delay", "", "in which way: wait so `long` first, 200ms, 100ms..2s, or 200ms~0.5 for a log-normal one")
	f.IntVar(&x.abort, "abort", 0, "answer this `status` and do nothing")
	f.StringVar(&x.message, "message", "", "of the answer to --abort, in Connect's own form")
	f.StringVar(&x.body, "body", "", "of the answer to --abort, as it is")
	allowEmpty(f, "body")
	f.Var((*texts)(&x.headers), "header", "`'Name: value'` added to the answer; several times for more")
	x.drop.form = "name"
	f.Var(&x.drop, "drop-header", "header left out of the answer")
	f.StringVar(&x.fault.ContentType, "content-type", "", "`type` in place of the answer's")
	f.StringVar(&x.fault.Connection, "connection", "", "reset: it is after the request was done; empty: closed without an answer")
	f.Int64Var(&x.truncate, "truncate", 0, "close the connection after so many `bytes` of the body; below 0 counts from its end")
	f.StringVar(&x.drip, "drip", "", "send the body slowly, so many bytes at a time: `1/50ms`")
	f.BoolVar(&x.fault.MalformJSON, "malform-json", false, "cut the body so that it is no JSON any more")
	f.DurationVar(&x.lag, "lag", 0, "show what is written so much later")
	f.StringVar(&x.fault.Sync, "sync", "", "down: /health tells, writes fail, reads are from before")
	_ = c.MarkFlagFilename("file", "yaml", "yml", "json") // these fail only for a flag that is not there
	_ = c.RegisterFlagCompletionFunc("operation", completeOperations)
	_ = c.RegisterFlagCompletionFunc("preset", completePresets)
}

// faults is what the flags, or the file, ask for.
func (x *faultFlags) faults(flags *pflag.FlagSet, k *ctl, args []string) ([]controlapi.Fault, error) {
	if x.from != "" {
		return x.fromFile(flags, k, args)
	}
	f := x.fault
	f.Name, f.Operations, f.DropHeaders = first(args), x.operations.list, x.drop.list
	f.Lag = controlapi.Duration(x.lag)
	if x.perToken {
		f.Per = "token"
	}
	if flags.Changed("truncate") {
		f.Truncate = &x.truncate
	}
	var errs []error
	note := func(flag string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("--%s: %w", flag, err))
		}
	}
	var err error
	if flags.Changed("percentage") && f.Percentage == 0 {
		note("percentage", errors.New("0 would never strike; leave it out for always"))
	}
	f.Delay, err = delay(x.delay)
	note("delay", err)
	f.Drip, err = drip(x.drip)
	note("drip", err)
	f.Headers, err = headers(x.headers)
	note("header", err)
	f.Abort, err = x.aborted(flags)
	note("abort", err)
	return []controlapi.Fault{f}, errors.Join(errs...)
}

func (x *faultFlags) aborted(flags *pflag.FlagSet) (*controlapi.Abort, error) {
	if !flags.Changed("abort") {
		if flags.Changed("message") || flags.Changed("body") {
			return nil, errors.New("--message and --body are those of an answer to --abort")
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
		return nil, usage("--file holds all that is to be said: leave out %s", strings.Join(append(args, others...), ", "))
	}
	var raw json.RawMessage
	if err := k.document(x.from, &raw); err != nil {
		return nil, err
	}
	var faults []controlapi.Fault
	err := decode(raw, &faults)
	if len(raw) > 0 && raw[0] == '{' {
		faults = make([]controlapi.Fault, 1)
		err = decode(raw, &faults[0])
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", x.from, err)
	}
	return faults, nil
}

// delay reads "200ms", "100ms..2s" and "200ms~0.5".
func delay(text string) (*controlapi.Delay, error) {
	if text == "" {
		return nil, nil
	}
	mistake := fmt.Errorf("%q is not a delay as 200ms, 100ms..2s (any in between) or 200ms~0.5 (log-normal: median and sigma)", text)
	if least, most, ok := strings.Cut(text, ".."); ok {
		a, err1 := time.ParseDuration(least)
		b, err2 := time.ParseDuration(most)
		if err1 != nil || err2 != nil {
			return nil, mistake
		}
		return &controlapi.Delay{Uniform: &controlapi.Uniform{Min: controlapi.Duration(a), Max: controlapi.Duration(b)}}, nil
	}
	if median, sigma, ok := strings.Cut(text, "~"); ok {
		m, err1 := time.ParseDuration(median)
		s, err2 := strconv.ParseFloat(sigma, 64)
		if err1 != nil || err2 != nil {
			return nil, mistake
		}
		return &controlapi.Delay{LogNormal: &controlapi.LogNormal{Median: controlapi.Duration(m), Sigma: s}}, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil, mistake
	}
	return &controlapi.Delay{Fixed: controlapi.Duration(d)}, nil
}

// drip reads "16/100ms": so many bytes each so often.
func drip(text string) (*controlapi.Drip, error) {
	if text == "" {
		return nil, nil
	}
	bytes, every, ok := strings.Cut(text, "/")
	n, err1 := strconv.Atoi(bytes)
	d, err2 := time.ParseDuration(every)
	if !ok || err1 != nil || err2 != nil {
		return nil, fmt.Errorf("%q is not bytes and how often, as 16/100ms", text)
	}
	return &controlapi.Drip{Bytes: n, Every: controlapi.Duration(d)}, nil
}

func headers(lines []string) (map[string]string, error) {
	if len(lines) == 0 {
		return nil, nil
	}
	all := map[string]string{}
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" {
			return nil, fmt.Errorf("%q is not a header as 'Retry-After: 1'", line)
		}
		all[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return all, nil
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
