package audit

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Kind is a kind of mistake.
type Kind string

// The kinds, in the order in which a report lists them.
const (
	UnsafeRetry    Kind = "unsafe-retry"
	TokenInAddress Kind = "token-in-address"
	MissingRetry   Kind = "missing-retry"
	EagerRetry     Kind = "eager-retry"
	EndlessRetry   Kind = "endless-retry"
	WrongPath      Kind = "wrong-path"
	Storm          Kind = "storm"
	RepeatedList   Kind = "repeated-list"
	RepeatedRead   Kind = "repeated-read"
	ListNotFilter  Kind = "list-not-filter"
	TokenNotNeeded Kind = "token-not-needed"
)

// facts are what a report says about a kind.
type facts struct {
	kind       Kind
	severity   Severity
	found      string // with {times} or {n} for the count
	inferred   string
	realServer string
	change     string
}

// foundText returns what was seen, with its count.
func (f facts) foundText(count int) string {
	return strings.NewReplacer("{times}", timesText(count), "{n}", strconv.Itoa(count)).Replace(f.found)
}

func timesText(count int) string {
	if count == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", count)
}

// table returns the facts of all kinds in the order of reports. What a real server does is known from these sources: a
// delete that conflicts gets a 500 [R], and so does a file that is not synchronized yet [C]; 502, 503 and 504 come from
// proxies [R 504, G the others]; a 429 is known to clients only [C]; there is no limit of requests but that of 1Password
// for first reads [D]; that a create may be done although its response is lost holds for any HTTP server (RFC 9110,
// section 9.2.2) [D].
func table() []facts {
	const oneClient = "that one client sent all of them: the journal can't tell apart two that share a token"
	return []facts{
		{
			UnsafeRetry, Error, "repeated {times} although the first may have been done, without reading in between",
			"that it was the same change: the journal keeps no bodies, only that the same path followed a failure",
			"It may have done the first and lost the response. A create then makes a second item; " +
				"a PATCH that adds something adds it twice.",
			"After a failure without a clear response read first: list the vault with a filter on the title, or get the " +
				"item, and repeat only what is missing.",
		},
		{
			TokenInAddress, Error, "sent {times} with a token in the path, the query or the user agent",
			"that a hidden part of the path or a parameter with such a name is a token: the journal hides values",
			"It reads a token only from the header Authorization. Proxies and servers write addresses to their logs.",
			"Send the token only as Authorization: Bearer, and issue a new one: this one may be in logs.",
		},
		{
			MissingRetry, Warning, "not repeated, {times}, after a failure that passes",
			"that the client gave up: it may have ended, or would have repeated the request later",
			"Restarts, proxies and first reads of an item fail for a moment (429, 502, 503, 504, a lost connection; 500 when " +
				"deletes conflict or a file is not synchronized yet). The next try succeeds.",
			fmt.Sprintf("Repeat it after a pause that grows, at most %d tries in all.", maxTries),
		},
		{
			EagerRetry, Warning, fmt.Sprintf("repeated {times} with a pause below %v, after a 429 or 503 below %v",
				minPause, minThrottledPause),
			oneClient,
			"It still has the trouble: the tries are used up within milliseconds, and add to the load that causes it.",
			"Wait before each try: 100 ms, then twice as long each time, with some randomness; after a 429 or 503 as long as " +
				"Retry-After says.",
		},
		{
			EndlessRetry, Warning, fmt.Sprintf("{n} failed tries, in rows of more than %d, or of more than %d that were refused",
				maxTries, maxRefusedTries),
			oneClient,
			"It refuses the same request for the same reason each time. A server in trouble gets more load from each client.",
			"Limit the number of tries, and do not repeat what was refused with 400, 401, 403 or 413: report it.",
		},
		{
			WrongPath, Warning, "a valid token sent {times} to a path or with a method that the API does not have",
			"",
			"It responds with 404 or 405. Behind a proxy another program may get the request, and the token with it.",
			"Check the base address: requests go to OP_CONNECT_HOST followed by /v1/...",
		},
		{
			Storm, Warning, "up to {n} requests within a second",
			"",
			"It has no limit of its own, but 1Password limits the first read of each item, and a small container is slow.",
			"Fetch once and keep the result for a while, or send fewer requests at a time.",
		},
		{
			RepeatedList, Warning, fmt.Sprintf("the same list fetched {times} more within %v each, with no write in between",
				repeatWindow),
			"that the response was the same, from its size: the journal keeps no bodies",
			"It sends the whole list each time, and records each request in the activity log.",
			"Keep the list, or the id that was looked up in it, for as long as the work takes.",
		},
		{
			RepeatedRead, Info, fmt.Sprintf("read {times} more within %v each, with no write in between", repeatWindow),
			"that the response was the same, from its size: the journal keeps no bodies",
			"It sends the same item and adds a record to the activity log, as for somebody who used the secret again.",
			"Keep the item in memory for as long as the work takes.",
		},
		{
			ListNotFilter, Info, "listed without a filter {times}, and used one entry of the list",
			"that one entry was looked for, from the only vault or item that the requests after it name",
			"It sends the summaries of the whole list, which grows with the account.",
			`Ask for it: filter=title eq "..." for items, filter=name eq "..." for vaults, or use its id.`,
		},
		{
			TokenNotNeeded, Info, "a token sent {times} to a path that needs none",
			"",
			// That /health initializes is from the changelog of 1.1.0 [D].
			"It does not need the token; only /health uses one, to initialize a new server. Health checks and metrics " +
				"often go over plain HTTP, where others can read it.",
			"Send no Authorization to /heartbeat, /health and /metrics.",
		},
	}
}

// shortestPause returns the shortest pause after a failed try that is not too eager.
func shortestPause(failed *exchange) time.Duration {
	if failed.isThrottled() {
		return minThrottledPause
	}
	return minPause
}
