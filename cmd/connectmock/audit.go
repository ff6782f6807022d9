package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/internal/audit"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

// auditJournalSize is how many exchanges exec keeps for an audit, unless --journal-size is given. The journal takes
// memory only for those that there are, some 500 bytes each.
const auditJournalSize = 100_000

// allEntries is a limit of journal queries that leaves out none.
const allEntries = math.MaxInt32

// severityChoice returns the value of a flag that names a severity.
func severityChoice() cliflag.Choice {
	c := cliflag.Choice{Form: "severity"}
	for _, s := range audit.Severities() {
		c.Words = append(c.Words, string(s))
	}
	return c
}

// auditFormats returns the names of the formats of an audit.
func auditFormats() []string { return []string{"text", "json", "markdown"} }

// auditText returns an audit in a format.
func auditText(r *audit.Report, format string) (string, error) {
	switch format {
	case "json":
		text, err := json.MarshalIndent(r, "", "  ")
		return string(text) + "\n", err
	case "markdown":
		return auditMarkdown(r), nil
	}
	return auditPlain(r), nil
}

// failsAudit reports whether an audit has a finding of a severity or a higher one; "" never fails.
func failsAudit(r *audit.Report, least string) bool {
	return least != "" && r.Highest() != "" && r.Highest().IsAtLeast(audit.Severity(least))
}

// auditFlags are the flags of exec for an audit.
type auditFlags struct {
	show    bool
	reports cliflag.ReportFiles
	fail    cliflag.Choice
}

func (a *auditFlags) bind(c *cobra.Command) {
	a.fail = severityChoice()
	f := c.Flags()
	f.BoolVar(&a.show, "audit", false, "after the command, report its mistakes and needed permissions on standard error")
	a.reports.Bind(f, "audit-report", "write the audit to a text, json or markdown file", auditFormats())
	f.Var(&a.fail, "audit-fail",
		"end with 1 if the command succeeded and the audit found something of this severity or a higher one: "+
			"info, warning or error")
	_ = c.RegisterFlagCompletionFunc("audit-fail", a.fail.Complete) // fails only for an unknown flag
}

// isOn reports whether an audit is wanted.
func (a *auditFlags) isOn() bool { return a.show || len(a.reports.List) > 0 || a.fail.Value != "" }

// prepare checks the flags before the server starts, and lets the journal keep enough.
func (a *auditFlags) prepare(c *cobra.Command, s *settings) error {
	if !a.isOn() {
		return nil
	}
	if !c.Flags().Changed("journal-size") {
		s.journalSize = auditJournalSize
	}
	if s.journalSize == 0 {
		return cli.Usage("an audit reads the journal: leave out --journal-size 0")
	}
	return a.reports.Prepare()
}

// run audits what the command of exec has done. It returns the error that exec ends with: that of the command, or if
// the command succeeded that of the audit.
func (a *auditFlags) run(ctx context.Context, m *mock, tokens []string, ofCommand error) error {
	if !a.isOn() {
		return ofCommand
	}
	report, err := a.writeReports(ctx, m, tokens)
	switch {
	case ofCommand != nil && err != nil:
		m.std.Say("%v", err)
	case err != nil:
		return err
	case ofCommand == nil && failsAudit(report, a.fail.Value):
		m.std.Say("the command succeeded, but the audit found something that --audit-fail %s does not accept", a.fail.Value)
		return cli.ExitCode(cli.ExitFailed)
	}
	return ofCommand
}

// writeReports audits the journal and writes the reports that the flags name.
func (a *auditFlags) writeReports(ctx context.Context, m *mock, tokens []string) (*audit.Report, error) {
	page, err := m.server.Journal(ctx, controlapi.JournalQuery{Limit: allEntries})
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	report := audit.Analyze(page, vaultNames(ctx, m, tokens))
	if a.show || len(a.reports.List) == 0 {
		fmt.Fprint(m.std.Err, auditPlain(report))
	}
	for _, p := range a.reports.List {
		text, err := auditText(report, p.Name)
		if err != nil {
			return nil, err
		}
		write := func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		}
		if err := m.std.WriteOutput(p.Value, write); err != nil {
			return nil, fmt.Errorf("--audit-report: %w", err)
		}
	}
	return report, nil
}

// vaultNames returns the names of the vaults that the tokens of exec can see, by id. The journal does not have them. It
// lists the vaults as a client does, so it returns none for a store that would keep a record of that.
func vaultNames(ctx context.Context, m *mock, tokens []string) map[string]string {
	names := map[string]string{}
	if m.settings.store != mockserver.MemoryStore || m.server.ResetFaults(ctx, "") != nil {
		return names
	}
	for _, token := range append(slices.Clone(tokens), m.token) {
		request := httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/vaults", http.NoBody)
		request.Header.Set("Authorization", "Bearer "+token)
		response := httptest.NewRecorder()
		m.server.ServeHTTP(response, request)
		var vaults []connect.Vault
		if response.Code != http.StatusOK || json.Unmarshal(response.Body.Bytes(), &vaults) != nil {
			continue
		}
		for _, v := range vaults {
			names[strings.ToLower(v.ID)] = v.Name
		}
	}
	return names
}
