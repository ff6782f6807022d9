package activity

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/onsi/gomega"
)

// pageRules returns the rules about the pages of the log. Other clients may add
// records between two requests. So a page is compared only with its own Content-Range,
// and the place of a record is counted from the oldest record, which does not change.
func pageRules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Activity", Touches: rule.ActivityLog, Needs: []rule.Capability{rule.Log},
		Operations: []string{"GetApiActivity"},
	}, []check.Rule{
		{Rule: rule.Rule{ID: "activity/newest-first", Level: rule.Must,
			Evidence: "[T] Java client's integration test",
			Text:     "The log is sorted by time, newest first, and begins with the newest request",
			Touches:  rule.WholeState, Needs: []rule.Capability{rule.Log, rule.Read},
			Operations: []string{"GetApiActivity", "GetVaults"}},
			Check: checkNewestFirst},
		{Rule: rule.Rule{ID: "activity/default-limit", Level: rule.Must, Evidence: "[D] published document",
			Text: "Without a limit a page has the newest 50 records, or all if there are fewer"},
			Check: func(s *check.Session) {
				p, same := readPage(s, -1, -1), readPage(s, 50, 0)
				if want := min(50, p.total); int64(len(p.records)) != want {
					s.Fail("%d records without a limit, of a log of %d", len(p.records), p.total)
				}
				expectAgreement(s, p, same)
			}},
		{Rule: rule.Rule{ID: "activity/content-range", Level: rule.Must, Evidence: "[D] published document",
			Text: "Content-Range has the first and last record of a page and the total, and agrees with the page"},
			Check: checkContentRange},
		{Rule: rule.Rule{ID: "activity/limit-1", Level: rule.Must,
			Evidence: "[D] published document; [T] Java client's integration test",
			Text:     "Limit 1 returns the record at the offset"},
			Check: func(s *check.Session) {
				pages := []page{readPage(s, 4, 0)}
				for offset := range min(4, pages[0].total) {
					p := readPage(s, 1, offset)
					if len(p.records) != 1 {
						s.Fail("%d records with limit 1 at offset %d", len(p.records), offset)
					}
					pages = append(pages, p)
				}
				expectAgreement(s, pages...)
			}},
		{Rule: rule.Rule{ID: "activity/windows-overlap", Level: rule.Must,
			Evidence: "[T] Java client's integration test: limit 5, then limit 6 at offset 2",
			Text:     "Two overlapping pages have the same records where they overlap"},
			Check: func(s *check.Session) {
				expectAgreement(s, readPage(s, 5, 0), readPage(s, 6, 2), readPage(s, 3, 1))
			}},
		{Rule: rule.Rule{ID: "activity/records-stay", Level: rule.Should,
			Evidence: "[D] a record is about one request, on whatever page",
			Text:     "An old record is the same alone and on a page with newer ones"},
			Check: func(s *check.Session) {
				many := readPage(s, 100, 0)
				expectAgreement(s, many, readPage(s, 1, max(int64(len(many.records))-1, 0)))
			}},
		{Rule: rule.Rule{ID: "activity/large-limit", Level: rule.Should,
			Evidence: "[D] the published document names no largest limit",
			Text:     "A limit above the default is accepted"},
			Check: func(s *check.Session) {
				const limit = 100
				if p := readPage(s, limit, 0); int64(len(p.records)) != min(limit, p.total) {
					s.Fail("%d records with limit %d, of a log of %d", len(p.records), limit, p.total)
				}
			}},
		{Rule: rule.Rule{ID: "activity/limit-0", Level: rule.Observed, Evidence: "[G] no records are requested",
			Text: "A limit of 0 returns no records or 400"},
			Check: func(s *check.Session) {
				end := max(readPage(s, 1, 0).total-3, 0) // so that no server has to send all of its log
				if res := s.Do("GetApiActivity",
					call.Query("limit", "0", "offset", strconv.FormatInt(end, 10))); res.Status != 400 {
					s.Expect(res.ExpectStatus(200).Activity()).To(gomega.BeEmpty(), "the records")
				}
			}},
		{Rule: rule.Rule{ID: "activity/pages-partition", Level: rule.Must,
			Evidence: "[D] published document; [T] windows overlap",
			Text:     "Consecutive pages have each record of the log exactly once"},
			Check: checkPartition},
		{Rule: rule.Rule{ID: "activity/end", Level: rule.Must, Evidence: "[D] published document",
			Text: "The last page ends with the oldest record"},
			Check: checkEnd},
		{Rule: rule.Rule{ID: "activity/beyond-the-end", Level: rule.Observed,
			Evidence: "[G] the log has no records there, as a filter that finds nothing returns an empty list",
			Text:     "A page at the end of the log or beyond it is an empty list"},
			Check: checkBeyond},
		{Rule: rule.Rule{ID: "activity/bad-page", Level: rule.Observed,
			Evidence: "[G] no recording of an invalid limit or offset",
			Text:     "A limit or an offset that is negative or not a number returns 400"},
			Check: func(s *check.Session) {
				for _, name := range []string{"limit", "offset"} {
					for _, invalid := range []string{"-1", "x", "1.5", "1e2", "-9223372036854775809"} {
						s.Do("GetApiActivity", call.Query(name, invalid)).ExpectError(400, "")
					}
				}
			}},
		{Rule: rule.Rule{ID: "activity/odd-page", Level: rule.Should,
			Evidence: "[G] whether such a page is valid is not known; [D] that a request does not return 500",
			Text:     "A limit of 0, or a very large one, returns a page or 400"},
			Check: func(s *check.Session) {
				// Near the end, so that no server has to send all of its log.
				end := fmt.Sprintf("&offset=%d", max(readPage(s, 1, 0).total-3, 0))
				for _, q := range []string{"limit=0" + end, "limit=9223372036854775807" + end,
					"limit=99999999999999999999" + end, "limit=" + end, "offset=", "offset=9223372036854775807"} {
					if res := s.Do("GetApiActivity", call.RawQuery(q)); res.Status != 200 {
						res.ExpectError(400, "")
					}
				}
			}},
	})
}

// checkPartition reads the newest records in pages of different lengths and compares
// them with one page that has all of them.
func checkPartition(s *check.Session) {
	const maxRecords = 60
	whole := readPage(s, maxRecords, 0)
	pages := []page{whole}
	covered := map[int64]bool{}
	for offset, limit := int64(0), int64(7); offset < min(maxRecords,
		whole.total); offset, limit = offset+limit, limit%7+5 {
		p := readPage(s, limit, offset)
		pages = append(pages, p)
		for i := range p.records {
			covered[p.place(i)] = true
		}
	}
	// New records may have moved the oldest records beyond the last page.
	reached := pages[len(pages)-1].total - min(maxRecords, whole.total)
	for i := range whole.records {
		if n := whole.place(i); n > reached && !covered[n] {
			s.Fail("record %d, counted from the oldest, is on no page", n)
		}
	}
	expectAgreement(s, pages...)
}

// checkEnd reads the oldest three records, and those that new records moved behind
// them, in pages of 50. The last page must end with the oldest record.
func checkEnd(s *check.Session) {
	const limit = 50
	total := readPage(s, 1, 0).total
	var pages []page
	for offset, end := max(total-3, 0), false; !end; offset += limit {
		p := readPage(s, limit, offset)
		remaining := max(p.total-offset, 0)
		if have := int64(len(p.records)); have != min(limit, remaining) {
			s.Fail("%d records with limit %d, but the log has %d more", have, limit, remaining)
		}
		end = remaining <= limit
		pages = append(pages, p)
	}
	expectAgreement(s, append(pages, readPage(s, 1, max(total-1, 0)))...)
}

// checkContentRange compares pages with their Content-Range.
func checkContentRange(s *check.Session) {
	total := readPage(s, 1, 0).total
	for _, w := range [][2]int64{{-1, -1}, {-1, 0}, {1, 0}, {2, 1}, {5, -1}, {7, 3}, {50, max(total-20, 0)},
		{3, max(total-1, 0)}} {
		p := readPage(s, w[0], w[1])
		limit := w[0]
		if limit < 0 {
			limit = 50
		}
		have := int64(len(p.records))
		switch {
		case have != min(limit, max(p.total-p.offset, 0)):
			s.Fail("limit %d, offset %d: %d records, though the log has %d", limit, p.offset, have, p.total)
		case have > 0 && (p.first != p.offset+1 || p.last != p.offset+have):
			s.Fail("limit %d, offset %d: Content-Range %s for %d records", limit, p.offset, p.header, have)
		case p.total < total:
			s.Fail("the log had %d records and has %d", total, p.total)
		}
	}
}

// checkNewestFirst checks the order of the records, also those of other clients.
// Records of simultaneous requests may be in any order, so a record may be out of order
// by the duration of a request.
func checkNewestFirst(s *check.Session) {
	first, second := newUniqueAgent(s), newUniqueAgent(s)
	s.Do("GetVaults", first.header()).ExpectStatus(200)
	s.Do("GetVaults", second.header()).ExpectStatus(200)
	before, after := first.records(1)[0], second.records(1)[0]
	s.Expect(after.Timestamp.Before(before.Timestamp.Time)).To(gomega.BeFalse(),
		"whether the later request, of %s, is recorded before the earlier one, of %s", after.Timestamp,
		before.Timestamp)
	records := recordsSince(s, first.recordsBefore)
	places := map[string]int{} // by user agent
	for i, r := range records {
		places[r.Actor.UserAgent] = i + 1
		if i > 0 && r.Timestamp.Add(-s.Timeout).After(records[i-1].Timestamp.Time) {
			s.Fail("record %d has the time %s, the one before it %s", i+1, r.Timestamp, records[i-1].Timestamp)
		}
	}
	s.Expect(cmp.Compare(places[second.name], places[first.name])).To(gomega.Equal(-1),
		"place of the later request in the log, against the earlier one")
}

// checkBeyond reads pages after the end of the log.
func checkBeyond(s *check.Session) {
	total := readPage(s, 1, 0).total
	for _, offset := range []int64{total, total + 1000, 9_000_000_000} {
		p := readPage(s, 10, offset)
		if grown := max(p.total-offset, 0); int64(len(p.records)) != min(10, grown) {
			s.Fail("%d records at offset %d of a log of %d", len(p.records), offset, p.total)
		}
	}
}
