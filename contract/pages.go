package contract

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strconv"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// pageRules returns the rules about the pages of the log. Other clients may add
// records between two requests. So a page is compared with its own Content-Range
// only, and records are identified by their place counted from the oldest, which
// does not change.
func pageRules() []rule {
	return []rule{
		{Rule{ID: "activity/newest-first", Tag: "Activity", Level: Must, Evidence: "[T] Java client's integration test",
			Text:       "The log is sorted by time, newest first, and the newest is what was just done",
			Needs:      []Capability{Log, Read},
			Operations: []string{"GetApiActivity", "GetVaults"}},
			checkNewestFirst},
		{Rule{ID: "activity/default-limit", Tag: "Activity", Level: Must, Evidence: "[D] published document",
			Text:       "Without a limit a page has 50 records, or all if there are fewer, from the newest on",
			Needs:      []Capability{Log},
			Operations: []string{"GetApiActivity"}},
			func(s *session) {
				p, same := s.page(-1, -1), s.page(50, 0)
				if want := min(50, p.total); int64(len(p.records)) != want {
					s.fail("%d records without a limit, of a log of %d", len(p.records), p.total)
				}
				s.agree(p, same)
			}},
		{Rule{ID: "activity/content-range", Tag: "Activity", Level: Must, Evidence: "[D] published document",
			Text:       "Content-Range says which records of how many the page has, and the page is as long as it can be",
			Needs:      []Capability{Log},
			Operations: []string{"GetApiActivity"}},
			checkContentRange},
		{Rule{ID: "activity/limit-1", Tag: "Activity", Level: Must, Evidence: "[D] published document; [T] Java client's integration test",
			Text:       "Limit 1 answers the one record at the offset",
			Needs:      []Capability{Log},
			Operations: []string{"GetApiActivity"}},
			func(s *session) {
				pages := []page{s.page(4, 0)}
				for offset := range min(4, pages[0].total) {
					p := s.page(1, offset)
					if len(p.records) != 1 {
						s.fail("%d records with limit 1 at offset %d", len(p.records), offset)
					}
					pages = append(pages, p)
				}
				s.agree(pages...)
			}},
		{Rule{ID: "activity/windows-overlap", Tag: "Activity", Level: Must, Evidence: "[T] Java client's integration test: limit 5, then limit 6 at offset 2",
			Text:       "Two windows that overlap have the same records where they do",
			Needs:      []Capability{Log},
			Operations: []string{"GetApiActivity"}},
			func(s *session) { s.agree(s.page(5, 0), s.page(6, 2), s.page(3, 1)) }},
		{Rule{ID: "activity/records-stay", Tag: "Activity", Level: Should, Evidence: "[D] a record is of one request, whatever page it is on",
			Text:       "An old record reads the same alone and on a page with newer ones",
			Needs:      []Capability{Log},
			Operations: []string{"GetApiActivity"}},
			func(s *session) {
				many := s.page(100, 0)
				s.agree(many, s.page(1, max(int64(len(many.records))-1, 0)))
			}},
		{Rule{ID: "activity/large-limit", Tag: "Activity", Level: Should, Evidence: "[D] the published document names no largest limit",
			Text:       "A limit above the default is given as well",
			Needs:      []Capability{Log},
			Operations: []string{"GetApiActivity"}},
			func(s *session) {
				const limit = 100
				if p := s.page(limit, 0); int64(len(p.records)) != min(limit, p.total) {
					s.fail("%d records with limit %d, of a log of %d", len(p.records), limit, p.total)
				}
			}},
		{Rule{ID: "activity/limit-0", Tag: "Activity", Level: Observed, Evidence: "[G] none are asked for, none are given",
			Text:       "A limit of 0 is answered with no record, or refused with 400",
			Needs:      []Capability{Log},
			Operations: []string{"GetApiActivity"}},
			func(s *session) {
				end := max(s.page(1, 0).total-3, 0) // so that no server has to send all of its log
				if a := s.do("GetApiActivity", query("limit", "0", "offset", strconv.FormatInt(end, 10))); a.Status != http.StatusBadRequest {
					s.Expect(a.expect(http.StatusOK).log()).To(gomega.BeEmpty(), "the records")
				}
			}},
		{Rule{ID: "activity/pages-partition", Tag: "Activity", Level: Must, Evidence: "[D] published document; [T] windows overlap",
			Text:       "Pages put one after the other are the log: nothing is missing, nothing comes twice",
			Needs:      []Capability{Log},
			Operations: []string{"GetApiActivity"}},
			checkPartition},
		{Rule{ID: "activity/end", Tag: "Activity", Level: Must, Evidence: "[D] published document",
			Text:       "The last page ends with the oldest record",
			Needs:      []Capability{Log},
			Operations: []string{"GetApiActivity"}},
			checkEnd},
		{Rule{ID: "activity/beyond-the-end", Tag: "Activity", Level: Observed, Evidence: "[G] the log has nothing there, as a filter that finds nothing answers an empty list",
			Text:       "At the end of the log and beyond it a page is an empty list",
			Needs:      []Capability{Log},
			Operations: []string{"GetApiActivity"}},
			checkBeyond},
		{Rule{ID: "activity/bad-page", Tag: "Activity", Level: Observed, Evidence: "[G] no recording of a limit or an offset that is none",
			Text:       "A limit or an offset that is negative or no number is answered 400",
			Needs:      []Capability{Log},
			Operations: []string{"GetApiActivity"}},
			func(s *session) {
				for _, name := range []string{"limit", "offset"} {
					for _, bad := range []string{"-1", "x", "1.5", "1e2", "-9223372036854775809"} {
						s.do("GetApiActivity", query(name, bad)).refused(http.StatusBadRequest, "")
					}
				}
			}},
		{Rule{ID: "activity/odd-page", Tag: "Activity", Level: Should, Evidence: "[G] whether a page may have no record or too many is not known; [D] that 500 is no answer to a request",
			Text:       "A limit of 0 or of more than there can be is answered with a page or with 400",
			Needs:      []Capability{Log},
			Operations: []string{"GetApiActivity"}},
			func(s *session) {
				// Near the end, so that no server has to send all of its log.
				end := fmt.Sprintf("&offset=%d", max(s.page(1, 0).total-3, 0))
				for _, q := range []string{"limit=0" + end, "limit=9223372036854775807" + end, "limit=99999999999999999999" + end, "limit=" + end, "offset=", "offset=9223372036854775807"} {
					if a := s.do("GetApiActivity", rawQuery(q)); a.Status != http.StatusOK {
						a.refused(http.StatusBadRequest, "")
					}
				}
			}},
	}
}

// page is one page of the log.
type page struct {
	offset, total int64
	header        string
	first, last   int64 // as the header counts, from the newest, which is 1
	records       []connect.Activity
}

// at returns the place of a record counted from the oldest, which is 1.
func (p page) at(i int) int64 { return p.total - p.offset - int64(i) }

// oldest returns the place of the last record of the page.
func (p page) oldest() int64 { return p.at(len(p.records) - 1) }

// page reads a page; a negative limit or offset is not sent.
func (s *session) page(limit, offset int64) page {
	p, counted := s.window(limit, offset)
	if !counted {
		s.fail("the Content-Range of limit %d, offset %d is %q, not first-last/total", limit, offset, p.header)
	}
	return p
}

// window reads a page without asserting its Content-Range; counted is false if that
// does not say how many records there are.
func (s *session) window(limit, offset int64) (p page, counted bool) {
	var pairs []string
	if limit >= 0 {
		pairs = append(pairs, "limit", strconv.FormatInt(limit, 10))
	}
	if offset >= 0 {
		pairs = append(pairs, "offset", strconv.FormatInt(offset, 10))
	}
	a := s.do("GetApiActivity", query(pairs...)).expect(http.StatusOK)
	p = page{offset: max(offset, 0), header: a.Header.Get("Content-Range"), records: a.log()}
	parts := regexp.MustCompile(`^(\d+)-(\d+)/(\d+)$`).FindStringSubmatch(p.header)
	if parts == nil {
		return p, false
	}
	for i, into := range []*int64{&p.first, &p.last, &p.total} {
		*into, _ = strconv.ParseInt(parts[i+1], 10, 64) // digits; one out of range can't agree with the page
	}
	return p, true
}

// agree asserts that in all of the pages each place has one record, each record one
// place, and that a record is always the same.
func (s *session) agree(pages ...page) {
	at := map[int64]connect.Activity{}
	of := map[string]int64{}
	for _, p := range pages {
		for i, r := range p.records {
			place := p.at(i)
			other, ok := at[place]
			if ok && other.RequestID != r.RequestID {
				s.fail("record %d from the oldest is %s on one page and %s on another (Content-Range %s)", place, other.RequestID, r.RequestID, p.header)
			}
			if ok && !reflect.DeepEqual(other, r) {
				s.fail("record %s reads differently on two pages (Content-Range %s)", r.RequestID, p.header)
			}
			if other, ok := of[r.RequestID]; ok && other != place {
				s.fail("record %s is number %d and number %d from the oldest (Content-Range %s)", r.RequestID, other, place, p.header)
			}
			at[place], of[r.RequestID] = r, place
		}
	}
}

// checkPartition reads the newest records in pages of different lengths and compares
// them with one page that has them all.
func checkPartition(s *session) {
	const most = 60
	whole := s.page(most, 0)
	pages := []page{whole}
	covered := map[int64]bool{}
	for offset, limit := int64(0), int64(7); offset < min(most, whole.total); offset, limit = offset+limit, limit%7+5 {
		p := s.page(limit, offset)
		pages = append(pages, p)
		for i := range p.records {
			covered[p.at(i)] = true
		}
	}
	// New records may have moved the oldest of them beyond the last page.
	reached := pages[len(pages)-1].total - min(most, whole.total)
	for i := range whole.records {
		if n := whole.at(i); n > reached && !covered[n] {
			s.fail("record %d from the oldest is on no page", n)
		}
	}
	s.agree(pages...)
}

// checkEnd reads the last three records, and those that new records moved there since,
// in pages of the maximum length. So the last page ends with the oldest record.
func checkEnd(s *session) {
	const limit = 50
	total := s.page(1, 0).total
	var pages []page
	for offset, end := max(total-3, 0), false; !end; offset += limit {
		p := s.page(limit, offset)
		left := max(p.total-offset, 0)
		if have := int64(len(p.records)); have != min(limit, left) {
			s.fail("%d records with limit %d, where %d are left", have, limit, left)
		}
		end = left <= limit
		pages = append(pages, p)
	}
	s.agree(append(pages, s.page(1, max(total-1, 0)))...)
}

func checkContentRange(s *session) {
	total := s.page(1, 0).total
	for _, w := range [][2]int64{{-1, -1}, {-1, 0}, {1, 0}, {2, 1}, {5, -1}, {7, 3}, {50, max(total-20, 0)}, {3, max(total-1, 0)}} {
		p := s.page(w[0], w[1])
		limit := w[0]
		if limit < 0 {
			limit = 50
		}
		have := int64(len(p.records))
		switch {
		case have != min(limit, max(p.total-p.offset, 0)):
			s.fail("limit %d, offset %d: %d records, though the log has %d", limit, p.offset, have, p.total)
		case have > 0 && (p.first != p.offset+1 || p.last != p.offset+have):
			s.fail("limit %d, offset %d: Content-Range %s over %d records", limit, p.offset, p.header, have)
		case p.total < total:
			s.fail("the log had %d records and has %d", total, p.total)
		}
	}
}

// checkNewestFirst includes the records of other clients. Of two simultaneous requests
// either may be recorded first, so records may be out of order by the duration of a
// request.
func checkNewestFirst(s *session) {
	first, second := s.trail(), s.trail()
	s.do("GetVaults", first.mark()).expect(http.StatusOK)
	s.do("GetVaults", second.mark()).expect(http.StatusOK)
	before, after := first.records(1)[0], second.records(1)[0]
	s.Expect(after.Timestamp.Before(before.Timestamp.Time)).To(gomega.BeFalse(), "whether the later request, of %s, is recorded before the earlier one, of %s", after.Timestamp, before.Timestamp)
	records := s.since(first.before)
	place := map[string]int{}
	for i, r := range records {
		place[r.Actor.UserAgent] = i + 1
		if i > 0 && r.Timestamp.Add(-s.run.timing.Request).After(records[i-1].Timestamp.Time) {
			s.fail("record %d is of %s, the one before it of %s", i+1, r.Timestamp, records[i-1].Timestamp)
		}
	}
	s.Expect(cmp.Compare(place[second.agent], place[first.agent])).To(gomega.Equal(-1), "place of the later request in the log, against the earlier one")
}

func checkBeyond(s *session) {
	total := s.page(1, 0).total
	for _, offset := range []int64{total, total + 1000, 9_000_000_000} {
		p := s.page(10, offset)
		if grown := max(p.total-offset, 0); int64(len(p.records)) != min(10, grown) {
			s.fail("%d records at offset %d of a log of %d", len(p.records), offset, p.total)
		}
	}
}
