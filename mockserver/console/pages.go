package console

import (
	"cmp"
	"slices"
)

// pages returns all pages in the order of the navigation, those of the suites only with suites. Each list is in a file
// of its own.
func pages(suites *Suites) []page {
	all := slices.Concat(serverPages(), contentPages(), behaviourPages())
	if suites != nil {
		all = append(all, suitePages()...)
	}
	slices.SortFunc(all, func(a, b page) int { return cmp.Compare(a.order, b.order) })
	return all
}

// serverPages are the pages about the server and the requests it gets.
func serverPages() []page {
	return []page{
		overviewPage(),
		requestsPage(),
		helpPage(),
	}
}
