package mock

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/buildinfo"
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/cmd/connectmock/tokenflag"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/mockserver"
)

// banner returns the text for people after a start: the settings, the lines to
// paste into a shell, and the tokens.
func (m *Mock) banner(ctx context.Context) (string, error) {
	status, err := m.Server.Status(ctx)
	if err != nil {
		return "", err
	}
	tokens, err := m.Server.AllTokens(ctx)
	if err != nil {
		return "", err
	}
	s := m.settings
	title := fmt.Sprintf("connectmock %s serves 1Password Connect %s at %s\n\n",
		buildinfo.Read().Version, s.connectVersion, m.url)
	exports, err := m.exports()
	if err != nil {
		return "", err
	}
	return title + cli.Table("", func(addRow func(...any)) {
		addRow("document", s.documentText(status))
		if n := len(s.errata); n > 0 {
			addRow("errata", fmt.Sprintf("%d corrected in it, connectmock spec errata %s lists them", n, environment.ShellQuote(s.spec)))
		}
		if status.Seeded {
			addRow("store", s.Store+", filled with "+s.fixtureName())
		} else {
			addRow("store", s.Store+", kept as it was (--reset starts again from "+s.fixtureName()+")")
		}
		addRow("data", strings.Join([]string{
			cli.Count(status.Vaults, "vault"), cli.Count(status.Items, "item"), cli.Count(len(tokens), "token"),
		}, ", "))
		if len(s.quirks.List) > 0 {
			addRow("quirks", s.quirks.Text())
		}
		if on := s.versionQuirks(); on != "" {
			addRow("of "+s.connectVersion, on)
		}
		addRow("control", m.controlText())
		addRow("console", m.consoleText())
		if s.TLS.CertOut != "" {
			addRow("trust", s.TLS.CertOut)
		}
	}) + "\n" + exports + tokenflag.Table(tokens, false), nil
}

func (s *Settings) documentText(status mockserver.Status) string {
	text := s.documentName() + ", " + cli.Count(len(status.Operations), "operation")
	if len(status.Synthesized) > 0 {
		text += "; from their schema only: " + strings.Join(status.Synthesized, ", ")
	}
	if len(status.Unserved) > 0 {
		text += "; not served: " + strings.Join(status.Unserved, ", ")
	}
	return text
}

func (m *Mock) controlText() string {
	switch {
	case m.control == nil:
		return locate.ControlOff
	case m.settings.Store == mockserver.MemoryStore:
		return m.control.url()
	}
	return m.control.url() + ", connectmock ctl finds it by " + locate.ControlPath(m.settings.Store)
}

func (m *Mock) consoleText() string {
	switch {
	case !bool(m.settings.Console.on):
		return locate.ControlOff
	case m.consoleLink == "":
		return m.consoleAddress() + ", sign in with the control token"
	}
	return m.consoleAddress() + " opens it once"
}

// exports returns lines to paste into a shell: for clients and, unless the user
// chose its token, for scripts of the control in other folders.
func (m *Mock) exports() (all string, err error) {
	s := m.Address()
	parts := []environment.Server{{Host: s.Host, Token: s.Token}}
	if m.control != nil && !m.control.chosenToken {
		parts = append(parts, environment.Server{Control: s.Control, ControlToken: s.ControlToken})
	}
	for _, part := range parts {
		text, err := environment.Text("sh", part.Variables())
		if err != nil {
			return "", err
		}
		all += text + "\n"
	}
	return all, nil
}

// versionQuirks lists the switches that the version of Connect turns on and that
// no --quirk overrides.
func (s *Settings) versionQuirks() string {
	on, named := mockserver.VersionQuirks(s.connectVersion), s.quirks.ByName()
	var words []string
	for _, name := range slices.Sorted(maps.Keys(on)) {
		if _, overridden := named[name]; !overridden {
			words = append(words, name+"="+on[name])
		}
	}
	return strings.Join(words, ", ")
}

// PrintReady prints the ready line, for programs, or the banner.
func (m *Mock) PrintReady(ctx context.Context, asJSON bool) error {
	describe := m.banner
	if asJSON {
		describe = m.ready
	}
	text, err := describe(ctx)
	if err != nil {
		return err
	}
	return m.std.Print(text)
}
