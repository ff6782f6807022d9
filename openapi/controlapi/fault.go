package controlapi

import "encoding/json"

// Fault is something that goes wrong on purpose. It strikes requests that match
// all of its first part, as often as its second part says, in the one way of
// its third.
type Fault struct {
	Name string `json:"name,omitempty"` // unique; empty: one is made up

	// Which requests. Zero members match all; only the operations /heartbeat and
	// /metrics must be named.
	Operations []string `json:"operations,omitempty"` // operationIds
	Operation  string   `json:"operation,omitempty"`  // short for one of Operations
	Account    string   `json:"account,omitempty"`    // id
	Vault      string   `json:"vault,omitempty"`      // id or name
	Token      string   `json:"token,omitempty"`      // name or id

	// How often.
	Nth        int     `json:"nth,omitempty"`        // only that matching request, from 1
	After      int     `json:"after,omitempty"`      // not the first so many
	Times      int     `json:"times,omitempty"`      // at most so often; 0: without end
	Percentage float64 `json:"percentage,omitempty"` // of the rest, drawn from Seed; 0: all
	Seed       uint64  `json:"seed,omitempty"`
	Per        string  `json:"per,omitempty"` // "token": Nth, After and Times count for each token

	// In which way: a Preset, or at least one of the others.
	Preset      string            `json:"preset,omitempty"`
	Delay       *Delay            `json:"delay,omitempty"`       // before anything is done
	Abort       *Abort            `json:"abort,omitempty"`       // this answer instead; nothing is done. Later faults that abort do not count the request
	Headers     map[string]string `json:"headers,omitempty"`     // added to the answer, in place of those of that name
	DropHeaders []string          `json:"dropHeaders,omitempty"` // left out of the answer
	ContentType string            `json:"contentType,omitempty"` // in place of the answer's
	Connection  string            `json:"connection,omitempty"`  // "reset": after the request was done, or not with Abort, the connection is reset, with Truncate within the body; "empty": closed without an answer
	Truncate    *int64            `json:"truncate,omitempty"`    // bytes of the body sent before the connection closes; negative: counted from the end
	Drip        *Drip             `json:"drip,omitempty"`        // the body comes slowly
	MalformJSON bool              `json:"malformJson,omitempty"` // the body is cut within and no JSON any more, its length is right
	Lag         Duration          `json:"lag,omitzero"`          // what is written is not seen by reads for so long, by the account's clock. Alone it counts writes only
	Sync        string            `json:"sync,omitempty"`        // "down": /health tells, writes fail, reads show what was known when the fault was added

	// What became of it; only in answers.
	Matched int `json:"matched,omitempty"` // requests that matched
	Struck  int `json:"struck,omitempty"`  // of which it struck
}

// Delay is how long a request waits. Exactly one distribution.
type Delay struct {
	Fixed     Duration   `json:"fixed,omitzero"`
	Uniform   *Uniform   `json:"uniform,omitempty"`
	LogNormal *LogNormal `json:"logNormal,omitempty"`
}

// Uniform draws from Min to Max.
type Uniform struct {
	Min Duration `json:"min"`
	Max Duration `json:"max"`
}

// LogNormal has the median, and the standard deviation of the logarithm.
type LogNormal struct {
	Median Duration `json:"median"`
	Sigma  float64  `json:"sigma"`
}

// UnmarshalJSON also reads a bare "200ms" for Fixed.
func (d *Delay) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &d.Fixed)
	}
	type plain Delay
	return strict(data, (*plain)(d))
}

// Abort is an answer. Without a Body it is Connect's own error of that Status,
// with Message or the text such a status usually has. In Message {verb} (read,
// create, update, delete), {vault}, {item} and {file} stand for the request's,
// {title} for the title of its item.
type Abort struct {
	Status  int     `json:"status"`
	Message string  `json:"message,omitempty"`
	Body    *string `json:"body,omitempty"` // sent as it is, as application/json unless ContentType says else
}

// UnmarshalJSON also reads a bare status.
func (a *Abort) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] != '{' {
		return json.Unmarshal(data, &a.Status)
	}
	type plain Abort
	return strict(data, (*plain)(a))
}

// Drip sends Bytes, waits Every, and so on.
type Drip struct {
	Bytes int      `json:"bytes,omitempty"` // 0: 1
	Every Duration `json:"every"`
}

// Preset is a fault with a name and a source: a mood of real servers.
type Preset struct {
	Name     string `json:"name"`
	About    string `json:"about"`
	Evidence string `json:"evidence"`
	Finds    string `json:"finds"` // the client's mistake that it brings to light
	Fault    Fault  `json:"fault"` // what it is made of; its members can be overridden beside "preset"
}
