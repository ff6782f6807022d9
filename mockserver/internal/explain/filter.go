package explain

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver/internal/filter"
)

// filterText returns the filter of a request with an empty list, and sets the rule.
func (e *explainer) filterText() string {
	query, _ := url.ParseQuery(e.record.Query)
	text := query.Get("filter")
	e.rule = "the filter matches nothing"
	if text == "" {
		e.rule = "there is nothing to list"
	}
	return text
}

// explainNoVaults explains an empty list of vaults: a name may differ by a letter, or be out of the token's scope.
func (e *explainer) explainNoVaults() {
	text := e.filterText()
	wanted, err := filter.ParseVaults(text)
	if text == "" || err != nil { // the journal keeps only the beginning of a long filter
		return
	}
	for _, wanted := range comparisons(wanted) {
		names := []string{}
		for _, v := range e.vaults {
			if v.Name == wanted.Value {
				e.suggest("there is a vault %q, the token %s does not see it", v.Name, e.record.Caller)
			}
			names = append(names, v.Name)
		}
		for _, name := range nearest.FindSimilar(wanted.Value, names) {
			e.suggest("there is a vault %q, the filter says %q", name, wanted.Value)
		}
	}
}

// explainNoItems explains an empty list of items: a title or tag may differ by a letter, or be in another vault.
func (e *explainer) explainNoItems() error {
	text := e.filterText()
	parsed, err := filter.ParseItems(text)
	if text == "" || err != nil { // the journal keeps only the beginning of a long filter
		return nil
	}
	all, err := e.items()
	for _, wanted := range comparisons(parsed) {
		e.suggestItems(wanted, all)
	}
	return err
}

// suggestItems suggests titles or tags that are close to what a filter compares with.
func (e *explainer) suggestItems(wanted filter.Compare, all []item) {
	var elsewhere []string // the same in another vault
	var titles, tags []string
	for _, it := range all {
		if it.vault.ID == e.path["vaultUuid"] {
			titles, tags = append(titles, it.Title), append(tags, it.Tags...)
			continue
		}
		sameTitle := wanted.Attribute == filter.Title && it.Title == wanted.Value
		if sameTitle || wanted.Attribute == filter.Tag && slices.Contains(it.Tags, wanted.Value) {
			elsewhere = append(elsewhere, fmt.Sprintf("in the vault %q there is the item %q", it.vault.Name, it.Title))
		}
	}
	what, here := "item", titles
	if wanted.Attribute == filter.Tag {
		what, here = "tag", tags
	}
	for _, text := range nearest.FindSimilar(wanted.Value, here) {
		e.suggest("there is the %s %q, the filter says %q", what, text, wanted.Value)
	}
	e.near = append(e.near, elsewhere[:min(len(elsewhere), maxSuggestions)]...)
}

// comparisons returns the comparisons of a filter with a value.
func comparisons(f *filter.Filter) (list []filter.Compare) {
	var walk func(filter.Node)
	walk = func(n filter.Node) {
		switch n := n.(type) {
		case filter.And:
			walk(n.Left)
			walk(n.Right)
		case filter.Or:
			walk(n.Left)
			walk(n.Right)
		case filter.Compare:
			if n.Value != "" {
				list = append(list, n)
			}
		}
	}
	if f != nil {
		walk(f.Root)
	}
	return list
}
