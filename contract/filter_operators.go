package contract

import (
	"fmt"

	"github.com/onsi/gomega"
)

// filterOperatorRules returns the rules about operators of filters beside eq, co and or.
func filterOperatorRules() []rule {
	return []rule{
		{Rule{ID: "filters/other-operators", Tag: "Items", Level: Observed,
			Evidence: "[C] a C# client builds filters with sw, pr and others; [W] the Go SDK never stops if a filter is " +
				"ignored; [G] which of them a server knows",
			Text:    "sw, ew, ne, pr and not return 400, or find what they mean",
			Touches: OwnItems,
			Needs:   []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				titles := s.createNotes("operator north", "operator south")
				north, south := quote(titles[0]), quote(titles[1])
				both := fmt.Sprintf("(title eq %s or title eq %s)", north, south)
				s.expectFound(both, titles...)
				begin, end := quote(titles[0][:len(titles[0])-1]), quote(titles[0][len(runPrefix(s.run.id)):])
				s.expectFoundOrRefused("title sw "+begin, titles[0])
				s.expectFoundOrRefused("title sw " + end)
				s.expectFoundOrRefused("title ew "+end, titles[0])
				s.expectFoundOrRefused("title ew " + begin)
				s.expectFoundOrRefused(both+" and title ne "+north, titles[1])
				s.expectFoundOrRefused(both+" and not (title eq "+north+")", titles[1])
				s.expectFoundOrRefused("title pr and title eq "+south, titles[1])
				s.expectFoundOrRefused("tag pr and title eq "+south, titles[1])
			}},
	}
}

// expectFoundOrRefused asserts that a filter finds the items with these titles and no
// others, or returns 400.
func (s *session) expectFoundOrRefused(filter string, wanted ...string) {
	res := s.do("GetVaultItems", query("filter", filter))
	if res.Status != 200 {
		res.expectError(400, "")
		return
	}
	s.Expect(sortedTitles(res.items())).To(gomega.ConsistOf(wanted), "titles of the items found by %s", filter)
}
