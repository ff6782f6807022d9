package audit

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// exchange is a journal entry with what its operation and its path say.
type exchange struct {
	controlapi.Entry
	op          connect.Operation // zero if no route matched
	vault, item string            // of the path, in lower case; empty if it has none
}

func newExchange(e controlapi.Entry) *exchange {
	x := &exchange{Entry: e, op: connect.OperationByID(e.Operation)}
	names, given := strings.Split(x.op.Path, "/"), strings.Split(strings.TrimSuffix(e.Path, "/"), "/")
	if len(names) != len(given) {
		return x
	}
	for i, name := range names {
		switch name {
		case "{vaultUuid}":
			x.vault = strings.ToLower(given[i])
		case "{itemUuid}":
			x.item = strings.ToLower(given[i])
		}
	}
	return x
}

// address returns the method and the path. Segments that are neither words of the API nor ids, and all values of the
// query, are left out: they may be secrets.
func (x *exchange) address() string {
	segments := strings.Split(x.Path, "/")
	for i, segment := range segments {
		if segment != "" && !connect.IsID(segment) && !slices.Contains(apiWords(), segment) {
			segments[i] = "…"
		}
	}
	text := strings.Join(segments, "/")
	if x.Query != "" {
		text += "?…"
	}
	method := x.Method
	if !slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, method) {
		method = "…"
	}
	return method + " " + text
}

// apiWords returns the constant segments of the paths of the API.
func apiWords() (words []string) {
	for _, o := range connect.Operations() {
		for segment := range strings.SplitSeq(o.Path, "/") {
			if segment != "" && !strings.HasPrefix(segment, "{") {
				words = append(words, segment)
			}
		}
	}
	return words
}

func (x *exchange) isSuccess() bool { return x.Status >= 200 && x.Status < 300 }

// isList reports whether the request lists vaults or items.
func (x *exchange) isList() bool { return x.Operation == "GetVaults" || x.Operation == "GetVaultItems" }

// isFiltered reports whether the request has a filter.
func (x *exchange) isFiltered() bool {
	return strings.HasPrefix(x.Query, "filter=") || strings.Contains(x.Query, "&filter=")
}

// isWrite reports whether the request may have changed something.
func (x *exchange) isWrite() bool {
	return x.op.Needs&connect.Write != 0 && (x.isSuccess() || x.mayBeDone())
}

// isOutcomeUnknown reports whether the client can't know if the server has done what was asked: the connection ended,
// or a server or proxy failed on the way. A 503 counts as refused: it says that the request can't be handled now (RFC
// 9110, section 15.6.4) [D]; that no proxy sends one for a request that it has forwarded is a guess [G].
func (x *exchange) isOutcomeUnknown() bool {
	return slices.Contains([]int{0, 408, 500, 502, 504}, x.Status)
}

// mayBeDone reports whether a failed request may have been done. Of a request whose response a fault lost or replaced
// the journal knows that it was done, whatever the status says.
func (x *exchange) mayBeDone() bool { return x.Done || x.isOutcomeUnknown() }

// isThrottled reports whether the server asked to come back later, as if it had done nothing.
func (x *exchange) isThrottled() bool { return x.Status == 429 || x.Status == 503 }

// isTransient reports whether the same request may succeed later.
func (x *exchange) isTransient() bool { return x.isThrottled() || x.isOutcomeUnknown() }

// isSameCaller reports whether two requests have the same token of the same account.
func (x *exchange) isSameCaller(o *exchange) bool {
	return x.Account == o.Account && x.Caller == o.Caller
}

// pauseBefore returns the time from the end of x to the start of next. It is unknown if the clock stood still.
//
// The time of an entry is that of its start, or after the delay of a fault. So after a fault the pause is measured from
// that time, which is before the end: it is never taken for shorter than it was.
func (x *exchange) pauseBefore(next *exchange) (pause time.Duration, known bool) {
	if next.Time.Equal(x.Time) {
		return 0, false
	}
	pause = next.Time.Sub(x.Time)
	if len(x.Faults) == 0 {
		pause -= time.Duration(x.Took)
	}
	return pause, true
}

// sequence is the same request sent several times, in the order of the journal.
type sequence []*exchange

// sequencesOf returns the requests that are the same as far as the journal says: account, token or the reason of its
// refusal, method, path and query. Bodies are unknown. Requests that no route matched are left out.
func sequencesOf(all []*exchange) (sequences []sequence) {
	at := map[string]int{}
	for _, x := range all {
		if x.op.ID == "" {
			continue
		}
		key := strings.Join([]string{
			x.Account, x.Caller, x.Reason, x.Method, strings.TrimSuffix(x.Path, "/"), x.Query,
		}, "\x00")
		i, seen := at[key]
		if !seen {
			i = len(sequences)
			at[key] = i
			sequences = append(sequences, nil)
		}
		sequences[i] = append(sequences[i], x)
	}
	return sequences
}

// callersOf returns the requests of each token of each account.
func callersOf(all []*exchange) (callers [][]*exchange) {
	at := map[[2]string]int{}
	for _, x := range all {
		key := [2]string{x.Account, x.Caller}
		i, seen := at[key]
		if !seen {
			i = len(callers)
			at[key] = i
			callers = append(callers, nil)
		}
		callers[i] = append(callers[i], x)
	}
	return callers
}

// between returns those of a list in the order of the journal that come after one request and before another.
func between(list []*exchange, from, to *exchange) []*exchange {
	byID := func(x *exchange, id uint64) int { return cmp.Compare(x.ID, id) }
	start, _ := slices.BinarySearchFunc(list, from.ID+1, byID)
	end, _ := slices.BinarySearchFunc(list, to.ID, byID)
	return list[start:max(start, end)]
}
