package contract

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/connectmock/connectmock/internal/redact"
)

// mostDifferences is how many differences a message has.
const mostDifferences = 8

// differences describes how a value differs from the expected one, each member by its
// path. It does not show the values of concealed fields.
func differences(want, got any) []string {
	var d difference
	d.compare("", plain(want), plain(got))
	switch n := len(d.found) - mostDifferences; {
	case len(d.found) == 0: // the same in JSON, but not in Go
		return []string{fmt.Sprintf("expected %s, got %s", show(want), show(got))}
	case n > 0:
		return append(d.found[:mostDifferences], fmt.Sprintf("and %d more", n))
	}
	return d.found
}

// difference collects what differs between two documents.
type difference struct{ found []string }

func (d *difference) compare(path string, want, got any) {
	if reflect.DeepEqual(want, got) {
		return
	}
	switch w := want.(type) {
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			d.objects(path, w, g)
			return
		}
	case []any:
		if g, ok := got.([]any); ok && len(w) == len(g) && !scalars(w) {
			for i := range w {
				d.compare(fmt.Sprintf("%s[%d]", path, i), w[i], g[i])
			}
			return
		}
	}
	d.add(path, show(want), show(got))
}

func (d *difference) objects(path string, want, got map[string]any) {
	secret := append(concealedMembers(want), concealedMembers(got)...)
	names := maps.Clone(want)
	maps.Copy(names, got)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		w, wanted := want[name]
		g, there := got[name]
		at := name
		if path != "" {
			at = path + "." + name
		}
		switch {
		case reflect.DeepEqual(w, g) && wanted == there:
		case !wanted:
			d.add(at, "no such member", showMember(g, name, secret))
		case !there:
			d.add(at, showMember(w, name, secret), "no such member")
		case slices.Contains(secret, name):
			d.add(at, redact.Mask, "another value")
		default:
			d.compare(at, w, g)
		}
	}
}

func (d *difference) add(path, want, got string) {
	text := fmt.Sprintf("expected %s, got %s", want, got)
	if path != "" {
		text = path + ": " + text
	}
	d.found = append(d.found, text)
}

func showMember(v any, name string, secret []string) string {
	if slices.Contains(secret, name) {
		return redact.Mask
	}
	return show(v)
}

// scalars reports whether a list has neither lists nor objects in it.
func scalars(list []any) bool {
	return !slices.ContainsFunc(list, func(e any) bool {
		switch e.(type) {
		case []any, map[string]any:
			return true
		}
		return false
	})
}

// concealedMembers returns the members of an object that hold a secret.
func concealedMembers(o map[string]any) (names []string) {
	shown, _ := conceal(o).(map[string]any)
	for name, value := range o {
		if shown[name] == redact.Mask && value != redact.Mask {
			names = append(names, name)
		}
	}
	return names
}

// conceal returns a copy of a document with redact.Mask for every secret in it.
func conceal(document any) any { return redact.Conceal(document) }
