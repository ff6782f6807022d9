package scenarios

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

// command is something a mock can be told.
type command struct {
	name  string
	needs string       // a capability
	takes reflect.Type // what its argument is
	node  *yamlsource.Node
	as    string // of token: who it makes
}

// Documents of steps that the control API has not.
type (
	// tokenCommand is a token with the name to send requests as.
	tokenCommand struct {
		controlapi.Token
		As string `json:"as"`
	}
	// changeCommand changes a token.
	changeCommand struct {
		Token string `json:"token"` // who sends as it, or its name
		controlapi.TokenChange
	}
	// diffCommand compares two snapshots.
	diffCommand struct {
		From string `json:"from"`
		To   string `json:"to"` // empty: now
	}
)

// commands are all of them, by the key of a mock step.
func commands() []command {
	text := reflect.TypeFor[string]()
	return []command{
		{name: "faults", needs: canFaults, takes: reflect.TypeFor[[]controlapi.Fault]()},
		{name: "remove", needs: canFaults, takes: text},
		{name: "clear", needs: canFaults, takes: text},
		{name: "clock", needs: canClock, takes: reflect.TypeFor[controlapi.ClockChange]()},
		{name: "token", needs: canTokens, takes: reflect.TypeFor[tokenCommand]()},
		{name: "change", needs: canTokens, takes: reflect.TypeFor[changeCommand]()},
		{name: "revoke", needs: canTokens, takes: text},
		{name: "snapshot", needs: canSnapshots, takes: text},
		{name: "restore", needs: canSnapshots, takes: text},
		{name: "diff", needs: canSnapshots, takes: reflect.TypeFor[diffCommand]()},
		{name: "reset", needs: canControl, takes: reflect.TypeFor[bool]()},
		{name: "fixture", needs: canControl, takes: reflect.TypeFor[map[string]any]()},
		{name: "verify", needs: canJournal, takes: reflect.TypeFor[controlapi.Verification]()},
		{name: "journal", needs: canJournal, takes: reflect.TypeFor[controlapi.JournalQuery]()},
		{name: "explain", needs: canJournal, takes: reflect.TypeFor[uint64]()},
	}
}

func commandNames() []string {
	var all []string
	for _, c := range commands() {
		all = append(all, c.name)
	}
	return all
}

// mock checks a step that tells a mock something.
func (l *loader) mock(a *action) {
	l.only(a, "mock")
	n := a.Mock
	if n.Kind != yamlsource.Map || len(n.Pairs) == 0 {
		l.fail(n.At, "mock: {faults: [...]}", "a command for the mock is a mapping")
		return
	}
	for _, p := range n.Pairs {
		if !slices.Contains(commandNames(), p.Key) {
			l.fail(p.KeyAt, yamlsource.DidYouMean(p.Key, commandNames()), "unknown command %q for a mock", p.Key)
		}
	}
	if len(n.Pairs) > 1 {
		l.fail(n.Pairs[1].KeyAt, "one step for each", "two commands in one step")
	}
	p := n.Pairs[0]
	i := slices.Index(commandNames(), p.Key)
	if i < 0 {
		return
	}
	a.command = commands()[i]
	a.command.node = p.Value
	a.owe(a.command.needs)
	l.texts(p.Value, l.names, a.uses)
	l.shape(p.Value, a.command.takes)
	l.argument(a, p)
}

// argument checks what a type can't say.
func (l *loader) argument(a *action, p yamlsource.Pair) {
	n := p.Value
	switch p.Key {
	case "faults":
		for _, f := range n.Items {
			for _, op := range append(f.Get("operations").List(), f.Get("operation").List()...) {
				l.operation(op)
			}
		}
		l.nameFaults(n)
	case "remove":
		l.refer(&l.faults, n)
	case "snapshot":
		l.snapshots.add(n)
	case "restore":
		l.refer(&l.snapshots, n)
	case "diff":
		l.refer(&l.snapshots, n.Get("from"))
		l.refer(&l.snapshots, n.Get("to"))
	case "verify":
		for _, e := range n.Get("expect").List() {
			l.journal(e)
		}
	case "journal":
		l.journal(n)
	case "clear":
		if n.Raw != "faults" && n.Raw != "journal" {
			l.fail(n.At, "faults or journal", "nothing of a mock is called %q", n.Raw)
		}
	case "reset":
		if n.Value != true {
			l.fail(n.At, "reset: true", "a reset takes true")
		}
	case "token":
		as := n.Get("as")
		if as == nil || as.Kind != yamlsource.Text {
			l.fail(n.At, "token: {as: rotated, name: rotated, permission: read}", "a token needs the name it is used by: as")
			return
		}
		a.command.as = as.Raw
		a.makes = append(a.makes, as.Raw)
		l.actor(as.Raw, as.At)
		l.define(as.Raw, as.At, aToken, stateMembers(stateToken))
	case "change":
		if n.Get("token") == nil {
			l.fail(n.At, "change: {token: reader, permission: read}", "a change needs the token it is for")
		}
		l.tokenName(n.Get("token"), a)
	case "revoke":
		l.tokenName(n, a)
	}
}

// tokenName notes that a step uses a token that goes by a name here.
func (l *loader) tokenName(n *yamlsource.Node, a *action) {
	if n != nil && slices.Contains(l.actors, n.Raw) {
		l.use([]string{n.Raw}, a.uses)
	}
}

// shape holds a node to the JSON form of a type: its keys, and its values where
// they are not templates. The account is not for scenarios to choose.
func (l *loader) shape(n *yamlsource.Node, t reflect.Type) {
	if n.Kind == yamlsource.Text && expression.IsTemplate(n.Raw) {
		return
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	_, own := reflect.New(t).Interface().(json.Unmarshaler)
	switch {
	case t.Kind() == reflect.Struct && n.Kind == yamlsource.Map:
		l.shapeKeys(n, t)
		return
	case t.Kind() == reflect.Slice && n.Kind == yamlsource.List:
		for _, item := range n.Items {
			l.shape(item, t.Elem())
		}
		return
	case t.Kind() == reflect.Map && n.Kind == yamlsource.Map:
		for _, p := range n.Pairs {
			l.shape(p.Value, t.Elem())
		}
		return
	case t.Kind() == reflect.Interface:
		return
	case own && n.Kind == yamlsource.Map:
		l.fail(n.At, "", "must be %s, not a mapping", wanted(t))
		return
	}
	text, err := json.Marshal(n.GoValue())
	if err == nil {
		err = json.NewDecoder(bytes.NewReader(text)).Decode(reflect.New(t).Interface())
	}
	if err != nil {
		l.fail(n.At, "", "must be %s", wanted(t))
	}
}

func (l *loader) shapeKeys(n *yamlsource.Node, t reflect.Type) {
	types := jsonKeys(t)
	for _, p := range n.Pairs {
		of, ok := types[p.Key]
		if !ok {
			l.fail(p.KeyAt, yamlsource.DidYouMean(p.Key, yamlsource.SortedKeys(types)), "unknown key %q", p.Key)
			continue
		}
		l.shape(p.Value, of)
		l.word(p.Key, p.Value)
	}
}

// word checks the value of a member that takes certain words only. An empty one
// is refused elsewhere, or takes something away.
func (l *loader) word(member string, n *yamlsource.Node) {
	if member == "vaults" { // of a token: permissions by vault
		for _, p := range n.Pairs {
			l.word("permission", p.Value)
		}
		return
	}
	valid := controlapi.Words()[member]
	if valid == nil || n.Raw == "" || n.Kind != yamlsource.Text || expression.IsTemplate(n.Raw) || slices.Contains(valid, n.Raw) {
		return
	}
	l.fail(n.At, "", "unknown %s %q%s", member, n.Raw, nearest.HintWithList(n.Raw, valid))
}

// jsonKeys are the keys of a struct in JSON with their types.
func jsonKeys(t reflect.Type) map[string]reflect.Type {
	all := map[string]reflect.Type{}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			for key, of := range jsonKeys(f.Type) {
				all[key] = of
			}
			continue
		}
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if key != "" && key != "-" && key != "account" {
			all[key] = f.Type
		}
	}
	return all
}

// wanted is a type of a command in words.
func wanted(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[controlapi.Duration]():
		return "a length of time such as 1m30s"
	case reflect.TypeFor[controlapi.Delay]():
		return "a length of time such as 200ms, or a mapping"
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
			return "a moment such as 2026-03-01T09:30:00Z"
		}
		return "a mapping"
	}
	return "a number"
}
