package command

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/connectmock/connectmock/mockserver/faults"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// AddFault returns the command that adds a fault.
func AddFault(f controlapi.Fault) string {
	words := []string{"fault", "add"}
	if f.Name != "" {
		words = append(words, f.Name)
	}
	words = append(words, "--preset", f.Preset)
	for _, operation := range f.Operations {
		words = append(words, "--operation", operation)
	}
	words = append(words, "--operation", f.Operation)
	words = append(words, "--account", f.Account, "--vault", f.Vault, "--token", f.Token,
		"--nth", number(f.Nth), "--after", number(f.After), "--times", number(f.Times),
		"--percentage", number(f.Percentage), "--seed", number(f.Seed), "--phase", f.Phase)
	if f.Per != "" {
		words = append(words, "--per-token")
	}
	if f.Delay != nil {
		words = append(words, "--delay", faults.DelayText(*f.Delay))
	}
	if a := f.Abort; a != nil {
		words = append(words, "--abort", number(a.Status), "--message", a.Message)
		if a.Body != nil {
			words = append(words, "--body="+*a.Body)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Headers)) {
		words = append(words, "--header", name+": "+f.Headers[name])
	}
	for _, name := range f.DropHeaders {
		words = append(words, "--drop-header", name)
	}
	words = append(words, "--content-type", f.ContentType, "--connection", f.Connection)
	if f.Truncate != nil {
		words = append(words, "--truncate="+strconv.FormatInt(*f.Truncate, 10))
	}
	if d := f.Drip; d != nil {
		words = append(words, "--drip", cmp.Or(number(d.Bytes), "1")+"/"+d.Every.String())
	}
	if f.MalformJSON {
		words = append(words, "--malform-json")
	}
	if f.Lag != 0 {
		words = append(words, "--lag", f.Lag.String())
	}
	return Ctl(append(words, "--sync", f.Sync)...)
}

// number returns a number as text, "" for 0.
func number[N int | uint64 | float64](n N) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
