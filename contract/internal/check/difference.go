package check

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/connectmock/connectmock/internal/redact"
)

// maxDifferences is the number of differences in a message.
const maxDifferences = 8

// differences returns a text for each member that differs from the expected one, with
// its path. It does not show the values of concealed fields.
func differences(want, got any) []string {
	var d difference
	d.compare("", toJSONValue(want), toJSONValue(got))
	switch n := len(d.texts) - maxDifferences; {
	case len(d.texts) == 0: // the same in JSON, but not in Go
		return []string{fmt.Sprintf("expected %s, got %s", showValue(want), showValue(got))}
	case n > 0:
		return append(d.texts[:maxDifferences], fmt.Sprintf("and %d more", n))
	}
	return d.texts
}

// difference collects the differences between two documents.
type difference struct{ texts []string }

// compare adds the differences between two values at a path.
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
		if g, ok := got.([]any); ok && len(w) == len(g) && !hasOnlyScalars(w) {
			for i := range w {
				d.compare(fmt.Sprintf("%s[%d]", path, i), w[i], g[i])
			}
			return
		}
	}
	d.add(path, showValue(want), showValue(got))
}

// objects adds the differences between two objects.
func (d *difference) objects(path string, want, got map[string]any) {
	secret := append(concealedMembers(want), concealedMembers(got)...)
	names := maps.Clone(want)
	maps.Copy(names, got)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		w, inWant := want[name]
		g, inGot := got[name]
		at := name
		if path != "" {
			at = path + "." + name
		}
		switch {
		case reflect.DeepEqual(w, g) && inWant == inGot:
		case !inWant:
			d.add(at, "no such member", showMember(g, name, secret))
		case !inGot:
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
	d.texts = append(d.texts, text)
}

// showMember returns a member for a message, masked if it is a secret.
func showMember(v any, name string, secret []string) string {
	if slices.Contains(secret, name) {
		return redact.Mask
	}
	return showValue(v)
}

// hasOnlyScalars reports whether no element of a list is a list or an object.
func hasOnlyScalars(list []any) bool {
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
	shown, _ := redact.Conceal(o).(map[string]any)
	for name, value := range o {
		if shown[name] == redact.Mask && value != redact.Mask {
			names = append(names, name)
		}
	}
	return names
}
