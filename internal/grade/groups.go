package grade

import "github.com/connectmock/connectmock/internal/mutants"

// Group has results with one text: of the same mistake of a client, or the same reason.
type Group struct {
	Text    string
	Mutants []mutants.Mutant
}

// ByBug groups the results in a state by the mistake that a client can have.
func (r *Report) ByBug(s State) []Group {
	return r.groups(s, func(x Result) string { return x.Mutant.ClientBug() })
}

// ByReason groups the results in a state by reason.
func (r *Report) ByReason(s State) []Group {
	return r.groups(s, func(x Result) string { return x.Reason })
}

// ByKind groups the results in a state by kind of the mutant.
func (r *Report) ByKind(s State) []Group {
	return r.groups(s, func(x Result) string { return string(x.Mutant.Kind) })
}

// groups groups the results in a state by a text, in the order in which they come.
func (r *Report) groups(s State, text func(Result) string) (groups []Group) {
	index := map[string]int{}
	for _, x := range r.ByState(s) {
		key := text(x)
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, Group{Text: key})
		}
		groups[i].Mutants = append(groups[i].Mutants, x.Mutant)
	}
	return groups
}
