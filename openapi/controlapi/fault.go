package controlapi

import "encoding/json"

// Fault makes requests fail on purpose. The first group of members says which requests match, the second how often the
// fault applies to them, the third what it does. The zero value does nothing, which a mock rejects.
type Fault struct {
	Name string `json:"name,omitempty"` // unique; empty: the mock chooses one

	// Which requests match. Zero members match all, except for /heartbeat and /metrics, which must be named.
	Operations []string `json:"operations,omitempty"` // operationIds
	Operation  string   `json:"operation,omitempty"`  // short for one of Operations
	Account    string   `json:"account,omitempty"`    // id
	Vault      string   `json:"vault,omitempty"`      // id or name
	Token      string   `json:"token,omitempty"`      // name or id

	// How often.
	Nth        int     `json:"nth,omitempty"`        // only this matching request, from 1
	After      int     `json:"after,omitempty"`      // skip this many matching requests
	Times      int     `json:"times,omitempty"`      // at most this often; 0: no limit
	Percentage float64 `json:"percentage,omitempty"` // of the remaining requests, from 0 to 100, chosen at random; 0: all
	Seed       uint64  `json:"seed,omitempty"`       // of the random choices for Percentage and Delay
	Per        string  `json:"per,omitempty"`        // "token": Nth, After and Times count for each token

	// What it does: a Preset, or at least one of the others.
	Preset string `json:"preset,omitempty"` // its members are overridden by those that are set here
	// Phase says when Delay, Abort and Connection act. "before" the request is handled: Abort and Connection then end it,
	// and nothing is done. "after": the request is done, with its activity record, and only then fails. Empty is "before",
	// except that a Connection without Abort closes after the request was handled. The other members have no phase.
	Phase string `json:"phase,omitempty"`
	// Delay is waited for before the request is handled, or before its response is sent.
	Delay *Delay `json:"delay,omitempty"`
	// Abort is sent as the response; see Phase for whether the request is handled. Later faults with Abort do not count it.
	Abort       *Abort            `json:"abort,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`     // added to the response; replace others of the same name
	DropHeaders []string          `json:"dropHeaders,omitempty"` // removed from the response
	ContentType string            `json:"contentType,omitempty"` // replaces that of the response
	// Connection is "reset": the connection is reset instead of a response (with Truncate within the body); or "empty": it
	// is closed without a response. See Phase for whether the request is handled.
	Connection string `json:"connection,omitempty"`
	// Truncate is the number of bytes of the body that are sent before the connection closes. A negative number counts
	// from the end.
	Truncate *int64 `json:"truncate,omitempty"`
	Drip     *Drip  `json:"drip,omitempty"` // the body is sent slowly
	// MalformJSON cuts the body so that it is invalid JSON. Its Content-Length is correct.
	MalformJSON bool `json:"malformJson,omitempty"`
	// Lag is how long reads do not see writes, by the account's clock. A fault with only Lag counts only writes.
	Lag Duration `json:"lag,omitzero"`
	// Sync is "down": /health reports it, writes fail, and reads return the data from when the fault was added.
	Sync string `json:"sync,omitempty"`

	// Counters; only in responses.
	Matched int `json:"matched,omitempty"` // requests that matched
	Struck  int `json:"struck,omitempty"`  // of these, requests that it applied to
}

// Delay is how long a request waits. Exactly one distribution must be set, so the zero value is invalid.
type Delay struct {
	Fixed     Duration   `json:"fixed,omitzero"`
	Uniform   *Uniform   `json:"uniform,omitempty"`
	LogNormal *LogNormal `json:"logNormal,omitempty"`
}

// Uniform is a uniform distribution from Min to Max.
type Uniform struct {
	Min Duration `json:"min"`
	Max Duration `json:"max"`
}

// LogNormal is a log-normal distribution. Sigma is the standard deviation of the natural logarithm.
type LogNormal struct {
	Median Duration `json:"median"`
	Sigma  float64  `json:"sigma"`
}

// Abort is a response. Status is required, from 200 to 599. Without a Body it is an error as Connect sends it, with
// Status and Message; without Message it has the text that Connect sends with the status. In Message, {verb} (read,
// create, update, delete), {vault}, {item} and {file} stand for those of the request, {title} for the title of its
// item.
type Abort struct {
	Status  int     `json:"status"`
	Message string  `json:"message,omitempty"`
	Body    *string `json:"body,omitempty"` // sent unchanged, as application/json unless ContentType is set
}

// UnmarshalJSON decodes an object, or a number for Status.
func (a *Abort) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] != '{' {
		return json.Unmarshal(data, &a.Status)
	}
	type plain Abort
	return decodeStrict(data, (*plain)(a))
}

// Drip sends a body slowly: Bytes, a pause of Every, Bytes again, and so on.
type Drip struct {
	Bytes int      `json:"bytes,omitempty"` // 0: 1
	Every Duration `json:"every"`           // required
}

// Preset is a named fault that real servers are known to show, with its source.
type Preset struct {
	Name     string `json:"name"`
	About    string `json:"about"`    // what a client sees
	Evidence string `json:"evidence"` // how it is known that real servers do this
	Finds    string `json:"finds"`    // the mistake of a client that it reveals
	Fault    Fault  `json:"fault"`    // its definition; members beside "preset" override it
}
