package api

import (
	"strconv"

	"github.com/connectmock/connectmock/openapi/connect"
)

// defaultPage is how many records a page of the activity log has without a limit [D].
const defaultPage = 50

// listActivity returns a page of the account's log. Content-Range says which part of how many it is: of the records
// that are kept, so that a total that reached its bound stays, and an offset beyond it finds nothing [G]. Reading the
// log adds nothing to it [T]. A page without records is "0-0/total" [G].
func listActivity(h *Handler, c *call) (response, error) {
	limit, err := wholeNumber(c.query("limit"), "limit", defaultPage)
	if err != nil {
		return response{}, err
	}
	offset, err := wholeNumber(c.query("offset"), "offset", 0)
	if err != nil {
		return response{}, err
	}
	page, err := h.backend.Vaults.Activity(c.context(), c.view(), offset, limit)
	first, last := offset+1, offset+page.Records
	if page.Records == 0 {
		first, last = 0, 0
	}
	headers := []header{{"Content-Range", contentRange(first, last, page.Total)}}
	return response{kind: jsonKind, body: page.Body, headers: headers}, err
}

func contentRange(first, last, total int64) string {
	b := strconv.AppendInt(make([]byte, 0, 64), first, 10)
	b = strconv.AppendInt(append(b, '-'), last, 10)
	b = strconv.AppendInt(append(b, '/'), total, 10)
	return string(b)
}

// wholeNumber returns a number that is not negative, preset for an empty text. The document has refused most other
// texts already.
func wholeNumber(text, name string, preset int64) (int64, error) {
	if text == "" {
		return preset, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, connect.InvalidParameter(name, "must be a whole number from 0 to 9223372036854775807")
	}
	return n, nil
}
