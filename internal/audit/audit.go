// Package audit finds mistakes of a client in the journal of a mock: retries that are unsafe, missing or too eager,
// requests that were not needed, tokens in the wrong place. It also derives the narrowest permissions that the client
// could have done its work with.
//
// The package does not know HTTP, the store, or how a report is shown. It reads journal entries, which have no bodies
// and no tokens; a finding says what it infers. Nothing it returns contains a token, a filter or a value of an item.
package audit

import (
	"cmp"
	"slices"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// maxExamples is how many requests a finding names.
const maxExamples = 5

// Severity says how much a finding matters.
type Severity string

// The severities, from the highest.
const (
	Error   Severity = "error"   // data may be duplicated, or a token revealed
	Warning Severity = "warning" // the client will fail, or burden a server, when a real server has trouble
	Info    Severity = "info"    // the work can be done with fewer requests
)

// Severities returns all severities, from the lowest.
func Severities() []Severity { return []Severity{Info, Warning, Error} }

// IsAtLeast reports whether s is as high as least or higher.
func (s Severity) IsAtLeast(least Severity) bool {
	all := Severities()
	return slices.Index(all, s) >= slices.Index(all, least)
}

// Report is the result of an audit.
type Report struct {
	Requests int       `json:"requests"` // number of entries that were read
	Dropped  uint64    `json:"dropped"`  // entries that the journal no longer had; if not 0, findings may be missing
	Findings []Finding `json:"findings"` // the most severe first
	Needs    []Need    `json:"needs"`    // by name of the token
	// Unmeasured is the number of retries whose pause is unknown, because the clock of the account stood still.
	Unmeasured int `json:"unmeasured"`
}

// Finding is a mistake, with all its occurrences in requests of one operation and one token.
type Finding struct {
	Kind       Kind     `json:"kind"`
	Severity   Severity `json:"severity"`
	Token      string   `json:"token,omitempty"`     // name; empty: no valid token
	Operation  string   `json:"operation,omitempty"` // operationId; empty: several, or none of the API
	Request    string   `json:"request"`             // method and path of the first example, without values
	Count      int      `json:"count"`               // what it counts is in Found
	Examples   []uint64 `json:"examples"`            // ids of journal entries, at most five
	Found      string   `json:"found"`               // what was seen
	Inferred   string   `json:"inferred,omitempty"`  // what the journal does not say and was inferred
	RealServer string   `json:"realServer"`          // what a real server would do
	Change     string   `json:"change"`              // what to change in the client
}

// Highest returns the highest severity of the findings, "" if there are none.
func (r *Report) Highest() Severity {
	if len(r.Findings) == 0 {
		return ""
	}
	return r.Findings[0].Severity
}

// Analyze returns the report on a page of the journal. Entries must be in the order of their ids. vaultNames are the
// names of vaults by id, as far as they are known; it may be nil, because the journal does not have them.
func Analyze(page controlapi.Journal, vaultNames map[string]string) *Report {
	a := &analysis{kinds: table(), report: &Report{
		Requests: len(page.Entries), Dropped: page.Dropped, Findings: []Finding{}, Needs: []Need{},
	}}
	for _, e := range page.Entries {
		x := newExchange(e)
		a.all = append(a.all, x)
		if x.isWrite() {
			a.writes = append(a.writes, x)
		}
	}
	a.sequences, a.callers = sequencesOf(a.all), callersOf(a.all)
	a.findRetries()
	a.findRepeatedReads()
	a.findListsWithoutFilter()
	a.findStorms()
	a.findMisplacedTokens()
	a.sortFindings()
	a.report.Needs = needsOf(a.all, vaultNames)
	return a.report
}

// analysis is the state of one audit.
type analysis struct {
	all       []*exchange
	writes    []*exchange // those of all that may have changed something
	sequences []sequence  // of the same request
	callers   [][]*exchange
	kinds     []facts
	report    *Report
	done      []int // by finding: how many of the failed requests the journal knows to have been done
}

// facts returns what a report says about a kind, and its place in the order of kinds.
func (a *analysis) facts(kind Kind) (about facts, order int) {
	order = slices.IndexFunc(a.kinds, func(f facts) bool { return f.kind == kind })
	return a.kinds[order], order
}

// occurrence is one occurrence of a mistake.
type occurrence struct {
	severity Severity // "": that of the kind
	count    int
	done     int         // of count, those whose first request was done, as the journal knows
	at       []*exchange // the requests that show it, at least one
}

// add adds an occurrence to the finding of its kind, token and operation, which it creates if there is none yet.
func (a *analysis) add(kind Kind, o occurrence) {
	first := o.at[0]
	about, _ := a.facts(kind)
	severity, operation := cmp.Or(o.severity, about.severity), first.op.ID
	if kind == Storm {
		operation = "" // of all operations
	}
	i := slices.IndexFunc(a.report.Findings, func(f Finding) bool {
		return f.Kind == kind && f.Severity == severity && f.Token == first.Caller && f.Operation == operation
	})
	if i < 0 {
		i = len(a.report.Findings)
		a.done = append(a.done, 0)
		a.report.Findings = append(a.report.Findings, Finding{
			Kind: kind, Severity: severity, Token: first.Caller, Operation: operation, Request: first.address(),
			Inferred: about.inferred, RealServer: about.realServer, Change: about.change,
		})
	}
	f := &a.report.Findings[i]
	a.done[i] += o.done
	if kind == Storm {
		f.Count = max(f.Count, o.count)
	} else {
		f.Count += o.count
	}
	for _, e := range o.at {
		if len(f.Examples) < maxExamples && !slices.Contains(f.Examples, e.ID) {
			f.Examples = append(f.Examples, e.ID)
		}
	}
}

// sortFindings completes the findings and sorts them: by severity, kind and first example.
func (a *analysis) sortFindings() {
	findings, severities := a.report.Findings, Severities()
	for i := range findings {
		about, _ := a.facts(findings[i].Kind)
		findings[i].Found = about.foundText(findings[i].Count)
		if a.done[i] > 0 {
			findings[i].Found += "; the journal says that it was done " + timesText(a.done[i])
		}
	}
	slices.SortStableFunc(findings, func(x, y Finding) int {
		_, orderX := a.facts(x.Kind)
		_, orderY := a.facts(y.Kind)
		return cmp.Or(
			slices.Index(severities, y.Severity)-slices.Index(severities, x.Severity),
			cmp.Compare(orderX, orderY),
			cmp.Compare(x.Examples[0], y.Examples[0]),
		)
	})
}
