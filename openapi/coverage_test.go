package openapi

import (
	"bytes"
	"flag"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write golden files")

const factsFile = "testdata/published-1.7.1.yaml"

// exception is a fact of the published document that is not in ours on purpose.
type exception struct {
	operation, fact string // both with * as in package path
	reason          string
}

func exceptions() []exception {
	return []exception{
		{"*", "response 200 application/json state", "only archived and deleted items would have it, and those are not in responses [T]"},
		{"GetVaultItems", "response 200 application/json [[]].state", "the same [T]"},
		{"*", "response 200 application/json fields[[]].generate", "a request to the server; no recorded response repeats it [R]"},
		{"*", "response 200 application/json fields[[]].recipe*", "a request to the server; no recorded response repeats it [R]"},
		{"*", "request application/json files[[]].*", "files of a request are taken as they come and ignored [W]"},
	}
}

// TestConnect_CoversThePublishedDocument compares our document with a list of what the published one has: routes,
// parameters, statuses, headers, members.
func TestConnect_CoversThePublishedDocument(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(factsFile)
	if err != nil {
		t.Fatal(err)
	}
	var listing map[string][]string
	if err := yaml.Unmarshal(data, &listing); err != nil {
		t.Fatal(err)
	}
	if len(listing) != 15 {
		t.Fatalf("the listing has %d operations", len(listing))
	}
	used := map[string]bool{}
	for id, facts := range listing {
		op := connectForTest(t).Operation(id)
		if op == nil {
			t.Errorf("%s is missing", id)
			continue
		}
		ours := listFacts(op)
		for _, fact := range facts {
			if slices.Contains(ours, fact) {
				continue
			}
			if reason := findException(id, fact); reason != "" {
				used[reason] = true
				continue
			}
			t.Errorf("%s: %s is missing", id, fact)
		}
	}
	for _, e := range exceptions() {
		if !used[e.operation+e.fact] {
			t.Errorf("exception %s %q is not needed", e.operation, e.fact)
		}
	}
}

func findException(id, fact string) string {
	for _, e := range exceptions() {
		op, _ := path.Match(e.operation, id)
		is, err := path.Match(withoutSlashes(e.fact), withoutSlashes(fact))
		if err != nil {
			panic(err)
		}
		if op && is {
			return e.operation + e.fact
		}
	}
	return ""
}

// withoutSlashes lets * match media types as well.
func withoutSlashes(s string) string { return strings.ReplaceAll(s, "/", ":") }

// TestPublishedList_IsUpToDate reads the published document, if there is a copy.
func TestPublishedList_IsUpToDate(t *testing.T) {
	t.Parallel()
	raw, err := parse(publishedSpec(t))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := compile(raw)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	b.WriteString("# What 1Password's published document 1.7.1 has, by operation: facts, no text of it.\n" +
		"# Written by: CONNECTMOCK_PUBLISHED_SPEC=FILE go test ./openapi -run TestPublishedList_IsUpToDate -update\n")
	for _, id := range operationIDs(doc) {
		b.WriteString(id + ":\n")
		for _, fact := range listFacts(doc.Operation(id)) {
			b.WriteString("  - '" + fact + "'\n")
		}
	}
	if *update {
		if err := os.WriteFile(factsFile, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(factsFile)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Error(d)
	}
}

// listFacts returns the places of an operation and its route.
func listFacts(op *Operation) []string {
	facts := op.facts()
	list := []string{"route " + facts["route"]}
	for where := range facts {
		if where != "route" {
			list = append(list, where)
		}
	}
	slices.Sort(list)
	return list
}
