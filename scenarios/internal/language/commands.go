package language

import (
	"reflect"
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Command is a command for a mock.
type Command struct {
	Name  string
	About string
	Needs string       // a capability
	takes reflect.Type // of its argument
	Node  *yamlsource.Node
	as    string // of the command token: the name that steps use for it
}

// Arguments of commands that are not types of the control API.
type (
	// TokenCommand is a token with the name that steps use for it.
	TokenCommand struct {
		controlapi.Token
		As string `json:"as"`
	}
	// ChangeCommand changes a token.
	ChangeCommand struct {
		Token string `json:"token"` // the name that steps use for it, or its own
		controlapi.TokenChange
		ExpiresIn *controlapi.Duration `json:"expiresIn"` // instead of ExpiresAt: from the present time of the account
	}
	// DiffCommand compares two snapshots.
	DiffCommand struct {
		From string `json:"from"`
		To   string `json:"to"` // empty: the present state
	}
)

// Commands returns all commands. Their names are the keys of a mock step.
func Commands() []Command {
	text := reflect.TypeFor[string]()
	return []Command{
		{
			Name: "faults", About: "Add faults to the account. Names of faults are those of this scenario.",
			Needs: CanFaults, takes: reflect.TypeFor[[]controlapi.Fault](),
		},
		{
			Name: "remove", About: "Remove the fault with this name.",
			Needs: CanFaults, takes: text,
		},
		{
			Name: "clear", About: "Delete all entries of the journal: clear: journal.",
			Needs: CanJournal, takes: text,
		},
		{
			Name: "clock", About: "Change the clock of the account: real, set, advance, frozen, in this order.",
			Needs: CanClock, takes: reflect.TypeFor[controlapi.ClockChange](),
		},
		{
			Name: "token", About: "Create a token. Steps use it by the name in as.",
			Needs: CanTokens, takes: reflect.TypeFor[TokenCommand](),
		},
		{
			Name: "change", About: "Change the permissions or the expiry of a token. Members that are left out do not change.",
			Needs: CanTokens, takes: reflect.TypeFor[ChangeCommand](),
		},
		{
			Name: "revoke", About: "Revoke a token, by the name that steps use or its own.",
			Needs: CanTokens, takes: text,
		},
		{
			Name: "snapshot", About: "Save the account's data under this name.",
			Needs: CanSnapshots, takes: text,
		},
		{
			Name: "restore", About: "Restore the snapshot with this name.",
			Needs: CanSnapshots, takes: text,
		},
		{
			Name: "diff", About: "Changes from one snapshot to another, or to the present data, as res.json.",
			Needs: CanSnapshots, takes: reflect.TypeFor[DiffCommand](),
		},
		{
			Name: "reset", About: "true restores the data of the start; faults removes all faults.",
			Needs: CanControl, takes: reflect.TypeFor[any](),
		},
		{
			Name: "fixture", About: "Add vaults, items and files in the format of a fixture.",
			Needs: CanControl, takes: reflect.TypeFor[map[string]any](),
		},
		{
			Name: "verify", About: "Requests that the journal must have. A difference is a failure.",
			Needs: CanJournal, takes: reflect.TypeFor[controlapi.Verification](),
		},
		{
			Name: "journal", About: "Entries of the journal, as res.json: entries, matched, dropped.",
			Needs: CanJournal, takes: reflect.TypeFor[controlapi.JournalQuery](),
		},
		{
			Name: "explain", About: "Why the request with this number in the journal was refused, as res.json.",
			Needs: CanJournal, takes: reflect.TypeFor[uint64](),
		},
	}
}

func CommandNames() []string {
	var all []string
	for _, c := range Commands() {
		all = append(all, c.Name)
	}
	return all
}

// checkMockCommand checks a step that sends a command to a mock.
func (l *loader) checkMockCommand(st *Step) {
	l.rejectRequestKeys(st, "mock")
	n := st.Mock
	if n.Kind != yamlsource.Map || len(n.Pairs) == 0 {
		l.fail(n.At, "mock: {faults: [...]}", "a command for the mock is a mapping")
		return
	}
	for _, p := range n.Pairs {
		if !slices.Contains(CommandNames(), p.Key) {
			l.fail(p.KeyAt, nearest.Hint(p.Key, CommandNames()), "unknown command %q for a mock", p.Key)
		}
	}
	if len(n.Pairs) > 1 {
		l.fail(n.Pairs[1].KeyAt, "use a step for each", "two commands in one step")
	}
	p := n.Pairs[0]
	i := slices.Index(CommandNames(), p.Key)
	if i < 0 {
		return
	}
	st.Command = Commands()[i]
	st.Command.Node = p.Value
	st.require(st.Command.Needs)
	l.compileTemplates(p.Value, l.names, st.Uses)
	l.checkType(p.Value, st.Command.takes)
	l.checkArgument(st, p)
}

// checkArgument checks what the type of an argument does not express.
func (l *loader) checkArgument(st *Step, p yamlsource.Pair) {
	n := p.Value
	switch p.Key {
	case "faults":
		for _, f := range n.Items {
			for _, op := range append(f.Get("operations").List(), f.Get("operation").List()...) {
				l.checkOperation(op)
			}
		}
		l.addFaultNames(n)
	case "remove":
		l.addReference(&l.faults, n)
	case "snapshot":
		l.snapshots.add(n)
	case "restore":
		l.addReference(&l.snapshots, n)
	case "diff":
		l.addReference(&l.snapshots, n.Get("from"))
		l.addReference(&l.snapshots, n.Get("to"))
	case "verify":
		for _, e := range n.Get("expect").List() {
			l.checkExpectedRequest(e)
		}
	case "journal":
		l.checkJournalFilter(n)
	case "clear":
		if n.Raw == "faults" {
			l.fail(n.At, "reset: faults", "faults are reset, not cleared, as in ctl")
		} else if n.Raw != "journal" {
			l.fail(n.At, "clear: journal", "a mock can't clear %q", n.Raw)
		}
	case "reset":
		if n.Value != true && n.Raw != "faults" {
			l.fail(n.At, "reset: true for the account, reset: faults for its faults", "a mock can't reset %q", n.Raw)
		}
		if n.Raw == "faults" {
			st.Capabilities = []string{CanFaults}
		}
	case "token":
		as := n.Get("as")
		if as == nil || as.Kind != yamlsource.Text {
			l.fail(n.At, "token: {as: rotated, name: rotated, permission: read}",
				"a token needs as: the name that steps use for it")
			return
		}
		st.Command.as = as.Raw
		st.Defines = append(st.Defines, as.Raw)
		l.addActor(as.Raw, as.At)
		spec, _ := FindState(StateToken)
		l.define(as.Raw, as.At, aToken, memberNames(spec.Offers))
	case "change":
		if n.Get("token") == nil {
			l.fail(n.At, "change: {token: reader, permission: read}", "a change needs the token to change")
		}
		l.markTokenUsed(n.Get("token"), st)
	case "revoke":
		l.markTokenUsed(n, st)
	}
}

// markTokenUsed records that a step uses a token, if n is the name that steps use for one.
func (l *loader) markTokenUsed(n *yamlsource.Node, st *Step) {
	if n != nil && slices.Contains(l.actors, n.Raw) {
		l.markUsed([]string{n.Raw}, st.Uses)
	}
}
