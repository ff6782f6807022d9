package exchange

import (
	"net/http"
	"time"
)

// KeptBody is how many bytes of a body an Exchange keeps.
const KeptBody = 64 << 10

// Exchange is one request and what came back. What leaves this package is a
// copy from Redactor.Exchange, never the original.
type Exchange struct {
	Operation      string // operationId; "" if the document has no such route
	Method         string
	URL            string // without user and password
	RequestHeader  http.Header
	RequestBody    []byte // the first KeptBody bytes
	RequestSize    int64  // bytes sent
	RequestCut     bool   // RequestBody is only the beginning
	Status         int    // 0: no answer
	ResponseHeader http.Header
	ResponseBody   []byte // the first KeptBody bytes
	ResponseSize   int64  // bytes received
	ResponseCut    bool
	Began          time.Time
	Took           time.Duration
	Err            error    // why there is no answer; nil if there is one
	Violations     []string // what of the answer breaks the document, without values

	base      string // path of the base URL, part of URL, no slash at its end
	opaque    bool   // the response is the content of a file: never shown
	concealed bool   // the bodies are as conceal left them
	hidden    string // why RequestBody is a description instead of what was sent; "" where it is not
}

// kept is the beginning of a body, in memory of its own if that saves any.
func kept(body []byte) []byte {
	if len(body) <= KeptBody {
		return body
	}
	return append([]byte(nil), body[:KeptBody]...)
}
