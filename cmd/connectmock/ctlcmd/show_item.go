package ctlcmd

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// itemText returns an item as people read it.
func itemText(it controlapi.Item) string {
	text := cli.Table("", func(addRow func(...any)) {
		addRow("title", it.Title)
		addRow("id", it.ID)
		addRow("vault", it.Vault.Name)
		addRow("category", it.Category)
		if len(it.Tags) > 0 {
			addRow("tags", strings.Join(it.Tags, ", "))
		}
		if it.Favorite {
			addRow("favorite", "yes")
		}
		for _, u := range it.URLs {
			addRow("address", urlText(u))
		}
		addRow("created", it.CreatedAt.Format(time.RFC3339))
		addRow("changed", fmt.Sprintf("%s, version %d", it.UpdatedAt.Format(time.RFC3339), it.Version))
	})
	if len(it.Fields) > 0 {
		text += "\n" + cli.TableOf("FIELD\tTYPE\tVALUE\tNOTE", it.Fields, func(f controlapi.ItemField) []any {
			return []any{inSection(f.Section, cmp.Or(f.Label, f.ID)), f.Type, valueText(f), fieldNote(f)}
		})
	}
	if len(it.Files) > 0 {
		text += "\n" + cli.TableOf("FILE\tID\tSIZE", it.Files, func(f controlapi.ItemFile) []any {
			return []any{inSection(f.Section, f.Name), f.ID, cli.Count(int(f.Size), "byte")}
		})
	}
	return text
}

func urlText(u controlapi.ItemURL) string {
	var notes []string
	if u.Label != "" {
		notes = append(notes, u.Label)
	}
	if u.Primary {
		notes = append(notes, "primary")
	}
	if len(notes) == 0 {
		return u.Href
	}
	return u.Href + " (" + strings.Join(notes, ", ") + ")"
}

// inSection returns the name of a field or file after that of its section.
func inSection(section, name string) string {
	if section == "" {
		return name
	}
	return section + " > " + name
}

func valueText(f controlapi.ItemField) string {
	if f.Masked {
		return mask
	}
	return cmp.Or(f.Value, "-")
}

// fieldNote returns the one-time code, the strength and the former values of a
// field, as far as they are in it.
func fieldNote(f controlapi.ItemField) string {
	var notes []string
	if f.Code != "" {
		notes = append(notes, fmt.Sprintf("code %s, %d s left", f.Code, f.CodeSeconds))
	}
	if f.Strength != "" {
		notes = append(notes, f.Strength)
	}
	switch {
	case len(f.History) > 0:
		notes = append(notes, "before: "+strings.Join(f.History, ", "))
	case f.Former > 0:
		notes = append(notes, cli.Count(f.Former, "former password"))
	}
	return strings.Join(notes, "; ")
}
