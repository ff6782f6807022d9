package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// place returns where a mutation is: the path from the working directory, if it has one, and the line.
func place(m mutation) string {
	name := m.file
	if dir, err := os.Getwd(); err == nil {
		if relative, err := filepath.Rel(dir, name); err == nil {
			name = relative
		}
	}
	return fmt.Sprintf("%s:%d", filepath.ToSlash(name), m.line)
}

// headline returns how many mutations have each verdict.
func headline(results []result) string {
	counts := map[verdict]int{}
	for _, res := range results {
		counts[res.verdict]++
	}
	var parts []string
	for _, v := range []verdict{killedByContract, killedByUnit, timedOut, survived} {
		if counts[v] > 0 || v == survived {
			parts = append(parts, fmt.Sprintf("%d %s", counts[v], v))
		}
	}
	return fmt.Sprintf("%d changes: %s", len(results), strings.Join(parts, ", "))
}

// survivorsFirst returns the results in the order in which people read them.
func survivorsFirst(results []result) []result {
	return slices.SortedStableFunc(slices.Values(results), func(a, b result) int {
		return cmp.Compare(rank(a.verdict), rank(b.verdict))
	})
}

func rank(v verdict) int {
	return slices.Index([]verdict{survived, timedOut, killedByUnit, killedByContract}, v)
}

// writeTable writes the results as a table, and then the diffs of the survivors.
func writeTable(out io.Writer, results []result) {
	fmt.Fprintf(out, "\n%s\n\n", headline(results))
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, res := range survivorsFirst(results) {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", res.verdict, place(res.mutation), res.operator, res.about,
			res.seenBy)
	}
	table.Flush()
	for _, res := range results {
		if res.verdict == survived {
			fmt.Fprintf(out, "\n%s: %s\n%s", place(res.mutation), res.about, res.diff)
		}
	}
}

// markdown returns the results as a page.
func markdown(set settings, places int, results []result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Random changes of the source\n\n%s.\n\n", headline(results))
	if set.at != "" {
		fmt.Fprintf(&b, "All that compile at %s.\n", set.at)
	} else {
		fmt.Fprintf(&b, "Seed %d, drawn from %d places in %s.\n", set.seed, places, strings.Join(set.packages, ", "))
	}
	b.WriteString("\n| verdict | place | operator | change | seen by |\n|---|---|---|---|---|\n")
	for _, res := range survivorsFirst(results) {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", res.verdict, place(res.mutation), res.operator,
			cell(res.about), cell(res.seenBy))
	}
	for _, res := range results {
		if res.verdict == survived {
			fmt.Fprintf(&b, "\n## %s\n\n```diff\n%s```\n", place(res.mutation), res.diff)
		}
	}
	return b.String()
}

// cell returns a text for a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", "\\|", "<", "&lt;", "*", "\\*", "_", "\\_", "`", "'").Replace(text)
}
