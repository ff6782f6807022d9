// Package coverage counts which of the responses that the document describes were
// received.
//
// It does not know which requests caused them or whether a response is correct.
package coverage

import (
	"cmp"
	"fmt"
	"mime"
	"slices"
	"strings"
	"sync"

	"github.com/connectmock/connectmock/openapi"
)

// Row is a response that the document describes, by operation, status and media type.
type Row struct {
	Operation string `json:"operation"`
	Status    string `json:"status"`    // "200", "4XX" or "default", as documented
	MediaType string `json:"mediaType"` // "" for a response without a body
	Attempts  int    `json:"attempts"`  // responses of this operation with this status
	Matches   int    `json:"matches"`   // those of this media type that agree with the document
	Reason    string `json:"reason,omitempty"`
	// Excused reports that this response is not expected from this target, for Reason.
	// Undocumented reports that the document does not have it. Gate ignores both.
	Excused      bool `json:"excused,omitempty"`
	Undocumented bool `json:"undocumented,omitempty"`
}

// CountCovered returns how many of the expected responses were seen, and how many are
// expected.
func CountCovered(rows []Row) (seen, expected int) {
	for _, row := range rows {
		if row.Excused || row.Undocumented {
			continue
		}
		expected++
		if row.Matches > 0 {
			seen++
		}
	}
	return seen, expected
}

// Counter counts which documented responses a run has received. It is safe for
// concurrent use.
type Counter struct {
	mu    sync.Mutex
	rows  []*Row
	calls map[string]int // by operation
}

// New returns a Counter with a row for each response of the document, in its order.
func New(d *openapi.Document) *Counter {
	c := &Counter{calls: map[string]int{}}
	for _, op := range d.Operations {
		var rows []*Row
		for status, response := range op.Spec().Responses.Map() {
			if response.Value == nil || len(response.Value.Content) == 0 {
				rows = append(rows, &Row{Operation: op.ID, Status: status})
				continue
			}
			for media := range response.Value.Content {
				rows = append(rows, &Row{Operation: op.ID, Status: status, MediaType: media})
			}
		}
		slices.SortFunc(rows, func(a, b *Row) int {
			return cmp.Or(strings.Compare(a.Status, b.Status), strings.Compare(a.MediaType, b.MediaType))
		})
		c.rows = append(c.rows, rows...)
	}
	return c
}

// MarkUnreachable sets why a response can't be received in this run. An empty status
// means every response of the operation, an empty operation every operation. It has
// no effect on responses that are received.
func (c *Counter) MarkUnreachable(operation, status, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, row := range c.rows {
		if (operation == "" || row.Operation == operation) && (status == "" || row.Status == status) {
			row.Excused, row.Reason = true, reason
		}
	}
}

// Rows returns the current counts. A row without a match has a reason.
func (c *Counter) Rows() []Row {
	c.mu.Lock()
	defer c.mu.Unlock()
	rows := make([]Row, 0, len(c.rows))
	for _, r := range c.rows {
		row := *r
		switch {
		case row.Undocumented:
			row.Reason = "not in the document"
		case row.Matches > 0:
			row.Excused, row.Reason = false, ""
		case !row.Excused:
			row.Reason = c.missingReason(row)
		}
		rows = append(rows, row)
	}
	return rows
}

// missingReason returns why an expected response was not seen.
func (c *Counter) missingReason(row Row) string {
	switch calls := c.calls[row.Operation]; {
	case calls == 0:
		return "never called"
	case row.Attempts == 0:
		return fmt.Sprintf("called %s, never returned %s", timesText(calls), row.Status)
	default:
		return fmt.Sprintf("returned %s, never as documented", timesText(row.Attempts))
	}
}

// Gate returns an error if the share of expected responses that were seen is below
// share, which is from 0 to 1. The error names the missing responses.
func (c *Counter) Gate(share float64) error {
	var missing []string
	matched := 0
	for _, row := range c.Rows() {
		switch {
		case row.Excused || row.Undocumented:
		case row.Matches > 0:
			matched++
		default:
			missing = append(missing, strings.TrimSpace(row.Operation+" "+row.Status+" "+row.MediaType)+": "+row.Reason)
		}
	}
	if all := matched + len(missing); float64(matched) < share*float64(all) {
		return fmt.Errorf("coverage: %d of %d documented responses were seen, %.0f%% are required; missing:\n  %s",
			matched, all, share*100, strings.Join(missing, "\n  "))
	}
	return nil
}

// Count records a response of an operation. valid reports whether it agrees with the
// document.
func (c *Counter) Count(operation string, status int, contentType string, valid bool) {
	media := mediaType(contentType)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls[operation]++
	documented := false
	// The most specific status in the document counts.
	for _, name := range []string{fmt.Sprint(status), fmt.Sprintf("%dXX", status/100), "default"} {
		for _, row := range c.rows {
			if row.Operation != operation || row.Status != name {
				continue
			}
			row.Attempts++
			if valid && (row.MediaType == "" || mediaType(row.MediaType) == media) {
				row.Matches++
			}
			documented = documented || !row.Undocumented
		}
		if documented {
			return
		}
	}
	c.countUndocumented(operation, status, media)
}

// countUndocumented adds a row for a response that the document does not have.
func (c *Counter) countUndocumented(operation string, status int, media string) {
	added := Row{Operation: operation, Status: fmt.Sprint(status), MediaType: media, Attempts: 1, Undocumented: true}
	for _, row := range c.rows {
		if row.Undocumented && row.Operation == operation && row.Status == added.Status {
			return // Count has counted it
		}
	}
	c.rows = append(c.rows, &added)
}

// mediaType returns a content type without its parameters.
func mediaType(value string) string {
	media, _, _ := mime.ParseMediaType(value)
	return media
}

func timesText(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
