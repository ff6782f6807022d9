package console

import "strconv"

// pager is the part of a long list that a page shows, for the template "pager".
type pager struct {
	Offset, Limit, All int
	Path               string // of the page, without Mount
	Parameters         []any  // of the page besides the offset: names and values
}

// newPager returns the pager of a request for a list of all entries, limit on each page.
func (req *request) newPager(path string, limit, all int, parameters ...any) pager {
	offset, _ := strconv.Atoi(req.query("offset")) // 0 for what is no number
	return pager{Offset: max(offset, 0), Limit: limit, All: all, Path: path, Parameters: parameters}
}

// First and Last are the numbers of the entries of the page, from 1.
func (p pager) First() int { return min(p.Offset+1, p.All) }

// Last is described with First.
func (p pager) Last() int { return min(p.Offset+p.Limit, p.All) }

// HasPrevious reports whether there are entries before those of the page.
func (p pager) HasPrevious() bool { return p.Offset > 0 }

// HasNext reports whether there are entries after those of the page.
func (p pager) HasNext() bool { return p.Offset+p.Limit < p.All }

// link returns the address of the page from an offset on.
func (p pager) link(v view, offset int) string {
	return v.Link(p.Path, append([]any{"offset", nonZero(offset)}, p.Parameters...)...)
}

// Previous returns the address of the page before.
func (p pager) Previous(v view) string { return p.link(v, max(p.Offset-p.Limit, 0)) }

// Next returns the address of the page after.
func (p pager) Next(v view) string { return p.link(v, p.Offset+p.Limit) }

// nonZero returns a number as text, "" for 0.
func nonZero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
