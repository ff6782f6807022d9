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

// findListsWithoutFilter finds lists of which the client used one entry, by what it requested until the next such list.
func (a *analysis) findListsWithoutFilter() {
	for i, x := range a.all {
		if !x.isList() || !x.isSuccess() || x.isFiltered() {
			continue
		}
		used := map[string]bool{}
		for _, later := range a.all[i+1:] {
			if !later.isSameCaller(x) {
				continue
			}
			if later.Operation == x.Operation && later.vault == x.vault {
				break
			}
			if x.vault == "" && later.vault != "" {
				used[later.vault] = true
			}
			if x.vault != "" && later.vault == x.vault && later.item != "" {
				used[later.item] = true
			}
		}
		smallest := int64(minItemListBytes)
		if x.vault == "" {
			smallest = minVaultListBytes
		}
		if len(used) == 1 && x.Bytes > smallest {
			a.add(ListNotFilter, occurrence{count: 1, at: []*exchange{x}})
		}
	}
}
