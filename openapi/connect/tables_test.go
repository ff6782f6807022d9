package connect_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

// tables returns the words of each table of this package, by the name of what returns it.
func tables() map[string][]string {
	var fields, routes []string
	for _, category := range connect.Categories() {
		for _, f := range connect.StandardFields(category) {
			fields = append(fields, f.ID)
		}
	}
	for _, o := range connect.Operations() {
		if strings.Contains(o.Path, "{") {
			routes = append(routes, route(o.Path))
		}
	}
	all := map[string][]string{
		"StandardFields": fields, "Categories": connect.Categories(), "FieldTypes": connect.FieldTypes(),
		"Purposes": connect.Purposes(), "CharacterSets": connect.CharacterSets(), "VaultTypes": connect.VaultTypes(),
		"PasswordStrengths": connect.PasswordStrengths(), "Actions": connect.Actions(),
		"PermissionNames": connect.PermissionNames(), "the paths of Operations": routes,
		"OperationIDs": connect.OperationIDs(func(connect.Operation) bool { return true }),
	}
	for name, words := range all {
		slices.Sort(words)
		all[name] = slices.Compact(words)
	}
	return all
}

// allowedCopies returns the lists that a file must keep, each with the reason.
func allowedCopies() map[string]string {
	return map[string]string{
		"internal/redact/places.go FieldTypes":                "types that are no secret; a new one is until it is listed",
		"openapi/controlapi/words.go PermissionNames":         "it imports nothing; a test of faults compares both",
		"mockserver/internal/api/routes.go OperationIDs":      "the handlers; a server without one does not start",
		"internal/mutants/routes.go OperationIDs":             "short names; a test compares them with the document",
		"fixtures/generate_item.go Categories":                "how an item of each category is generated",
		"mockserver/internal/items/generate.go CharacterSets": "the characters of each set",
	}
}

// TestTables_AreNotListedTwice finds lists in Go files of the project that have most words of a table, and patterns of
// ids.
func TestTables_AreNotListedTwice(t *testing.T) {
	t.Parallel()
	const root = "../.."
	all, seen, files := tables(), map[string]bool{}, 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || name == "openapi/connect"):
			return fs.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		files++
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, table := range copiedTables(file, all) {
			if copied := name + " " + table; allowedCopies()[copied] == "" {
				t.Errorf("%s: a second list; call connect.%s instead", copied, table)
			} else {
				seen[copied] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 200 {
		t.Errorf("only %d files were read", files)
	}
	for copied := range allowedCopies() {
		if !seen[copied] {
			t.Errorf("%s is allowed and not there", copied)
		}
	}
}

func TestCopiedTables_FindsLists(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ source, want string }{
		"slice":     {`var x = []string{"USERNAME", "PASSWORD", "NOTES"}`, "Purposes"},
		"map":       {`var x = map[string]int{"USERNAME": 1, "PASSWORD": 2, "NOTES": 3}`, "Purposes"},
		"rows":      {`var x = []struct{ a, b string }{{"a", "READ"}, {"b", "CREATE"}, {"c", "UPDATE"}, {"d", "DELETE"}}`, "Actions"},
		"switch":    {`func f(s string) int { switch s { case "read": return 1; case "write", "read-write": return 2 }; return 0 }`, "PermissionNames"},
		"constants": {`const ( a, b = "TERRIBLE", "WEAK"; c = "FAIR"; d = "GOOD" )`, "PasswordStrengths"},
		"text":      {`var x = strings.Fields("LETTERS DIGITS SYMBOLS")`, "CharacterSets"},
		"paths":     {`func f(s string) int { switch s { case "v1/vaults/*": return 1; case "/v1/vaults/:v/items", "/v1/vaults/{a}/items/{b}", "/v1/vaults/x/items/y/files": return 2 }; return 0 }`, "the paths of Operations"},
		"members":   {`var x = []field{{Purpose: "USERNAME"}, {Purpose: "PASSWORD"}, {Purpose: "NOTES"}}`, ""},
		"pattern":   {"var x = regexp.MustCompile(`^[a-z0-9]{26}$`)", "IsID"},
		"few":       {`var x = []string{"USERNAME", "PASSWORD"}`, ""},
		"calls":     {`var x = []any{f("READ"), f("CREATE"), f("UPDATE"), f("DELETE")}`, ""},
	} {
		file, err := parser.ParseFile(token.NewFileSet(), name, "package p\n"+c.source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(copiedTables(file, tables()), " "); got != c.want {
			t.Errorf("%s: found %q, want %q", name, got, c.want)
		}
	}
}

// copiedTables returns the names of the tables that a list in the file has most words of, or all if they are four or
// less, and "IsID" for a pattern of ids.
func copiedTables(file *ast.File, all map[string][]string) []string {
	var found []string
	for table, words := range all {
		enough := len(words)
		if enough > 4 {
			enough = enough/2 + 1
		}
		ast.Inspect(file, func(n ast.Node) bool {
			in := map[string]bool{}
			for _, text := range listedTexts(n, len(words) > 4) {
				if strings.Contains(text, "0-9]{26}") && !slices.Contains(found, "IsID") {
					found = append(found, "IsID")
				}
				for _, word := range append(wordsOfList(text, words), text, route(text)) {
					if _, known := slices.BinarySearch(words, word); known {
						in[word] = true
					}
				}
			}
			if len(in) >= enough && !slices.Contains(found, table) {
				found = append(found, table)
			}
			return true
		})
	}
	slices.Sort(found)
	return found
}

// listedTexts returns the texts that stand beside each other in a list, none if n is no list: elements, keys and values
// of a composite literal and of its rows, constants, and the cases of a switch. Without members it leaves out the
// members of a struct: three fields of an item that have the three purposes are no list of purposes.
func listedTexts(n ast.Node, members bool) (texts []string) {
	switch n := n.(type) {
	case *ast.BasicLit:
		return textOf(n)
	case *ast.CompositeLit:
		texts = elements(n, members)
		for _, row := range n.Elts {
			if pair, isPair := row.(*ast.KeyValueExpr); isPair {
				row = pair.Value
			}
			if row, isRow := row.(*ast.CompositeLit); isRow {
				texts = append(texts, elements(row, members)...)
			}
		}
	case *ast.GenDecl:
		for _, spec := range n.Specs {
			if spec, isValue := spec.(*ast.ValueSpec); isValue {
				texts = append(texts, textOf(spec.Values...)...)
			}
		}
	case *ast.SwitchStmt:
		for _, clause := range n.Body.List {
			texts = append(texts, textOf(clause.(*ast.CaseClause).List...)...)
		}
	}
	return texts
}

func elements(list *ast.CompositeLit, members bool) (texts []string) {
	for _, e := range list.Elts {
		pair, isPair := e.(*ast.KeyValueExpr)
		switch {
		case !isPair:
			texts = append(texts, textOf(e)...)
		case members || !isName(pair.Key):
			texts = append(texts, textOf(pair.Key, pair.Value)...)
		}
	}
	return texts
}

func isName(e ast.Expr) bool {
	_, is := e.(*ast.Ident)
	return is
}

// textOf returns those of the expressions that are a text.
func textOf(list ...ast.Expr) (texts []string) {
	for _, e := range list {
		if literal, ok := e.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			text, _ := strconv.Unquote(literal.Value)
			texts = append(texts, text)
		}
	}
	return texts
}

// wordsOfList returns the words of a text that has nothing but words of a table, as "LETTERS, DIGITS".
func wordsOfList(text string, table []string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,|", r) })
	for _, word := range words {
		if _, known := slices.BinarySearch(table, word); !known {
			return nil
		}
	}
	return words
}

// route returns a path with * in place of what it names vault, item and file by.
func route(path string) string {
	if !strings.Contains(path, "v1/vaults") {
		return ""
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for _, i := range []int{2, 4, 6} {
		if i < len(parts) {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}
