package activity

import (
	"reflect"
	"regexp"
	"strconv"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/openapi/connect"
)

// page is a page of the log.
type page struct {
	offset, total int64
	header        string
	first, last   int64 // from the header, where the newest record is 1
	records       []connect.Activity
}

// place returns the place of record i of the page, counted from the oldest record of
// the log, which is 1.
func (p page) place(i int) int64 { return p.total - p.offset - int64(i) }

// oldestPlace returns the place of the last record of the page.
func (p page) oldestPlace() int64 { return p.place(len(p.records) - 1) }

// readPage reads a page and asserts that its Content-Range can be parsed. It does not
// send a negative limit or offset.
func readPage(s *check.Session, limit, offset int64) page {
	p, counted := tryReadPage(s, limit, offset)
	if !counted {
		s.Fail("the Content-Range of limit %d, offset %d is %q, not first-last/total", limit, offset, p.header)
	}
	return p
}

// tryReadPage reads a page. counted is false if its Content-Range can't be parsed.
func tryReadPage(s *check.Session, limit, offset int64) (p page, counted bool) {
	var pairs []string
	if limit >= 0 {
		pairs = append(pairs, "limit", strconv.FormatInt(limit, 10))
	}
	if offset >= 0 {
		pairs = append(pairs, "offset", strconv.FormatInt(offset, 10))
	}
	res := s.Do("GetApiActivity", call.Query(pairs...)).ExpectStatus(200)
	p = page{offset: max(offset, 0), header: res.Header.Get("Content-Range"), records: res.Activity()}
	parts := regexp.MustCompile(`^(\d+)-(\d+)/(\d+)$`).FindStringSubmatch(p.header)
	if parts == nil {
		return p, false
	}
	for i, into := range []*int64{&p.first, &p.last, &p.total} {
		*into, _ = strconv.ParseInt(parts[i+1], 10, 64) // a number out of range does not match the page
	}
	return p, true
}

// expectAgreement asserts that a place has the same record on all pages, and that a
// record has one place.
func expectAgreement(s *check.Session, pages ...page) {
	records := map[int64]connect.Activity{} // by place
	places := map[string]int64{}            // by request id
	for _, p := range pages {
		for i, r := range p.records {
			place := p.place(i)
			other, ok := records[place]
			if ok && other.RequestID != r.RequestID {
				s.Fail("record %d, counted from the oldest, is %s on one page and %s on another (Content-Range %s)",
					place, other.RequestID, r.RequestID, p.header)
			}
			if ok && !reflect.DeepEqual(other, r) {
				s.Fail("record %s differs on two pages (Content-Range %s)", r.RequestID, p.header)
			}
			if other, ok := places[r.RequestID]; ok && other != place {
				s.Fail("record %s is number %d and number %d, counted from the oldest, (Content-Range %s)",
					r.RequestID, other, place, p.header)
			}
			records[place], places[r.RequestID] = r, place
		}
	}
}
