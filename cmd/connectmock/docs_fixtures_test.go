package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/goccy/go-yaml"
)

// fixtureTables returns a table of keys for each kind of thing in a fixture, from its schema.
func fixtureTables(t *testing.T) string {
	t.Helper()
	var schema yaml.MapSlice // JSON is YAML, and this keeps the order
	if err := yaml.UnmarshalWithOptions(fixtures.Schema(), &schema, yaml.UseOrderedMap()); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	keyTable(&b, "The file", schema)
	b.WriteString("Keys that begin with `x-` are ignored: they hold anchors.\n\n")
	definitions, _ := member(schema, "definitions").(yaml.MapSlice)
	for _, d := range definitions {
		if node, isMap := d.Value.(yaml.MapSlice); isMap && member(node, "properties") != nil {
			name := fmt.Sprint(d.Key)
			keyTable(&b, strings.ToUpper(name[:1])+name[1:], node)
		}
	}
	return b.String()
}

// keyTable writes the heading, the description and the keys of a node.
func keyTable(b *strings.Builder, heading string, node yaml.MapSlice) {
	fmt.Fprintf(b, "### %s\n\n", heading)
	if about, found := member(node, "description").(string); found {
		fmt.Fprintf(b, "%s\n\n", about)
	}
	required := fmt.Sprint(member(node, "required"))
	b.WriteString("| key | value | |\n|---|---|---|\n")
	properties, _ := member(node, "properties").(yaml.MapSlice)
	for _, p := range properties {
		schema, _ := p.Value.(yaml.MapSlice)
		if ref, _ := member(schema, "$ref").(string); strings.Contains(ref, "/properties/") {
			continue // of a single account, as the description says
		}
		about, _ := member(schema, "description").(string)
		if strings.Contains(required, fmt.Sprint(p.Key)) {
			about = strings.TrimSpace("Required. " + about)
		}
		if value := member(schema, "default"); value != nil {
			about = strings.TrimSpace(fmt.Sprintf("%s Default: %v.", about, value))
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", p.Key, cell(valueOf(schema)), cell(about))
	}
	b.WriteString("\n")
}

// valueOf returns what a value can be.
func valueOf(schema yaml.MapSlice) string {
	if ref, found := member(schema, "$ref").(string); found {
		name := ref[strings.LastIndex(ref, "/")+1:]
		switch name {
		case "upperID":
			return "id in capitals"
		case "name":
			return "text"
		case "permission":
			return "`read`, `write`, `read-write`"
		}
		return name
	}
	if values, found := member(schema, "enum").([]any); found {
		if len(values) > 8 {
			return fmt.Sprintf("one of %d words", len(values))
		}
		return "`" + strings.Trim(strings.ReplaceAll(fmt.Sprint(values), " ", "`, `"), "[]") + "`"
	}
	if value := member(schema, "const"); value != nil {
		return fmt.Sprintf("`%v`", value)
	}
	items, _ := member(schema, "items").(yaml.MapSlice)
	switch kind := member(schema, "type"); kind {
	case "array":
		if any, found := member(items, "anyOf").([]any); found {
			var kinds []string
			for _, x := range any {
				kinds = append(kinds, valueOf(x.(yaml.MapSlice)))
			}
			return "list of " + strings.Join(kinds, " or ")
		}
		return "list of " + valueOf(items)
	case "object":
		return "map of " + valueOf(member(schema, "additionalProperties").(yaml.MapSlice))
	case nil:
		return "number, or text such as `150 KiB`" // size, the only choice
	default:
		return strings.ReplaceAll(fmt.Sprint(kind), "string", "text")
	}
}

// member returns the value of a key, nil if there is none.
func member(node yaml.MapSlice, key string) any {
	for _, m := range node {
		if m.Key == key {
			return m.Value
		}
	}
	return nil
}

// categoryTable returns a table of the categories with the ids of their standard fields.
func categoryTable() string {
	var b strings.Builder
	b.WriteString("| category | standard fields |\n|---|---|\n")
	for _, category := range connect.Categories() {
		var ids []string
		for _, f := range connect.StandardFields(category) {
			ids = append(ids, "`"+f.ID+"`")
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", category, strings.Join(ids, ", "))
	}
	fmt.Fprintf(&b, "\nTypes of fields: `%s`. The server refuses to create items of category %s.\n",
		strings.Join(connect.FieldTypes(), "`, `"), strings.Join(uncreatable(), " and "))
	return b.String()
}

func uncreatable() (all []string) {
	creatable := strings.Join(connect.CreatableCategories(), " ") + " "
	for _, category := range connect.Categories() {
		if !strings.Contains(creatable, category+" ") {
			all = append(all, "`"+category+"`")
		}
	}
	return all
}
