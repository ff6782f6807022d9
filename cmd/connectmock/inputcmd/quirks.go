package inputcmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/spf13/cobra"
)

// NewQuirks returns the command quirks.
func NewQuirks(std *cli.Streams) *cobra.Command {
	versions := false
	c := &cobra.Command{
		Use:   "quirks",
		Short: "List the behaviours that can be chosen",
		Long: `List the behaviours that differ between servers, with the evidence for each.
The first value was observed and is the default; choose another with
serve --quirk NAME=VALUE. A word in capitals stands for any value of its kind.

With --versions, list what changed on the wire from version to version of
Connect. serve --connect-version VERSION turns on the switches of that version;
--quirk overrides them. A fault that comes and goes is a preset, which no
version turns on (connectmock ctl fault add --preset NAME). Where the mock can't
show a change, the list gives the reason.

The evidence for each: [R] recorded from a real server, [T] asserted by a test that
runs against one, [D] documented by 1Password, [C] relied on by a client, [W]
captured from a real client, [G] a guess.`,
		RunE: func(*cobra.Command, []string) error {
			if versions {
				return std.Print(versionTable())
			}
			return std.Print(quirkTable())
		},
	}
	c.Flags().BoolVar(&versions, "versions", false, "list what each version of Connect does, and the switches it turns on")
	return c
}

func quirkTable() string {
	var texts []string
	for _, q := range mockserver.Quirks() {
		texts = append(texts, fmt.Sprintf("%s\n    %s\n    %s\n", q.Usage(), q.About, q.Evidence))
	}
	return strings.Join(texts, "\n")
}

// versionTable lists the differences between versions of Connect: the versions
// and the switch, what is on the wire, the source, and the rules of the contract
// that break.
func versionTable() string {
	var b strings.Builder
	known := mockserver.KnownVersions()
	fmt.Fprintf(&b, "Known versions: %s (default %s).\n", strings.Join(known, ", "), mockserver.DefaultConnectVersion)
	for _, c := range mockserver.VersionChanges() {
		shown := "not shown"
		switch {
		case c.Quirk != "":
			shown = c.Quirk + "=" + c.Value
		case c.Preset != "":
			shown = "preset " + c.Preset
		}
		fmt.Fprintf(&b, "\n%s: %s\n    %s\n    %s\n", c.Versions(), shown, c.About, c.Evidence)
		if c.NotShown != "" {
			fmt.Fprintf(&b, "    not turned on: %s\n", c.NotShown)
		}
		isUndocumented := func(q mockserver.Quirk) bool {
			return q.Name == c.Quirk && slices.Contains(q.Undocumented, c.Value)
		}
		if slices.ContainsFunc(mockserver.Quirks(), isUndocumented) {
			b.WriteString("    responses are not in the document: --check-responses refuses this\n")
		}
		if len(c.Breaks) > 0 {
			fmt.Fprintf(&b, "    breaks rules of the contract: %s\n", strings.Join(c.Breaks, ", "))
		}
	}
	return b.String()
}
