package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// appliesTo is which requests a fault strikes, in words.
func appliesTo(f controlapi.Fault) string {
	words := f.Operations
	if f.Operation != "" {
		words = append([]string{f.Operation}, words...)
	}
	text := cmp.Or(strings.Join(words, ","), "all")
	for _, scope := range []struct{ name, value string }{{"account", f.Account}, {"vault", f.Vault}, {"token", f.Token}} {
		if scope.value != "" {
			text += " of " + scope.name + " " + scope.value
		}
	}
	return text
}

// frequencyText is how often it does so.
func frequencyText(f controlapi.Fault) string {
	var words []string
	if f.Nth > 0 {
		words = append(words, fmt.Sprintf("number %d", f.Nth))
	}
	if f.After > 0 {
		words = append(words, fmt.Sprintf("after %d", f.After))
	}
	if f.Percentage > 0 {
		words = append(words, fmt.Sprintf("%g%%", f.Percentage))
	}
	if f.Times > 0 {
		words = append(words, count(f.Times, "time"))
	}
	text := cmp.Or(strings.Join(words, ", "), "always")
	if f.Per != "" {
		text += " per " + f.Per
	}
	return text
}

// effectsText is what it does then.
func effectsText(f controlapi.Fault) string {
	var words []string
	add := func(there bool, format string, args ...any) {
		if there {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	add(f.Preset != "", "%s", f.Preset)
	if d := f.Delay; d != nil {
		words = append(words, "delay "+delayText(*d))
	}
	if a := f.Abort; a != nil {
		words = append(words, fmt.Sprintf("abort %d", a.Status))
	}
	add(f.Connection != "", "connection %s", f.Connection)
	if f.Truncate != nil {
		words = append(words, fmt.Sprintf("truncate %d", *f.Truncate))
	}
	if d := f.Drip; d != nil {
		words = append(words, fmt.Sprintf("drip %d every %s", max(1, d.Bytes), d.Every))
	}
	add(f.MalformJSON, "malformed JSON")
	add(f.ContentType != "", "content type %s", f.ContentType)
	add(len(f.Headers) > 0, "%s", count(len(f.Headers), "header"))
	add(len(f.DropHeaders) > 0, "without %s", strings.Join(f.DropHeaders, ","))
	add(f.Lag != 0, "lag %s", f.Lag)
	add(f.Sync != "", "sync %s", f.Sync)
	return strings.Join(words, ", ")
}

func delayText(d controlapi.Delay) string {
	switch {
	case d.Uniform != nil:
		return d.Uniform.Min.String() + ".." + d.Uniform.Max.String()
	case d.LogNormal != nil:
		return fmt.Sprintf("%s~%g", d.LogNormal.Median, d.LogNormal.Sigma)
	}
	return time.Duration(d.Fixed).String()
}
