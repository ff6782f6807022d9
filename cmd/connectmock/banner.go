package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// banner is what people read at the start: what was understood, the two lines
// to paste, and the tokens there are.
func (m *mock) banner(ctx context.Context) (string, error) {
	held, err := m.server.Overview(ctx)
	if err != nil {
		return "", err
	}
	tokens, err := m.server.AllTokens(ctx)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	s := m.settings
	fmt.Fprintf(&b, "connectmock %s serves 1Password Connect %s at %s\n\n", readBuild().version, s.connectVersion, m.url)
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "document\t%s\n", s.documentLine(held))
	if n := len(s.errata); n > 0 {
		fmt.Fprintf(t, "errata\t%d corrected in it, connectmock spec errata %s lists them\n", n, shellQuote(s.spec))
	}
	fmt.Fprintf(t, "store\t%s\n", s.storeLine(held))
	fmt.Fprintf(t, "data\t%s, %s, %s\n", count(held.Vaults, "vault"), count(held.Items, "item"), count(len(tokens), "token"))
	if len(s.quirks.list) > 0 {
		fmt.Fprintf(t, "quirks\t%s\n", s.quirks.quirksText())
	}
	if on := s.versionQuirks(); on != "" {
		fmt.Fprintf(t, "of %s\t%s\n", s.connectVersion, on)
	}
	fmt.Fprintf(t, "control\t%s\n", m.controlLine())
	if s.tls.certOut != "" {
		fmt.Fprintf(t, "trust\t%s\n", s.tls.certOut)
	}
	_ = t.Flush() // into memory
	fmt.Fprintf(&b, "\nexport OP_CONNECT_HOST=%s\nexport OP_CONNECT_TOKEN=%s\n\n", shellQuote(m.url), shellQuote(m.token))
	b.WriteString(m.controlExports())
	b.WriteString(tokenTable(tokens, false))
	return b.String(), nil
}

func (s *settings) documentLine(held mockserver.Overview) string {
	text := "our own"
	if s.spec != "" {
		text = s.spec
	}
	text += ", " + count(held.Operations, "operation")
	if len(held.Invented) > 0 {
		text += "; from their schema only: " + strings.Join(held.Invented, ", ")
	}
	if len(held.Unserved) > 0 {
		text += "; not served: " + strings.Join(held.Unserved, ", ")
	}
	return text
}

func (s *settings) storeLine(held mockserver.Overview) string {
	if held.Seeded {
		return s.store + ", filled with " + s.fixtureName()
	}
	return s.store + ", kept as it was (--reset starts again from " + s.fixtureName() + ")"
}

func (m *mock) controlLine() string {
	switch {
	case m.control == nil:
		return controlOff
	case m.settings.store == mockserver.MemoryStore:
		return m.control.url()
	}
	return m.control.url() + ", connectmock ctl finds it by " + controlFile(m.settings.store)
}

// controlExports are lines to paste for scripts elsewhere. A token that was
// chosen is known already.
func (m *mock) controlExports() string {
	if m.control == nil || m.control.given {
		return ""
	}
	return fmt.Sprintf("export CONNECTMOCK_CONTROL=%s\nexport CONNECTMOCK_CONTROL_TOKEN=%s\n\n", shellQuote(m.control.url()), shellQuote(m.control.token))
}

// versionQuirks lists the switches that the version of Connect turns on and no
// --quirk overrides.
func (s *settings) versionQuirks() string {
	on, named := mockserver.VersionQuirks(s.connectVersion), s.quirks.byName()
	var words []string
	for _, name := range slices.Sorted(maps.Keys(on)) {
		if _, overridden := named[name]; !overridden {
			words = append(words, name+"="+on[name])
		}
	}
	return strings.Join(words, ", ")
}

func (p *pairs) quirksText() string {
	words := make([]string, len(p.list))
	for i, pair := range p.list {
		words[i] = pair.name + "=" + pair.value
	}
	return strings.Join(words, ", ")
}

// tokenTable lists tokens with their state and scope, and with their values
// where those are wanted.
func tokenTable(tokens []controlapi.Token, values bool) string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "TOKEN\tSTATE\tSCOPE")
	if values {
		fmt.Fprint(t, "\tVALUE")
	}
	fmt.Fprintln(t)
	for _, token := range tokens {
		fmt.Fprintf(t, "%s\t%s\t%s", printable(token.Name), token.State, scopeText(token))
		if values {
			fmt.Fprintf(t, "\t%s", tokenValue(token))
		}
		fmt.Fprintln(t)
	}
	_ = t.Flush() // into memory
	return b.String()
}

// scopeText is what a token may do, and where.
func scopeText(t controlapi.Token) string {
	var words []string
	if t.Permission != "" {
		words = append(words, t.Permission+" on every vault")
	}
	for _, vault := range slices.Sorted(maps.Keys(t.Vaults)) {
		words = append(words, t.Vaults[vault]+" on "+printable(vault))
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}

// tokenValue is what clients send. That of a plain token is not kept.
func tokenValue(t controlapi.Token) string {
	if t.Value == "" {
		return "(plain: as given in --token or the fixture)"
	}
	return t.Value
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// shellQuote is a word as a shell reads it.
func shellQuote(word string) string {
	safe := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.:/=+,@%", r)
	}
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return !safe(r) }) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
