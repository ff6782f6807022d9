package execcmd

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/auditreport"
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/connectmock/connectmock/internal/audit"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

// auditJournalSize is how many exchanges exec keeps for an audit, unless --journal-size is given. The journal takes
// memory only for those that there are, some 500 bytes each.
const auditJournalSize = 100_000

// auditFlags are the flags of exec for an audit.
type auditFlags struct {
	show     bool
	reports  cliflag.ReportFiles
	fail     cliflag.Choice
	inMemory bool // the store of the mock
}

func (a *auditFlags) bind(c *cobra.Command) {
	a.fail = auditreport.SeverityChoice()
	f := c.Flags()
	f.BoolVar(&a.show, "audit", false, "after the command, report its mistakes and needed permissions on standard error")
	a.reports.Bind(f, "audit-report", "write the audit to a text, json or markdown file", auditreport.Formats())
	f.Var(&a.fail, "audit-fail",
		"end with 1 if the command succeeded and the audit found something of this severity or a higher one: "+
			"info, warning or error")
	_ = c.RegisterFlagCompletionFunc("audit-fail", a.fail.Complete) // fails only for an unknown flag
}

// isOn reports whether an audit is wanted.
func (a *auditFlags) isOn() bool { return a.show || len(a.reports.List) > 0 || a.fail.Value != "" }

// prepare checks the flags before the server starts, and lets the journal keep enough.
func (a *auditFlags) prepare(c *cobra.Command, s *mock.Settings) error {
	if !a.isOn() {
		return nil
	}
	if !c.Flags().Changed("journal-size") {
		s.JournalSize = auditJournalSize
	}
	a.inMemory = s.Store == mockserver.MemoryStore
	if s.JournalSize == 0 {
		return cli.Usage("an audit reads the journal: leave out --journal-size 0")
	}
	return a.reports.Prepare()
}

// run audits what the command of exec has done. It returns the error that exec ends with: that of the command, or if
// the command succeeded that of the audit.
func (a *auditFlags) run(
	ctx context.Context, std *cli.Streams, m *mock.Mock, tokens []string, ofCommand error,
) error {
	if !a.isOn() {
		return ofCommand
	}
	report, err := a.writeReports(ctx, std, m, tokens)
	switch {
	case ofCommand != nil && err != nil:
		std.Say("%v", err)
	case err != nil:
		return err
	case ofCommand == nil && auditreport.Fails(report, a.fail.Value):
		std.Say("the command succeeded, but the audit found something that --audit-fail %s does not accept", a.fail.Value)
		return cli.ExitCode(cli.ExitFailed)
	}
	return ofCommand
}

// writeReports audits the journal and writes the reports that the flags name.
func (a *auditFlags) writeReports(
	ctx context.Context, std *cli.Streams, m *mock.Mock, tokens []string,
) (*audit.Report, error) {
	page, err := m.Server.Journal(ctx, controlapi.JournalQuery{Limit: auditreport.AllEntries})
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	var names map[string]string
	if a.inMemory {
		names = vaultNames(ctx, m.Server, append(slices.Clone(tokens), m.Address().Token))
	}
	report := audit.Analyze(page, names)
	if a.show || len(a.reports.List) == 0 {
		fmt.Fprint(std.Err, auditreport.Plain(report))
	}
	return report, a.reports.Write(std, func(w io.Writer, format string) error {
		text, err := auditreport.Text(report, format)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, text)
		return err
	})
}

// vaultNames returns the names of the vaults that tokens can see, by id. The journal does not have them. It lists the
// vaults as a client does, which is for stores in memory only: a file would keep a record of that.
func vaultNames(ctx context.Context, server *mockserver.Server, tokens []string) map[string]string {
	names := map[string]string{}
	if server.ResetFaults(ctx, "") != nil {
		return names
	}
	for _, token := range tokens {
		request := httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/vaults", http.NoBody)
		request.Header.Set("Authorization", "Bearer "+token)
		response := httptest.NewRecorder()
		server.ServeHTTP(response, request)
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
