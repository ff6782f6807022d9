package controlapi

import "encoding/json"

// Fault makes requests fail on purpose. The first group of members says which requests match, the second how often the
// fault applies to them, the third what it does.
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
	After      int     `json:"after,omitempty"`      // not the first matching requests, this many
	Times      int     `json:"times,omitempty"`      // at most this often; 0: no limit
	Percentage float64 `json:"percentage,omitempty"` // of the rest, chosen at random from Seed; 0: all
	Seed       uint64  `json:"seed,omitempty"`
	Per        string  `json:"per,omitempty"` // "token": Nth, After and Times count for each token

	// What it does: a Preset, or at least one of the others.
	Preset      string            `json:"preset,omitempty"`
	Delay       *Delay            `json:"delay,omitempty"`       // before the request is handled
	Abort       *Abort            `json:"abort,omitempty"`       // this response instead; the request is not handled. Later faults that abort do not count it
	Headers     map[string]string `json:"headers,omitempty"`     // added to the response, replacing headers with the same name
	DropHeaders []string          `json:"dropHeaders,omitempty"` // removed from the response
	ContentType string            `json:"contentType,omitempty"` // replaces that of the response
	Connection  string            `json:"connection,omitempty"`  // "reset": the connection is reset after the request was handled (with Abort it is not handled; with Truncate within the body); "empty": closed without a response
	Truncate    *int64            `json:"truncate,omitempty"`    // bytes of the body sent before the connection closes; negative: counted from the end
	Drip        *Drip             `json:"drip,omitempty"`        // the body is sent slowly
	MalformJSON bool              `json:"malformJson,omitempty"` // the body is cut so that it is invalid JSON, with a correct length
	Lag         Duration          `json:"lag,omitzero"`          // reads do not see writes for this long, by the account's clock. A fault with only Lag counts only writes
	Sync        string            `json:"sync,omitempty"`        // "down": /health reports it, writes fail, reads return the data from when the fault was added

	// Counters; only in responses.
	Matched int `json:"matched,omitempty"` // requests that matched
	Struck  int `json:"struck,omitempty"`  // of these, requests that it applied to
}

// Delay is how long a request waits. Set exactly one distribution.
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

// LogNormal is a log-normal distribution, with its median and the standard deviation of the logarithm.
type LogNormal struct {
	Median Duration `json:"median"`
	Sigma  float64  `json:"sigma"`
}

// UnmarshalJSON decodes an object, or just "200ms" for Fixed.
func (d *Delay) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &d.Fixed)
	}
	type plain Delay
	return strict(data, (*plain)(d))
}

// Abort is a response. Without a Body it is an error as Connect sends it, with Status and Message; without Message it
// has the usual text of the status. In Message, {verb} (read, create, update, delete), {vault}, {item} and {file}
// stand for those of the request, {title} for the title of its item.
type Abort struct {
	Status  int     `json:"status"`
	Message string  `json:"message,omitempty"`
	Body    *string `json:"body,omitempty"` // sent unchanged, as application/json unless ContentType is set
}

// UnmarshalJSON decodes an object or just a status.
func (a *Abort) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] != '{' {
		return json.Unmarshal(data, &a.Status)
	}
	type plain Abort
	return strict(data, (*plain)(a))
}

// Drip sends a body slowly: Bytes, then a pause of Every, and so on.
type Drip struct {
	Bytes int      `json:"bytes,omitempty"` // 0: 1
	Every Duration `json:"every"`
}

// Preset is a named fault that real servers are known to show, with its source.
type Preset struct {
	Name     string `json:"name"`
	About    string `json:"about"`
	Evidence string `json:"evidence"`
	Finds    string `json:"finds"` // the mistake of a client that it reveals
	Fault    Fault  `json:"fault"` // its definition; members beside "preset" override it
}
