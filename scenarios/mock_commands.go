package scenarios

import (
	"reflect"
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// command is a command for a mock.
type command struct {
	name  string
	about string
	needs string       // a capability
	takes reflect.Type // of its argument
	node  *yamlsource.Node
	as    string // of the command token: the name that steps use for it
}

// Arguments of commands that are not types of the control API.
type (
	// tokenCommand is a token with the name that steps use for it.
	tokenCommand struct {
		controlapi.Token
		As string `json:"as"`
	}
	// changeCommand changes a token.
	changeCommand struct {
		Token string `json:"token"` // the name that steps use for it, or its own
		controlapi.TokenChange
		ExpiresIn *controlapi.Duration `json:"expiresIn"` // instead of ExpiresAt: from the present time of the account
	}
	// diffCommand compares two snapshots.
	diffCommand struct {
		From string `json:"from"`
		To   string `json:"to"` // empty: the present state
	}
)

// commands returns all commands. Their names are the keys of a mock step.
func commands() []command {
	text := reflect.TypeFor[string]()
	return []command{
		{
			name: "faults", about: "Add faults to the account. Names of faults are those of this scenario.",
			needs: canFaults, takes: reflect.TypeFor[[]controlapi.Fault](),
		},
		{
			name: "remove", about: "Remove the fault with this name.",
			needs: canFaults, takes: text,
		},
		{
			name: "clear", about: "Delete all entries of the journal: clear: journal.",
			needs: canJournal, takes: text,
		},
		{
			name: "clock", about: "Change the clock of the account: real, set, advance, frozen, in this order.",
			needs: canClock, takes: reflect.TypeFor[controlapi.ClockChange](),
		},
		{
			name: "token", about: "Create a token. Steps use it by the name in as.",
			needs: canTokens, takes: reflect.TypeFor[tokenCommand](),
		},
		{
			name: "change", about: "Change the permissions or the expiry of a token. Members that are left out do not change.",
			needs: canTokens, takes: reflect.TypeFor[changeCommand](),
		},
		{
			name: "revoke", about: "Revoke a token, by the name that steps use or its own.",
			needs: canTokens, takes: text,
		},
		{
			name: "snapshot", about: "Save the account's data under this name.",
			needs: canSnapshots, takes: text,
		},
		{
			name: "restore", about: "Restore the snapshot with this name.",
			needs: canSnapshots, takes: text,
		},
		{
			name: "diff", about: "Changes from one snapshot to another, or to the present data, as res.json.",
			needs: canSnapshots, takes: reflect.TypeFor[diffCommand](),
		},
		{
			name: "reset", about: "true restores the data of the start; faults removes all faults.",
			needs: canControl, takes: reflect.TypeFor[any](),
		},
		{
			name: "fixture", about: "Add vaults, items and files in the format of a fixture.",
			needs: canControl, takes: reflect.TypeFor[map[string]any](),
		},
		{
			name: "verify", about: "Requests that the journal must have. A difference is a failure.",
			needs: canJournal, takes: reflect.TypeFor[controlapi.Verification](),
		},
		{
			name: "journal", about: "Entries of the journal, as res.json: entries, matched, dropped.",
			needs: canJournal, takes: reflect.TypeFor[controlapi.JournalQuery](),
		},
		{
			name: "explain", about: "Why the request with this number in the journal was refused, as res.json.",
			needs: canJournal, takes: reflect.TypeFor[uint64](),
		},
	}
}

func commandNames() []string {
	var all []string
	for _, c := range commands() {
		all = append(all, c.name)
	}
	return all
}

// checkMockCommand checks a step that sends a command to a mock.
func (l *loader) checkMockCommand(st *step) {
	l.rejectRequestKeys(st, "mock")
	n := st.Mock
	if n.Kind != yamlsource.Map || len(n.Pairs) == 0 {
		l.fail(n.At, "mock: {faults: [...]}", "a command for the mock is a mapping")
		return
	}
	for _, p := range n.Pairs {
		if !slices.Contains(commandNames(), p.Key) {
			l.fail(p.KeyAt, nearest.Hint(p.Key, commandNames()), "unknown command %q for a mock", p.Key)
		}
	}
	if len(n.Pairs) > 1 {
		l.fail(n.Pairs[1].KeyAt, "use a step for each", "two commands in one step")
	}
	p := n.Pairs[0]
	i := slices.Index(commandNames(), p.Key)
	if i < 0 {
		return
	}
	st.command = commands()[i]
	st.command.node = p.Value
	st.require(st.command.needs)
	l.compileTemplates(p.Value, l.names, st.uses)
	l.checkType(p.Value, st.command.takes)
	l.checkArgument(st, p)
}

// checkArgument checks what the type of an argument does not express.
func (l *loader) checkArgument(st *step, p yamlsource.Pair) {
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
			st.capabilities = []string{canFaults}
		}
	case "token":
		as := n.Get("as")
		if as == nil || as.Kind != yamlsource.Text {
			l.fail(n.At, "token: {as: rotated, name: rotated, permission: read}",
				"a token needs as: the name that steps use for it")
			return
		}
		st.command.as = as.Raw
		st.defines = append(st.defines, as.Raw)
		l.addActor(as.Raw, as.At)
		spec, _ := findState(stateToken)
		l.define(as.Raw, as.At, aToken, memberNames(spec.offers))
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
func (l *loader) markTokenUsed(n *yamlsource.Node, st *step) {
	if n != nil && slices.Contains(l.actors, n.Raw) {
		l.markUsed([]string{n.Raw}, st.uses)
	}
}
