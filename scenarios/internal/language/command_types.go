package language

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// checkType checks a node against the JSON form of a type: its keys, and its values unless they are templates.
// Scenarios can't choose the account.
func (l *loader) checkType(n *yamlsource.Node, t reflect.Type) {
	if n.Kind == yamlsource.Text && expression.IsTemplate(n.Raw) {
		return
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	_, own := reflect.New(t).Interface().(json.Unmarshaler)
	switch {
	case t.Kind() == reflect.Struct && n.Kind == yamlsource.Map:
		l.checkMembers(n, t)
		return
	case t.Kind() == reflect.Slice && n.Kind == yamlsource.List:
		for _, item := range n.Items {
			l.checkType(item, t.Elem())
		}
		return
	case t.Kind() == reflect.Map && n.Kind == yamlsource.Map:
		for _, p := range n.Pairs {
			l.checkType(p.Value, t.Elem())
		}
		return
	case t.Kind() == reflect.Interface:
		return
	case own && n.Kind == yamlsource.Map:
		l.fail(n.At, "", "must be %s, not a mapping", expected(t))
		return
	}
	text, err := json.Marshal(n.GoValue())
	if err == nil {
		err = json.NewDecoder(bytes.NewReader(text)).Decode(reflect.New(t).Interface())
	}
	if err != nil {
		l.fail(n.At, "", "must be %s", expected(t))
	}
}

func (l *loader) checkMembers(n *yamlsource.Node, t reflect.Type) {
	types := JSONKeys(t)
	for _, p := range n.Pairs {
		of, ok := types[p.Key]
		if !ok {
			l.fail(p.KeyAt, nearest.Hint(p.Key, yamlsource.SortedKeys(types)), "unknown key %q", p.Key)
			continue
		}
		if p.Key == "status" && of.Kind() == reflect.String && p.Value.Kind == yamlsource.Number {
			continue // 200 means "200"
		}
		l.checkType(p.Value, of)
		l.checkWord(p.Key, p.Value)
	}
}

// checkWord checks the value of a member that accepts only certain words. An empty value is rejected elsewhere, or
// removes something.
func (l *loader) checkWord(member string, n *yamlsource.Node) {
	if member == "vaults" { // of a token: permissions by vault
		for _, p := range n.Pairs {
			l.checkWord("permission", p.Value)
		}
		return
	}
	valid := controlapi.Words()[member]
	if valid == nil || n.Raw == "" || n.Kind != yamlsource.Text || expression.IsTemplate(n.Raw) ||
		slices.Contains(valid, n.Raw) {
		return
	}
	l.fail(n.At, "", "unknown %s %q%s", member, n.Raw, nearest.HintWithList(n.Raw, valid))
}

// JSONKeys returns the JSON keys of a struct with their types.
func JSONKeys(t reflect.Type) map[string]reflect.Type {
	all := map[string]reflect.Type{}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			for key, of := range JSONKeys(f.Type) {
				all[key] = of
			}
			continue
		}
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if key != "" && key != "-" && key != "account" && !isReadOnly(t, key) {
			all[key] = f.Type
		}
	}
	return all
}

// isReadOnly reports whether only responses of the control API have a member.
func isReadOnly(t reflect.Type, key string) bool {
	switch t {
	case reflect.TypeFor[controlapi.Token]():
		return slices.Contains([]string{"id", "value", "state", "issuedAt"}, key)
	case reflect.TypeFor[controlapi.Fault]():
		return slices.Contains([]string{"matched", "struck"}, key)
	}
	return false
}

// expected describes a type in words.
func expected(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[controlapi.Duration]():
		return "a duration such as 1m30s"
	case reflect.TypeFor[controlapi.Delay]():
		return "a duration such as 200ms or 100ms..2s, or a mapping"
	case reflect.TypeFor[controlapi.Drip]():
		return "bytes and how often, such as 16/100ms, or a mapping"
	case reflect.TypeFor[controlapi.Expectation]():
		return "an operation such as GetVaults:200=1.., or a mapping"
	case reflect.TypeFor[controlapi.Abort]():
		return "a status, or a mapping"
	}
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Map:
		return "a mapping"
	case reflect.Struct:
		if t.PkgPath() == "time" {
			return "a time such as 2026-03-01T09:30:00Z"
		}
		return "a mapping"
	}
	return "a number"
}
