// Package coverage counts which of the responses that the document allows were
// seen.
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

// Row is one response that the document allows: operation, status, media type.
type Row struct {
	Operation string `json:"operation"`
	Status    string `json:"status"`    // "200", "4XX" or "default", as documented
	MediaType string `json:"mediaType"` // "" for a response without a body
	Attempts  int    `json:"attempts"`  // responses of this operation with this status
	Matches   int    `json:"matches"`   // those of this media type that keep the document
	Reason    string `json:"reason,omitempty"`
	// Excused reports that this response is not expected here, for Reason,
	// Undocumented that it was received although the document does not have it.
	// Gate counts neither.
	Excused      bool `json:"excused,omitempty"`
	Undocumented bool `json:"undocumented,omitempty"`
}

// CountCovered returns how many of the documented responses that can be expected were seen.
func CountCovered(rows []Row) (seen, of int) {
	for _, row := range rows {
		if row.Excused || row.Undocumented {
			continue
		}
		of++
		if row.Matches > 0 {
			seen++
		}
	}
	return seen, of
}

// Counter counts which documented responses a run has received. It is safe for
// concurrent use.
type Counter struct {
	mu    sync.Mutex
	rows  []*Row
	calls map[string]int // by operation
}

// New returns a Counter with a row for every response of the document, in its order.
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

// MarkUnreachable says why an answer will not be seen in this run; status "" means
// every answer of the operation, operation "" that status of all operations.
// It does nothing to answers that are seen all the same.
func (c *Counter) MarkUnreachable(operation, status, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, row := range c.rows {
		if (operation == "" || row.Operation == operation) && (status == "" || row.Status == status) {
			row.Excused, row.Reason = true, reason
		}
	}
}

// Rows returns the counts by now. A row without a match has a reason.
func (c *Counter) Rows() []Row {
	c.mu.Lock()
	defer c.mu.Unlock()
	rows := make([]Row, 0, len(c.rows))
	for _, kept := range c.rows {
		row := *kept
		switch {
		case row.Undocumented:
			row.Reason = "not in the document"
		case row.Matches > 0:
			row.Excused, row.Reason = false, ""
		case !row.Excused:
			row.Reason = c.why(row)
		}
		rows = append(rows, row)
	}
	return rows
}

func (c *Counter) why(row Row) string {
	switch calls := c.calls[row.Operation]; {
	case calls == 0:
		return "never called"
	case row.Attempts == 0:
		return fmt.Sprintf("called %s, never answered %s", times(calls), row.Status)
	default:
		return fmt.Sprintf("answered %s, never as documented", times(row.Attempts))
	}
}

// Gate is an error that names what is missing if less than this share, from 0
// to 1, of the rows that are not excused has a match.
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
		return fmt.Errorf("coverage: %d of %d documented answers were seen, %.0f%% are asked for; missing:\n  %s",
			matched, all, share*100, strings.Join(missing, "\n  "))
	}
	return nil
}

// Count records a response of an operation. good reports whether it keeps the document.
func (c *Counter) Count(operation string, status int, contentType string, good bool) {
	media := plainType(contentType)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls[operation]++
	documented := false
	// The document's most exact word for a status counts.
	for _, name := range []string{fmt.Sprint(status), fmt.Sprintf("%dXX", status/100), "default"} {
		for _, row := range c.rows {
			if row.Operation != operation || row.Status != name {
				continue
			}
			row.Attempts++
			if good && (row.MediaType == "" || plainType(row.MediaType) == media) {
				row.Matches++
			}
			documented = documented || !row.Undocumented
		}
		if documented {
			return
		}
	}
	c.stray(operation, status, media)
}

// stray counts a response that the document does not have.
func (c *Counter) stray(operation string, status int, media string) {
	is := Row{Operation: operation, Status: fmt.Sprint(status), MediaType: media, Attempts: 1, Undocumented: true}
	for _, row := range c.rows {
		if row.Undocumented && row.Operation == operation && row.Status == is.Status {
			return // counted with the rows of its name
		}
	}
	c.rows = append(c.rows, &is)
}

// plainType returns a media type without its parameters.
func plainType(value string) string {
	media, _, _ := mime.ParseMediaType(value)
	return media
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
