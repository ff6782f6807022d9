package main

import (
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/spf13/cobra"
)

func newQuirks(sh *shell) *cobra.Command {
	return &cobra.Command{
		Use:   "quirks",
		Short: "List the behaviours that can be chosen",
		Long: `List the behaviours for which two truths are known, with the evidence for each.
The first value is what was observed and is the default; choose another with
serve --quirk NAME=VALUE. A word in capitals stands for any value of its kind.

How each is known: [R] recorded from a real server, [T] asserted by a test that
runs against one, [D] documented by 1Password, [C] relied on by a client, [W]
captured from a real client, [G] a guess.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			var b strings.Builder
			for i, q := range mockserver.Quirks() {
				if i > 0 {
					b.WriteByte('\n')
				}
				fmt.Fprintf(&b, "%s\n    %s\n    %s\n", q.Usage(), q.About, q.Evidence)
			}
			return sh.print(b.String())
		},
	}
}
