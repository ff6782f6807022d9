package faults

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// RequestsText describes which requests a fault applies to: "GetVaults of token ci".
func RequestsText(f controlapi.Fault) string {
	operations := f.Operations
	if f.Operation != "" {
		operations = append([]string{f.Operation}, operations...)
	}
	text := cmp.Or(strings.Join(operations, ","), "all")
	for _, scope := range []struct{ name, value string }{{"account", f.Account}, {"vault", f.Vault}, {"token", f.Token}} {
		if scope.value != "" {
			text += " of " + scope.name + " " + scope.value
		}
	}
	return text
}

// phrases is a list that a text is made of.
type phrases []string

func (p *phrases) addIf(condition bool, format string, args ...any) {
	if condition {
		*p = append(*p, fmt.Sprintf(format, args...))
	}
}

func (p *phrases) String() string { return strings.Join(*p, ", ") }

// FrequencyText describes how often a fault applies to these requests: "after 2, 1 time".
func FrequencyText(f controlapi.Fault) string {
	var words phrases
	words.addIf(f.Nth > 0, "number %d", f.Nth)
	words.addIf(f.After > 0, "after %d", f.After)
	words.addIf(f.Percentage > 0, "%g%%", f.Percentage)
	words.addIf(f.Times > 0, "%s", count(f.Times, "time"))
	text := cmp.Or(words.String(), "always")
	if f.Per != "" {
		text += " per " + f.Per
	}
	return text
}

// EffectsText describes what a fault does to them: "delay 200ms, abort 503".
func EffectsText(f controlapi.Fault) string {
	var words phrases
	words.addIf(f.Preset != "", "%s", f.Preset)
	words.addIf(f.Phase == PhaseAfter, "when it is done")
	words.addIf(f.Phase == PhaseBefore, "before it is done")
	if d := f.Delay; d != nil {
		words = append(words, "delay "+DelayText(*d))
	}
	if a := f.Abort; a != nil {
		words = append(words, fmt.Sprintf("abort %d", a.Status))
	}
	words.addIf(f.Connection != "", "connection %s", f.Connection)
	if f.Truncate != nil {
		words = append(words, fmt.Sprintf("truncate %d", *f.Truncate))
	}
	if d := f.Drip; d != nil {
		words = append(words, fmt.Sprintf("drip %d every %s", max(1, d.Bytes), d.Every))
	}
	words.addIf(f.MalformJSON, "malformed JSON")
	words.addIf(f.ContentType != "", "content type %s", f.ContentType)
	words.addIf(len(f.Headers) > 0, "%s", count(len(f.Headers), "header"))
	words.addIf(len(f.DropHeaders) > 0, "without %s", strings.Join(f.DropHeaders, ","))
	words.addIf(f.Lag != 0, "lag %s", f.Lag)
	words.addIf(f.Sync != "", "sync %s", f.Sync)
	return words.String()
}

// DelayText describes a delay in the form that controlapi.ParseDelay reads.
func DelayText(d controlapi.Delay) string {
	switch {
	case d.Uniform != nil:
		return d.Uniform.Min.String() + ".." + d.Uniform.Max.String()
	case d.LogNormal != nil:
		return fmt.Sprintf("%s~%g", d.LogNormal.Median, d.LogNormal.Sigma)
	}
	return time.Duration(d.Fixed).String()
}

// count returns a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
