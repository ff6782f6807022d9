package api

import (
	"net"
	"strconv"

	"github.com/connectmock/connectmock/mockserver/internal/journal"
	"github.com/connectmock/connectmock/openapi/connect"
)

// A page of the activity log without a limit has 50 records [D]. How large a
// page a real server gives is not known; ours ends at maxPage, or with the first
// record that makes it larger than maxPageBytes, whatever was asked for, and
// Content-Range says where [G].
const (
	defaultPage  = 50
	maxPage      = 10_000
	maxPageBytes = 8 << 20
	usualRecord  = 440 // bytes
)

// listActivity answers a page of the account's log, newest first [T], and says
// in Content-Range which part of how many it is: of those that are kept, so that
// a total that reached its bound stays, and an offset beyond it finds nothing
// [G]. Reading the log adds nothing to it [T]. A page without records is
// "0-0/total" [G].
func listActivity(s *Handler, x *exchange) (reply, error) {
	query := x.request.URL.Query()
	limit, err := whole(query.Get("limit"), "limit", defaultPage)
	if err != nil {
		return reply{}, err
	}
	offset, err := whole(query.Get("offset"), "offset", 0)
	if err != nil {
		return reply{}, err
	}
	limit = min(limit, maxPage)
	if room := min(2*limit*usualRecord, 2*maxPageBytes); room > smallBody {
		if err := s.share(x).GrowTo(x.context(), room); err != nil {
			return reply{}, err
		}
	}
	page, total, err := s.backend.Store.Activity(x.context(), x.account(), offset, limit)
	if err != nil {
		return reply{}, err
	}
	for i := range page {
		page[i].Actor.RequestIP = page[i].Actor.IP // records of a world have the one only
		if s.quirks.NoIP {
			page[i].Actor.IP = ""
		}
		if s.quirks.NoRequestIP {
			page[i].Actor.RequestIP = ""
		}
	}
	body, n := activityJSON(page)
	first, last := offset+1, offset+int64(n)
	if n == 0 {
		first, last = 0, 0
	}
	return reply{kind: jsonKind, body: s.withKeyCase(body), headers: []header{{"Content-Range", contentRange(first, last, total)}}}, nil
}

// activityJSON returns a page as it is sent, and how many of the records are in it.
func activityJSON(page []connect.Activity) (body []byte, n int) {
	body = append(make([]byte, 0, min(2+usualRecord*len(page), maxPageBytes)), '[')
	for i := range page {
		if len(body) > maxPageBytes {
			return append(body, ']'), i
		}
		if i > 0 {
			body = append(body, ',')
		}
		body = page[i].AppendJSON(body)
	}
	return append(body, ']'), len(page)
}

func contentRange(first, last, total int64) string {
	b := strconv.AppendInt(make([]byte, 0, 64), first, 10)
	b = strconv.AppendInt(append(b, '-'), last, 10)
	b = strconv.AppendInt(append(b, '/'), total, 10)
	return string(b)
}

// whole reads a whole number that is not negative; the document has already
// refused most others.
func whole(value, name string, otherwise int64) (int64, error) {
	if value == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 {
		return 0, connect.InvalidParameter(name, "must be a whole number from 0 to 9223372036854775807")
	}
	return n, nil
}

// activity is the record of an exchange. The actor is the one of the token,
// who also edits what it writes [T: one token, one actor]. Success means that the request was
// answered 2xx, DENY that it was not [G]: the API has no third result.
func (s *Handler) activity(x *exchange, success bool) connect.Activity {
	ip, _, err := net.SplitHostPort(x.request.RemoteAddr)
	if err != nil {
		ip = x.request.RemoteAddr
	}
	a := connect.Activity{
		Action: x.op.action,
		Actor: connect.Actor{
			Account: x.account(), ID: x.caller.Token.Server, IP: ip, JTI: x.caller.Token.ID,
			RequestIP: ip, UserAgent: journal.Truncate(x.request.UserAgent(), journal.MaxUserAgent),
		},
		RequestID: s.backend.Random.UUID(),
		Resource:  connect.Resource{Type: x.op.resource, ItemVersion: x.version},
		Result:    connect.ResultSuccess,
		Timestamp: connect.At(x.now),
	}
	if !success {
		a.Result = connect.ResultDeny
	}
	if connect.IsID(x.vault()) {
		a.Resource.Vault = &connect.Ref{ID: x.vault()}
	}
	if connect.IsID(x.item()) {
		a.Resource.Item = &connect.Ref{ID: x.item()}
	}
	return a
}
