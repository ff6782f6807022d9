package exchange

import (
	"net/http"
	"time"
)

// KeptBody is the maximum number of bytes of a body that an Exchange keeps.
const KeptBody = 64 << 10

// Exchange is one request and its response. Other packages get only copies from [Redact].
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

	basePath    string // path of the base URL, without a slash at its end; URL contains it
	fileContent bool   // the response is the content of a file, which is never shown
	concealed   bool   // concealRequest and concealResponse have been called
	hiddenWhy   string // why RequestBody is a description of the body; "" if it is the body
}

// truncate returns the first KeptBody bytes of a body, in a copy if there are more, so that the whole body can be
// freed.
func truncate(body []byte) []byte {
	if len(body) <= KeptBody {
		return body
	}
	return append([]byte(nil), body[:KeptBody]...)
}
