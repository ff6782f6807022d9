// Package auditreport writes an audit as text, JSON or Markdown, for the commands that make one.
package auditreport

import (
	"encoding/json"
	"math"

	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/internal/audit"
)

// AllEntries is a limit of journal queries that leaves out none.
const AllEntries = math.MaxInt32

// SeverityChoice returns the value of a flag that names a severity.
func SeverityChoice() cliflag.Choice {
	c := cliflag.Choice{Form: "severity"}
	for _, s := range audit.Severities() {
		c.Words = append(c.Words, string(s))
	}
	return c
}

// Formats returns the names of the formats of an audit.
func Formats() []string { return []string{"text", "json", "markdown"} }

// Text returns an audit in a format.
func Text(r *audit.Report, format string) (string, error) {
	switch format {
	case "json":
		text, err := json.MarshalIndent(r, "", "  ")
		return string(text) + "\n", err
	case "markdown":
		return auditMarkdown(r), nil
	}
	return Plain(r), nil
}

// Fails reports whether an audit has a finding of a severity or a higher one; "" never fails.
func Fails(r *audit.Report, least string) bool {
	return least != "" && r.Highest() != "" && r.Highest().IsAtLeast(audit.Severity(least))
}
