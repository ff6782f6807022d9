package encode

import "github.com/connectmock/connectmock/openapi/connect"

// MaxPageBytes bounds a page of the activity log. A page ends with the first record that makes it larger [G].
const MaxPageBytes = 8 << 20

// RecordBytes is about how many bytes an encoded activity record takes.
const RecordBytes = 440

// Activity returns an encoded page of the activity log, and how many of the records are in it. It changes the records.
func (e *Encoder) Activity(page []connect.Activity) (body []byte, n int) {
	for i := range page {
		page[i].Actor.RequestIP = page[i].Actor.IP // records of a fixture have only the one
		if e.Quirks.NoIP {
			page[i].Actor.IP = ""
		}
		if e.Quirks.NoRequestIP {
			page[i].Actor.RequestIP = ""
		}
	}
	body, n = activityJSON(page)
	return e.withKeyCase(body), n
}

func activityJSON(page []connect.Activity) (body []byte, n int) {
	body = append(make([]byte, 0, min(2+RecordBytes*len(page), MaxPageBytes)), '[')
	for i := range page {
		if len(body) > MaxPageBytes {
			return append(body, ']'), i
		}
		if i > 0 {
			body = append(body, ',')
		}
		body = page[i].AppendJSON(body)
	}
	return append(body, ']'), len(page)
}
