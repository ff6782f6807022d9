package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// filterOperatorRules returns the rules about operators of filters beside eq, co and or,
// and about filters for items that the suite did not create.
func filterOperatorRules() []rule {
	return []rule{
		{Rule{ID: "filters/other-operators", Tag: "Items", Level: Observed,
			Evidence: "[C] a C# client builds filters with sw, pr and others; [W] the Go SDK never stops if a filter is " +
				"ignored; [G] which of them a server knows",
			Text:    "sw, ew, ne, pr and not return 400, or find what they mean, also without a title",
			Touches: OwnItems, Long: true,
			Needs: []Capability{Write}, Operations: createOperations()},
			func(s *session) {
				// The end of a title has the id of the run too: another run may be at the same number.
				titles := s.createNotes("operator north "+s.id, "operator south "+s.id)
				north, south := quote(titles[0]), quote(titles[1])
				both := fmt.Sprintf("(title eq %s or title eq %s)", north, south)
				s.expectFound(both, titles...)
				begin, end := quote(titles[0][:len(titles[0])-1]), quote(titles[0][len(runPrefix(s.id)):])
				s.expectFoundOrRefused("title sw "+begin, titles[0])
				s.expectFoundOrRefused("title sw " + end)
				s.expectFoundOrRefused("title ew "+end, titles[0])
				s.expectFoundOrRefused("title ew " + begin)
				s.expectFoundOrRefused(both+" and title ne "+north, titles[1])
				s.expectFoundOrRefused(both+" and not (title eq "+north+")", titles[1])
				s.expectFoundOrRefused("title pr and title eq "+south, titles[1])
				s.expectFoundOrRefused("tag pr and title eq "+south, titles[1])
				s.expectFoundOrRefused(`title eq "" and title eq ` + south) // no item has both titles
				label := strings.ReplaceAll(s.uniqueName("untitled"), " ", "-")
				untitled := fmt.Sprintf(`{"category":"SECURE_NOTE","tags":[%s,%s,%s]}`, encodeJSON(label), encodeJSON(tag),
					encodeJSON(runPrefix(s.id)))
				created := s.do("CreateVaultItem", rawJSON(untitled)).expectStatus(200).item()
				s.waitForNewItem(created.ID)
				s.expectFoundOrRefused("not (title co "+north+") and tag eq "+quote(label), "")
			}},
		{Rule{ID: "filters/find-what-is-listed", Tag: "Items", Level: Must,
			Evidence: "[T] Java client; [W] Go SDK lists items by their titles; [C] clients select by tags that people set",
			Text:     "title eq and tag eq find the items of the list that have the title or the tag, and no others",
			Touches:  ReadOnly,
			Needs:    []Capability{Items}, Operations: []string{"GetVaultItems"}},
			checkListedItems},
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

// checkListedItems filters by titles and tags of items that were there before the run.
func checkListedItems(s *session) {
	const most = 3 // filters of each kind
	isOthers := func(it connect.Summary) bool { return !slices.Contains(it.Tags, tag) }
	isPlain := func(text string) bool { return text != "" && !strings.ContainsAny(text, `"\`) }
	list := s.do("GetVaultItems").expectStatus(200).items()
	checked := map[string]int{}
	check := func(attribute, value string, values func(connect.Summary) []string) {
		filter := attribute + " eq " + quote(value)
		if checked[filter] > 0 || checked[attribute] == most || !isPlain(value) {
			return
		}
		checked[filter]++
		checked[attribute]++
		found := s.findItems(filter)
		for _, it := range found {
			s.Expect(values(it)).To(gomega.ContainElement(gomega.WithTransform(strings.ToLower,
				gomega.Equal(strings.ToLower(value)))), "%ss of an item found by its %[1]s", attribute)
		}
		for _, it := range list {
			if isOthers(it) && slices.Contains(values(it), value) {
				s.Expect(found).To(gomega.ContainElement(gomega.HaveField("ID", it.ID)), "items found by the %s of one", attribute)
			}
		}
	}
	for _, it := range list {
		if !isOthers(it) {
			continue
		}
		check("title", it.Title, func(it connect.Summary) []string { return []string{it.Title} })
		for _, value := range it.Tags {
			check("tag", value, func(it connect.Summary) []string { return it.Tags })
		}
	}
}
