package items_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
)

// The generators below make requests that are often right and often nearly
// right; wholly random bytes are the fuzz targets' business.

func oneOf(words ...string) *rapid.Generator[string] { return rapid.SampledFrom(words) }

func fieldIDs() *rapid.Generator[string] {
	return oneOf("", "a", "b", "c/d", "username", "password", "notesPlain", "hostname", "private_key", "-")
}

func sectionRefs() *rapid.Generator[*connect.Section] {
	return rapid.Custom(func(t *rapid.T) *connect.Section {
		if rapid.Bool().Draw(t, "no section") {
			return nil
		}
		return &connect.Section{ID: oneOf("", "s", "r", "admin_console").Draw(t, "id"), Label: oneOf("", "S", "R").Draw(t, "label")}
	})
}

func fieldInputs() *rapid.Generator[connect.FieldInput] {
	return rapid.Custom(func(t *rapid.T) connect.FieldInput {
		f := connect.FieldInput{
			Generate: rapid.Bool().Draw(t, "generate"),
			ID:       fieldIDs().Draw(t, "id"),
			Label:    oneOf("", "label", "password", "URL").Draw(t, "label"),
			Section:  sectionRefs().Draw(t, "section"),
			Type:     oneOf("", "", "string", "CONCEALED", "otp", "DATE", "MONTH_YEAR", "SSHKEY", "TOTP").Draw(t, "type"),
			Value:    oneOf("", "v", "2024-05-03", "202405", "1714694400", "JBSWY3DPEHPK3PXP", "otpauth://x").Draw(t, "value"),
		}
		f.Purpose = oneOf("", "", "", "USERNAME", "PASSWORD", "NOTES", "nope").Draw(t, "purpose")
		if rapid.Bool().Draw(t, "recipe") {
			f.Recipe = &connect.Recipe{Length: rapid.IntRange(-1, 66).Draw(t, "length"),
				CharacterSets:     rapid.SliceOfN(oneOf("LETTERS", "DIGITS", "SYMBOLS", "nope"), 0, 2).Draw(t, "sets"),
				ExcludeCharacters: oneOf("", "abc", "0123456789").Draw(t, "excluded")}
		}
		return f
	})
}

func itemInputs(categories []string) *rapid.Generator[connect.ItemInput] {
	return rapid.Custom(func(t *rapid.T) connect.ItemInput {
		return connect.ItemInput{
			Category: rapid.SampledFrom(categories).Draw(t, "category"),
			Favorite: rapid.Bool().Draw(t, "favorite"),
			Fields:   rapid.SliceOfN(fieldInputs(), 0, 4).Draw(t, "fields"),
			Sections: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) connect.Section {
				return connect.Section{ID: oneOf("", "s", "r", "q").Draw(t, "id"), Label: oneOf("", "S", "R").Draw(t, "label")}
			}), 0, 2).Draw(t, "sections"),
			Tags:  rapid.SliceOfN(oneOf("", "a", "b", "ä", "B"), 0, 4).Draw(t, "tags"),
			Title: oneOf("t", "t", "t", "").Draw(t, "title"),
			URLs: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) connect.URL {
				return connect.URL{Href: oneOf("", "example.com").Draw(t, "href"), Primary: rapid.Bool().Draw(t, "primary")}
			}), 0, 2).Draw(t, "urls"),
		}
	})
}

// anyItem generates an item of any category, and options to change it with.
func anyItem(t *rapid.T) (connect.Item, items.Options) {
	r := later()
	r.KeepSSHKeyType = true
	r.DateISO = rapid.Bool().Draw(t, "iso")
	for range 50 {
		it, err := items.Import(itemInputs(connect.Categories()).Draw(t, "input"), vault(), r)
		if err == nil {
			return it, r
		}
		checkAPIError(t, err)
	}
	t.SkipNow()
	panic("unreachable")
}

// checkAPIError checks that an error is one of the API.
func checkAPIError(t interface{ Errorf(string, ...any) }, err error) {
	var wantError *connect.Error
	if !errors.As(err, &wantError) || !slices.Contains([]int{400, 404, 406}, wantError.Status) {
		t.Errorf("error = %v, want a *connect.Error of status 400, 404 or 406", err)
	}
}

func TestCreate_ReturnsValidItems(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := itemInputs(append(connect.Categories(), "nope", "")).Draw(rt, "input")
		before := asJSON(t, in)
		it, err := items.Create(in, vault(), options())
		if after := asJSON(t, in); after != before {
			rt.Errorf("Create changed what was sent\nfrom %s\n  to %s", before, after)
		}
		if err != nil {
			checkAPIError(rt, err)
			return
		}
		checkItem(wrapped{t, rt}, it)
		if it.Version != 1 || !slices.Contains(connect.CreatableCategories(), it.Category) {
			rt.Errorf("created version %d of a %s", it.Version, it.Category)
		}
	})
}

func TestReplace_ByTheSameDocumentChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		old, r := anyItem(rt)
		got, err := items.Replace(old, inputFromItem(t, old), r)
		if err != nil {
			rt.Fatalf("Replace of an item by itself = %v\n%s", err, asJSON(t, old))
		}
		if diff := cmp.Diff(nextVersion(old, r), got); diff != "" {
			rt.Errorf("Replace of an item by itself (-want +got):\n%s", diff)
		}
	})
}

// A patch that sets present values is a replace by the same document.
func TestPatch_WithPresentValuesChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		old, r := anyItem(rt)
		got, err := items.Patch(old, []connect.PatchOperation{{Op: "replace", Path: "/", Value: []byte(asJSON(t, old))}}, r)
		if err != nil {
			rt.Fatalf("Patch of an item by itself = %v\n%s", err, asJSON(t, old))
		}
		if diff := cmp.Diff(nextVersion(old, r), got); diff != "" {
			rt.Errorf("Patch of an item by itself (-want +got):\n%s", diff)
		}
	})
}

func patchOperations(t testing.TB) *rapid.Generator[connect.PatchOperation] {
	segment := oneOf("", "0", "1", "-", "a", "c~1d", "s", "r", "username", "password", "notesPlain",
		"title", "favorite", "category", "vault", "tags", "urls", "sections", "fields", "files", "version",
		"id", "label", "value", "type", "purpose", "section", "generate", "recipe", "href", "primary", "~")
	return rapid.Custom(func(rt *rapid.T) connect.PatchOperation {
		path := ""
		for range rapid.IntRange(0, 4).Draw(rt, "depth") {
			path += "/" + segment.Draw(rt, "segment")
		}
		if rapid.Bool().Draw(rt, "likely") {
			path = oneOf("/", "/title", "/favorite", "/tags", "/tags/0", "/tags/-", "/urls", "/urls/0", "/sections",
				"/fields", "/fields/a", "/fields/username", "/fields/password/value", "/fields/a/label",
				"/fields/a/section", "/sections/s", "/sections/s/label", "title").Draw(rt, "path")
		}
		op := connect.PatchOperation{Op: oneOf("add", "remove", "replace", "replace", "test").Draw(rt, "op"), Path: path}
		switch rapid.IntRange(0, 6).Draw(rt, "value") {
		case 0:
			op.Value = []byte(oneOf(`null`, `true`, `"x"`, `""`, `7`, `[]`, `{}`, `["a"]`, `{`, `[null]`).Draw(rt, "text"))
		case 1, 2:
			op.Value = []byte(asJSON(t, fieldInputs().Draw(rt, "field")))
		case 3:
			op.Value = []byte(asJSON(t, itemInputs(connect.Categories()).Draw(rt, "item")))
		case 4:
			op.Value = []byte(asJSON(t, oneOf("x", "2024-05-03", "a", "LOGIN").Draw(rt, "string")))
		case 5:
			op.Value = []byte(asJSON(t, sectionRefs().Draw(rt, "section")))
		}
		return op
	})
}

// validOperation generates an operation that the item accepts.
func validOperation(t testing.TB, it connect.Item) *rapid.Generator[connect.PatchOperation] {
	add := func(path string, value any) connect.PatchOperation {
		return connect.PatchOperation{Op: "add", Path: path, Value: []byte(asJSON(t, value))}
	}
	replace := func(path string, value any) connect.PatchOperation {
		return connect.PatchOperation{Op: "replace", Path: path, Value: []byte(asJSON(t, value))}
	}
	remove := func(path string) connect.PatchOperation { return connect.PatchOperation{Op: "remove", Path: path} }
	section := connect.Section{ID: "new", Label: "R"}
	ops := []connect.PatchOperation{
		replace("/title", "x"), replace("/favorite", true), remove("/favorite"), add("/tags", "c"), add("/tags/-", "A"),
		replace("/tags", []string{"z", "y"}), remove("/tags"), add("/urls", connect.URL{Href: "example.org"}), remove("/urls"),
		add("/sections", section), add("/fields", connect.FieldInput{Label: "l", Section: &section}),
		add("/fields", connect.FieldInput{Generate: true, Type: "otp", Value: "JBSWY3DPEHPK3PXP"}),
		replace("/", connect.ItemInput{Title: "y", Fields: []connect.FieldInput{{ID: "n", Generate: true}}}),
		remove("/fields"), replace("/fields", []connect.FieldInput{{ID: "a", Value: "x"}}),
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	for _, f := range it.Fields {
		path := "/fields/" + escape.Replace(f.ID)
		ops = append(ops, replace(path+"/label", "x"), remove(path+"/value"), remove(path),
			replace(path, connect.FieldInput{Label: "y", Type: "CONCEALED", Value: "z"}),
			add(path+"/section", section), remove(path+"/section"), remove(path+"/type"))
	}
	for _, s := range it.Sections {
		ops = append(ops, remove("/sections/"+s.ID), replace("/sections/"+s.ID+"/label", "T"))
	}
	for i := range it.Tags {
		ops = append(ops, remove(fmt.Sprintf("/tags/%d", i)))
	}
	return rapid.SampledFrom(ops)
}

func TestPatch_AppliesAllOperationsOrNone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		old, r := anyItem(rt)
		before := asJSON(t, old)
		ops := rapid.SliceOfN(validOperation(t, old), 0, 3).Draw(rt, "operations")
		if rapid.Bool().Draw(rt, "and others") {
			ops = append(ops, rapid.SliceOfN(patchOperations(t), 0, 3).Draw(rt, "other operations")...)
		}
		it, err := items.Patch(old, ops, r)
		if after := asJSON(t, old); after != before {
			rt.Errorf("Patch changed the old document\nfrom %s\n  to %s", before, after)
		}
		switch {
		case err != nil:
			checkAPIError(rt, err)
			if diff := cmp.Diff(connect.Item{}, it); diff != "" {
				rt.Errorf("a refused patch gives an item as well:\n%s", diff)
			}
		case len(ops) == 0:
			if diff := cmp.Diff(old, it); diff != "" {
				rt.Errorf("Patch without operations (-want +got):\n%s", diff)
			}
		default:
			checkItem(wrapped{t, rt}, it)
			if it.Version != old.Version+1 || it.ID != old.ID || it.Category != old.Category || it.Vault != old.Vault || it.CreatedAt != old.CreatedAt {
				rt.Errorf("Patch changed what only the server changes: %s", asJSON(t, it))
			}
			// Nothing of the new document may lead back into the old one.
			for i := range it.Fields {
				if it.Fields[i].Section != nil {
					it.Fields[i].Section.Label = "changed"
				}
			}
			if after := asJSON(t, old); after != before {
				rt.Error("the patched document shares memory with the old one")
			}
		}
	})
}

// wrapped lets checkItem report failures to rapid.
type wrapped struct {
	testing.TB
	rt *rapid.T
}

func (w wrapped) Helper()                           {}
func (w wrapped) Error(args ...any)                 { w.rt.Error(args...) }
func (w wrapped) Errorf(format string, args ...any) { w.rt.Errorf(format, args...) }
func (w wrapped) Fatal(args ...any)                 { w.rt.Fatal(args...) }
func (w wrapped) Fatalf(format string, a ...any)    { w.rt.Fatalf(format, a...) }
