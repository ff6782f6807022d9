package audit

import (
	"slices"

	"github.com/connectmock/connectmock/openapi/connect"
)

// findRepeatedReads finds responses that the client had already.
func (a *analysis) findRepeatedReads() {
	for _, s := range a.sequences {
		first := s[0]
		if first.op.Action != connect.ActionRead {
			continue
		}
		var repeated []*exchange
		for i, x := range s[1:] {
			if a.isKnownResponse(s[i], x) {
				repeated = append(repeated, x)
			}
		}
		if len(repeated) < minRepeats {
			continue
		}
		kind := RepeatedRead
		if first.isList() {
			kind = RepeatedList
		}
		a.add(kind, occurrence{count: len(repeated), at: repeated})
	}
}

// isKnownResponse reports whether the response to next was the same as that to x a short time before, and nothing was
// written in between that could have changed it.
func (a *analysis) isKnownResponse(x, next *exchange) bool {
	if !x.isSuccess() || next.Status != x.Status || next.Bytes != x.Bytes {
		return false
	}
	pause, known := x.pauseBefore(next)
	if known && (pause < 0 || pause > repeatWindow) { // concurrent, or polling
		return false
	}
	return !slices.ContainsFunc(between(a.writes, x, next), func(w *exchange) bool {
		return w.Account == x.Account && (x.vault == "" || w.vault == x.vault)
	})
}

// findListsWithoutFilter finds lists of which the client used one entry.
func (a *analysis) findListsWithoutFilter() {
	for _, requests := range a.callers {
		for i, x := range requests {
			if x.isList() && x.isSuccess() && !x.isFiltered() && x.isLongList() && x.entriesUsed(requests[i+1:]) == 1 {
				a.add(ListNotFilter, occurrence{count: 1, at: []*exchange{x}})
			}
		}
	}
}

// isLongList reports whether a list is long enough for a filter to save something.
func (x *exchange) isLongList() bool {
	if x.Operation == "GetVaults" {
		return x.Bytes > minVaultListBytes
	}
	return x.Bytes > minItemListBytes
}

// entriesUsed returns how many vaults or items of a list later requests of the client name, until it lists them again.
func (x *exchange) entriesUsed(later []*exchange) int {
	used := map[string]bool{}
	for _, next := range later {
		switch {
		case next.Operation == x.Operation && next.vault == x.vault:
			return len(used)
		case x.vault == "" && next.vault != "":
			used[next.vault] = true
		case x.vault != "" && next.vault == x.vault && next.item != "":
			used[next.item] = true
		}
	}
	return len(used)
}
