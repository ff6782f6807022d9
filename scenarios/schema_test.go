package scenarios

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scenario.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// checkSchema reads YAML as another library would and validates it against the schema.
func checkSchema(s *jsonschema.Schema, text []byte) error {
	var tree any
	if err := yaml.Unmarshal(text, &tree); err != nil {
		return err
	}
	asJSON, err := json.Marshal(tree)
	if err != nil {
		return err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		return err
	}
	return s.Validate(doc)
}

func TestSchema_AcceptsWhatLoadAccepts(t *testing.T) {
	t.Parallel()
	s := compiledSchema(t)
	seen := 0
	for _, files := range []fs.FS{Library(), os.DirFS("testdata/valid")} {
		err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(name) != ".yaml" {
				return err
			}
			seen++
			text, err := fs.ReadFile(files, name)
			if err != nil {
				return err
			}
			if err := checkSchema(s, text); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if seen < 2 {
		t.Errorf("only %d files were looked at", seen)
	}
}

// Files with mistakes that a schema can't find say so in their first line.
func TestSchema_RejectsInvalidScenarios(t *testing.T) {
	t.Parallel()
	s := compiledSchema(t)
	names, err := filepath.Glob("testdata/mistakes/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no files with mistakes", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		beyond := strings.HasPrefix(string(text), "# beyond a schema")
		err = checkSchema(s, text)
		if _, invalid := err.(*jsonschema.ValidationError); invalid == beyond {
			t.Errorf("%s: %v", name, err)
		}
	}
}
