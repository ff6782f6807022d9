package controlapi

import "time"

// Entry is one request and its response in the journal. It contains no token, no body and no value of a field.
type Entry struct {
	ID        uint64    `json:"id"`                // from 1, without gaps, per server
	Time      time.Time `json:"time"`              // by the account's clock
	Account   string    `json:"account,omitempty"` // id; empty without a valid token
	Caller    string    `json:"caller,omitempty"`  // the name of the token; empty without a valid one
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	Query     string    `json:"query,omitempty"`
	Operation string    `json:"operation,omitempty"` // empty if no route matched
	Status    int       `json:"status"`              // 0: none was sent
	Message   string    `json:"message,omitempty"`   // of an error, as the client got it
	Reason    string    `json:"reason,omitempty"`    // of a 401; the client does not see it
	Bytes     int64     `json:"bytes"`               // of the response body
	Took      Duration  `json:"took"`                // from the start of the request to the end of the response
	UserAgent string    `json:"userAgent,omitempty"`
	Faults    []string  `json:"faults,omitempty"` // those that applied
	// Done is true if the request was done and a fault kept its response from the client, or replaced it.
	Done bool `json:"done,omitempty"`
}

// Exchange is what a request and its response were made of, without tokens and without the values that Connect
// conceals. Only a mock that keeps bodies has it.
type Exchange struct {
	ID       uint64  `json:"id"` // of the entry
	Request  Message `json:"request"`
	Response Message `json:"response"`
}

// Message is a request or a response.
type Message struct {
	Headers map[string]string `json:"headers,omitempty"`
	Body    string            `json:"body,omitempty"`
	Cut     bool              `json:"cut,omitempty"`    // the body is longer
	Hidden  string            `json:"hidden,omitempty"` // why the body is not here
}

// JournalQuery selects entries. Zero members select all, so the zero value selects the newest 100 of all accounts.
type JournalQuery struct {
	Account   string    `json:"account,omitempty"`   // id or name
	Operation string    `json:"operation,omitempty"` // operationId
	Status    string    `json:"status,omitempty"`    // "404", "4xx", "404,409"
	Caller    string    `json:"caller,omitempty"`    // name of the token
	Fault     string    `json:"fault,omitempty"`     // name of a fault that applied
	Since     time.Time `json:"since,omitzero"`      // entries from this time on, by the account's clock
	Until     time.Time `json:"until,omitzero"`      // entries before this time
	After     uint64    `json:"after,omitempty"`     // entries with a greater ID
	Limit     int       `json:"limit,omitempty"`     // at most this many, the newest; 0: 100
}

// Journal is a page of the journal, oldest first.
type Journal struct {
	Entries []Entry `json:"entries"`
	Matched int     `json:"matched"` // number of matching entries in the journal
	Dropped uint64  `json:"dropped"` // entries that were removed; if not 0, counts may be too low
}

// Verification says which requests are expected in the journal. The zero value expects nothing.
type Verification struct {
	Account string        `json:"account,omitempty"` // id or name; empty: all
	After   uint64        `json:"after,omitempty"`   // only entries with a greater ID
	Expect  []Expectation `json:"expect,omitempty"`
	InOrder bool          `json:"inOrder,omitempty"` // the first entry of each expectation comes before that of the next
	Only    bool          `json:"only,omitempty"`    // there are no other requests
}

// Expectation counts the entries that match Operation, Status, Caller and Fault; empty ones match all. Without Count,
// Min and Max it expects at least one.
type Expectation struct {
	Operation string `json:"operation,omitempty"`
	Status    string `json:"status,omitempty"`
	Caller    string `json:"caller,omitempty"`
	Fault     string `json:"fault,omitempty"`
	Count     *int   `json:"count,omitempty"` // exactly
	Min       *int   `json:"min,omitempty"`
	Max       *int   `json:"max,omitempty"`
}

// VerifyResult is the result of a Verification.
type VerifyResult struct {
	OK       bool     `json:"ok"`
	Problems []string `json:"problems,omitempty"` // each with what was found instead
}

// Explanation says why a request was rejected, and what was probably meant.
type Explanation struct {
	Entry Entry `json:"entry"`
	// Check is the check that rejected the request: "authenticate", "address", "authorize", "body", "handle", "route" or
	// "fault"; "" if none did.
	Check string   `json:"check"`
	Rule  string   `json:"rule,omitempty"` // the member and the rule it violates
	Near  []string `json:"near,omitempty"` // the closest vault, item, operation, in words
	// Evidence says how the text of the response is known, as "R terraform 24". "" for texts that users chose.
	Evidence string `json:"evidence,omitempty"`
}
