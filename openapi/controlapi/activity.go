package controlapi

import "time"

// ActivityQuery selects records of the activity log of an account, newest first. The zero value selects the newest 50
// of the first account.
type ActivityQuery struct {
	Account string // id or name; empty: the first
	Action  string // "READ", "CREATE", "UPDATE", "DELETE"; empty: any
	Token   string // name or id; empty: any
	Offset  int    // number of records of the log to skip, whether they are selected or not
	Limit   int    // at most this many, up to 1000; 0: 50
}

// ActivityPage is a part of the activity log.
type ActivityPage struct {
	Records []ActivityRecord
	Total   int // records in the log, of those that are kept
	Next    int // Offset of the following page; 0: there is none
}

// ActivityRecord is a record of the activity log, with the names that its ids have now.
type ActivityRecord struct {
	ID        string
	Time      time.Time
	Action    string // "READ", "CREATE", "UPDATE", "DELETE"
	Result    string // "SUCCESS", "DENY"
	Type      string // of the resource: "VAULT", "ITEM"; empty for some denied requests
	Vault     VaultRef
	Item      string // id; empty: none
	Title     string // of the item; empty: it does not exist any more
	Version   int    // of the item; 0: none
	Token     string // id of the token
	TokenName string // empty: it does not exist any more
	IP        string
	UserAgent string
}
