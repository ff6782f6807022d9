package exchange

import (
	"net/http"
	"time"
)

// KeptBody is how many bytes of a body an Exchange keeps.
const KeptBody = 64 << 10

// Exchange is one request and its response. What leaves this package is a copy
// made by Redact, never the original.
type Exchange struct {
	Operation      string // operationId; "" if the document has no such route
	Method         string
	URL            string // without user and password
	RequestHeader  http.Header
	RequestBody    []byte // the first KeptBody bytes
	RequestSize    int64  // bytes sent
	RequestCut     bool   // RequestBody is only the beginning
	Status         int    // 0: no response
	ResponseHeader http.Header
	ResponseBody   []byte // the first KeptBody bytes
	ResponseSize   int64  // bytes received
	ResponseCut    bool   // ResponseBody is only the beginning
	Began          time.Time
	Took           time.Duration
	Err            error    // why there is no response; nil if there is one
	Violations     []string // where the response breaks the document, without values

	base      string // path of the base URL, part of URL, no slash at its end
	opaque    bool   // the response is the content of a file: never shown
	concealed bool   // concealRequest and concealResponse have been called
	hidden    string // why RequestBody is a description of the body; "" if it is not
}

// truncate returns the first KeptBody bytes of a body. A part is copied, so that
// the whole body can be freed.
func truncate(body []byte) []byte {
	if len(body) <= KeptBody {
		return body
	}
	return append([]byte(nil), body[:KeptBody]...)
}
