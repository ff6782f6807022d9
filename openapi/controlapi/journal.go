package controlapi

import "time"

// Entry is one exchange of the journal: no token, no body, no value of a field.
type Entry struct {
	ID        uint64    `json:"id"`   // from 1, dense over the server's life
	Time      time.Time `json:"time"` // by the account's clock
	Account   string    `json:"account,omitempty"`
	Caller    string    `json:"caller,omitempty"` // the token's name; empty where there was no good one
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	Query     string    `json:"query,omitempty"`
	Operation string    `json:"operation,omitempty"` // empty where no route matched
	Status    int       `json:"status"`              // 0: none was sent
	Message   string    `json:"message,omitempty"`   // of an error, as the client got it
	Reason    string    `json:"reason,omitempty"`    // of a 401, which the client is not told
	Bytes     int64     `json:"bytes"`
	Took      Duration  `json:"took"`
	UserAgent string    `json:"userAgent,omitempty"`
	Faults    []string  `json:"faults,omitempty"` // that struck
}

// JournalQuery selects entries; zero members select all.
type JournalQuery struct {
	Account   string    `json:"account,omitempty"`
	Operation string    `json:"operation,omitempty"`
	Status    string    `json:"status,omitempty"` // "404", "4xx", "404,409"
	Caller    string    `json:"caller,omitempty"`
	Fault     string    `json:"fault,omitempty"`
	Since     time.Time `json:"since,omitzero"`
	Until     time.Time `json:"until,omitzero"`
	After     uint64    `json:"after,omitempty"` // entries with a greater ID
	Limit     int       `json:"limit,omitempty"` // the newest so many; 0: 100
}

// Journal is a page of the journal, oldest first.
type Journal struct {
	Entries []Entry `json:"entries"`
	Matched int     `json:"matched"` // of those kept
	Dropped uint64  `json:"dropped"` // entries that are kept no more: a count may be too low
}

// Verification says what should have happened.
type Verification struct {
	Account string        `json:"account,omitempty"`
	After   uint64        `json:"after,omitempty"`
	Expect  []Expectation `json:"expect,omitempty"`
	InOrder bool          `json:"inOrder,omitempty"` // the first exchange of each stands before that of the next
	Only    bool          `json:"only,omitempty"`    // nothing else happened
}

// Expectation counts exchanges. Without a count: at least one.
type Expectation struct {
	Operation string `json:"operation,omitempty"`
	Status    string `json:"status,omitempty"`
	Caller    string `json:"caller,omitempty"`
	Fault     string `json:"fault,omitempty"`
	Count     *int   `json:"count,omitempty"` // exactly
	Min       *int   `json:"min,omitempty"`
	Max       *int   `json:"max,omitempty"`
}

// VerifyResult is what a verification came to.
type VerifyResult struct {
	OK       bool     `json:"ok"`
	Problems []string `json:"problems,omitempty"` // each with what was seen instead
}

// Explanation is why a request was answered 4xx, and what may have been meant.
type Explanation struct {
	Entry Entry    `json:"entry"`
	Check string   `json:"check"`          // the check that refused: "authenticate", "address", "authorize", "body", "handle", "route", "fault"; "" where none did
	Rule  string   `json:"rule,omitempty"` // the member and the rule it broke
	Near  []string `json:"near,omitempty"` // the closest vault, item, operation, in words
}
