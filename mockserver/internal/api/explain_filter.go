package api

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver/internal/filter"
)

// unmatched is about an empty list: a name may differ by case or a letter, be
// in another vault, or out of the token's scope.
func (x *inquiry) unmatched() error {
	query, _ := url.ParseQuery(x.entry.Query)
	text := query.Get("filter")
	if text == "" {
		x.rule = "there is nothing to list"
		return nil
	}
	x.rule = "the filter matches nothing"
	if x.entry.Operation == "GetVaults" {
		wanted, err := filter.ParseVaults(text)
		if err == nil { // else it was too long to be kept
			x.unmatchedVaults(compared(wanted))
		}
		return nil
	}
	wanted, err := filter.ParseItems(text)
	if err != nil {
		return nil
	}
	return x.unmatchedItems(compared(wanted))
}

// compared are the comparisons of a filter that name what they want.
func compared(f *filter.Filter) (list []filter.Compare) {
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

func (x *inquiry) unmatchedVaults(list []filter.Compare) {
	for _, wanted := range list {
		names := []string{}
		for _, v := range x.vaults {
			if v.Name == wanted.Value {
				x.says("there is a vault %q, the token %s does not see it", v.Name, x.entry.Caller)
			}
			names = append(names, v.Name)
		}
		for _, name := range nearest.FindSimilar(wanted.Value, names) {
			x.says("there is a vault %q, the filter says %q", name, wanted.Value)
		}
	}
}

func (x *inquiry) unmatchedItems(list []filter.Compare) error {
	all, err := x.items("")
	vault := x.path["vaultUuid"]
	for _, wanted := range list {
		var near []string
		var here, tags []string
		for _, it := range all {
			if it.Vault.ID == vault {
				here, tags = append(here, it.Title), append(tags, it.Tags...)
				continue
			}
			if wanted.Attribute == filter.Title && it.Title == wanted.Value || wanted.Attribute == filter.Tag && slices.Contains(it.Tags, wanted.Value) {
				near = append(near, fmt.Sprintf("in the vault %q there is the item %q", it.Vault.Name, it.Title))
			}
		}
		what := "item"
		if wanted.Attribute == filter.Tag {
			here, what = tags, "tag"
		}
		for _, text := range nearest.FindSimilar(wanted.Value, here) {
			x.says("there is the %s %q, the filter says %q", what, text, wanted.Value)
		}
		x.near = append(x.near, near[:min(len(near), 3)]...)
	}
	return err
}
