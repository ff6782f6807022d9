package forms

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Item is what a person enters about an item.
type Item struct {
	Vault    string // id
	Item     string // id; "": a new one
	Version  int    // that the form was made from
	Category string
	Title    string
	Favorite bool
	Tags     string // one a line
	URLs     []connect.URL
	Sections []connect.Section // those that exist; labels can be changed
	Fields   []Field
	Problem  string // why it could not be saved
	Types    []string
}

// Field is what a person enters about a field.
type Field struct {
	ID, Label, Type, Purpose, Section string // Section is a label, or the id of one without
	Value                             string
	Secret                            bool // its stored value is not in the form; it stays unless another is entered
	Clear, Remove, Generate           bool
}

// blankFields is how many empty rows a form has for further fields, and for addresses.
const blankFields = 2

// maxFormFields bounds the fields and addresses that are read from a form.
const maxFormFields = 2000

// NewItem returns the form for an item. Its document has all values, of which the form has those that are not secret.
func NewItem(it controlapi.Item, document connect.Item) Item {
	f := Item{
		Vault: it.Vault.ID, Item: it.ID, Version: it.Version, Category: it.Category, Title: it.Title,
		Favorite: it.Favorite, Tags: strings.Join(it.Tags, "\n"), URLs: document.URLs,
		Sections: slices.Clone(document.Sections),
	}
	for i, field := range document.Fields {
		row := Field{
			ID: field.ID, Label: field.Label, Type: field.Type, Purpose: field.Purpose, Value: shownValue(field),
			Secret: i < len(it.Fields) && it.Fields[i].Masked,
		}
		if field.Section != nil {
			row.Section = sectionWord(*field.Section)
		}
		if row.Secret {
			row.Value = ""
		}
		f.Fields = append(f.Fields, row)
	}
	return f
}

// sectionWord is what a section is called in a form.
func sectionWord(s connect.Section) string {
	if s.Label != "" {
		return s.Label
	}
	return s.ID
}

// shownValue returns the value of a field as people write it: a date as YYYY-MM-DD, with line feeds as browsers send
// them back.
func shownValue(f connect.Field) string {
	if seconds, err := strconv.ParseInt(f.Value, 10, 64); f.Type == "DATE" && err == nil {
		return time.Unix(seconds, 0).UTC().Format(time.DateOnly)
	}
	return unixLines(f.Value)
}

// unixLines returns a text with line feeds: browsers send CR and LF.
func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// WithBlanks returns the form with empty rows to fill in.
func (f Item) WithBlanks() Item {
	for range blankFields {
		f.Fields = append(f.Fields, Field{Type: "STRING"})
		f.URLs = append(slices.Clip(f.URLs), connect.URL{})
	}
	f.Types = connect.FieldTypes()
	return f
}

// Lines is how high the input of a value is.
func (f Field) Lines() int { return min(strings.Count(f.Value, "\n")+1, 12) }

// ReadItem returns what was entered.
func ReadItem(entered url.Values) Item {
	word := func(name string) string { return strings.TrimSpace(entered.Get(name)) }
	text := func(name string) string { return strings.ToValidUTF8(unixLines(entered.Get(name)), "\uFFFD") }
	version, _ := strconv.Atoi(word("version")) // 0 for what is no number: any version
	f := Item{
		Vault: word("vault"), Item: word("item"), Version: version, Category: word("category"),
		Title: text("title"), Favorite: word("favorite") != "", Tags: text("tags"),
	}
	for i := range maxFormFields {
		name := func(part string) string { return fmt.Sprintf("section%d.%s", i, part) }
		if !entered.Has(name("id")) {
			break
		}
		f.Sections = append(f.Sections, connect.Section{ID: word(name("id")), Label: text(name("label"))})
	}
	for i := range maxFormFields {
		name := func(part string) string { return fmt.Sprintf("url%d.%s", i, part) }
		if !entered.Has(name("href")) {
			break
		}
		address := connect.URL{Href: strings.TrimSpace(text(name("href"))), Label: text(name("label"))}
		if address.Primary = word("primary") == strconv.Itoa(i); address.Href != "" {
			f.URLs = append(f.URLs, address)
		}
	}
	for i := range maxFormFields {
		name := func(part string) string { return fmt.Sprintf("field%d.%s", i, part) }
		if !entered.Has(name("type")) {
			break
		}
		row := Field{
			ID: word(name("id")), Label: text(name("label")), Type: word(name("type")),
			Purpose: word(name("purpose")), Section: text(name("section")), Value: text(name("value")),
			Secret: word(name("secret")) != "", Clear: word(name("clear")) != "",
			Remove: word(name("remove")) != "", Generate: word(name("generate")) != "",
		}
		if row.ID != "" || row.Purpose != "" || row.Label != "" || row.Value != "" || row.Generate {
			f.Fields = append(f.Fields, row)
		}
	}
	return f
}

// Input returns the form as the body of a request: with the present values where the form has none. present is the
// item as it is stored, the zero value for a new one.
func (f Item) Input(present connect.Item) connect.ItemInput {
	in := connect.ItemInput{Category: f.Category, Title: f.Title, Favorite: f.Favorite, URLs: f.URLs}
	for _, tag := range strings.Split(f.Tags, "\n") {
		if tag = strings.TrimSpace(tag); tag != "" {
			in.Tags = append(in.Tags, tag)
		}
	}
	in.Sections = slices.DeleteFunc(slices.Clone(f.Sections), func(s connect.Section) bool {
		return s.Label == "" && slices.ContainsFunc(present.Sections, func(old connect.Section) bool {
			return old.ID == s.ID && old.Label != "" // it was emptied to remove it
		})
	})
	for _, row := range f.Fields {
		if row.Remove {
			continue
		}
		field := connect.FieldInput{
			ID: row.ID, Label: row.Label, Type: row.Type, Purpose: row.Purpose, Value: row.Value,
			Section: f.section(row.Section, present), Generate: row.Generate,
		}
		i := slices.IndexFunc(present.Fields, func(p connect.Field) bool { return p.ID != "" && p.ID == row.ID })
		switch {
		case row.Clear || row.Generate:
			field.Value = ""
		case i >= 0 && (row.Secret && row.Value == "" || row.Value == shownValue(present.Fields[i])):
			field.Value = present.Fields[i].Value
		}
		in.Fields = append(in.Fields, field)
	}
	return in
}

// section returns the section that a field of the form names: by the label or id before the change, else by its new
// label; an unknown one is added.
func (f Item) section(word string, present connect.Item) *connect.Section {
	if word == "" {
		return nil
	}
	for _, s := range present.Sections {
		if sectionWord(s) == word {
			if i := slices.IndexFunc(f.Sections, func(n connect.Section) bool { return n.ID == s.ID }); i >= 0 {
				return &connect.Section{ID: s.ID, Label: f.Sections[i].Label}
			}
			return &connect.Section{ID: s.ID, Label: s.Label}
		}
	}
	return &connect.Section{Label: word}
}
