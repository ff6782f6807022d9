package filters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
)

// OperatorRules returns the rules about operators of filters beside eq, co and or,
// and about filters for items that the suite did not create.
func OperatorRules() []check.Rule {
	return check.WithDefaults(rule.Rule{Tag: "Items"}, []check.Rule{
		{Rule: rule.Rule{ID: "filters/other-operators", Level: rule.Observed,
			Evidence: "[C] a C# client builds filters with sw, pr and others; " +
				"[W] the Go SDK never stops if a filter is ignored; [G] which of them a server knows",
			Text:    "sw, ew, ne, pr and not return 400, or find what they mean, also without a title",
			Touches: rule.OwnItems, Long: true, Needs: []rule.Capability{rule.Write},
			Operations: operation.OfNewItem()},
			Check: func(s *check.Session) {
				// The end of a title has the id of the run too: another run may be at the same number.
				titles := s.CreateNotes("operator north "+s.ID, "operator south "+s.ID)
				north, south := call.Quote(titles[0]), call.Quote(titles[1])
				both := fmt.Sprintf("(title eq %s or title eq %s)", north, south)
				s.ExpectFound(both, titles...)
				begin, end := call.Quote(titles[0][:len(titles[0])-1]),
					call.Quote(titles[0][len(call.RunPrefix(s.ID)):])
				expectFoundOrRefused(s, "title sw "+begin, titles[0])
				expectFoundOrRefused(s, "title sw "+end)
				expectFoundOrRefused(s, "title ew "+end, titles[0])
				expectFoundOrRefused(s, "title ew "+begin)
				expectFoundOrRefused(s, both+" and title ne "+north, titles[1])
				expectFoundOrRefused(s, both+" and not (title eq "+north+")", titles[1])
				expectFoundOrRefused(s, "title pr and title eq "+south, titles[1])
				expectFoundOrRefused(s, "tag pr and title eq "+south, titles[1])
				expectFoundOrRefused(s, `title eq "" and title eq `+south) // no item has both titles
				label := strings.ReplaceAll(s.UniqueName("untitled"), " ", "-")
				untitled := fmt.Sprintf(`{"category":"SECURE_NOTE","tags":[%s,%s,%s]}`, call.EncodeJSON(label),
					call.EncodeJSON(call.Tag), call.EncodeJSON(call.RunPrefix(s.ID)))
				created := s.Do("CreateVaultItem", call.RawJSON(untitled)).ExpectStatus(200).Item()
				s.WaitForNewItem(created.ID)
				expectFoundOrRefused(s, "not (title co "+north+") and tag eq "+call.Quote(label), "")
			}},
		{Rule: rule.Rule{ID: "filters/find-what-is-listed", Level: rule.Must,
			Evidence: "[T] Java client; [W] Go SDK lists items by their titles; " +
				"[C] clients select by tags that people set",
			Text:    "title eq and tag eq find the items of the list that have the title or the tag, and no others",
			Touches: rule.ReadOnly, Needs: []rule.Capability{rule.Items}, Operations: []string{"GetVaultItems"}},
			Check: checkListedItems},
	})
}

// expectFoundOrRefused asserts that a filter finds the items with these titles and no
// others, or returns 400.
func expectFoundOrRefused(s *check.Session, filter string, wanted ...string) {
	res := s.Do("GetVaultItems", call.Filter(filter))
	if res.Status != 200 {
		res.ExpectError(400, "")
		return
	}
	s.Expect(check.SortedTitles(res.Items())).To(gomega.ConsistOf(wanted), "titles of the items found by %s", filter)
}

// checkListedItems filters by titles and tags of items that were there before the run.
func checkListedItems(s *check.Session) {
	const most = 3 // filters of each kind
	isOthers := func(it connect.Summary) bool { return !slices.Contains(it.Tags, call.Tag) }
	isPlain := func(text string) bool { return text != "" && !strings.ContainsAny(text, `"\`) }
	list := s.Do("GetVaultItems").ExpectStatus(200).Items()
	checked := map[string]int{}
	check := func(attribute, value string, values func(connect.Summary) []string) {
		filter := attribute + " eq " + call.Quote(value)
		if checked[filter] > 0 || checked[attribute] == most || !isPlain(value) {
			return
		}
		checked[filter]++
		checked[attribute]++
		found := s.FindItems(filter)
		for _, it := range found {
			s.Expect(values(it)).To(gomega.ContainElement(gomega.WithTransform(strings.ToLower,
				gomega.Equal(strings.ToLower(value)))), "%ss of an item found by its %[1]s", attribute)
		}
		for _, it := range list {
			if isOthers(it) && slices.Contains(values(it), value) {
				s.Expect(found).To(gomega.ContainElement(gomega.HaveField("ID", it.ID)),
					"items found by the %s of one", attribute)
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
