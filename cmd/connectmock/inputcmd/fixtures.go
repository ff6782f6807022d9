// Package inputcmd has the commands about what a mock starts from: fixtures, spec (its OpenAPI document), quirks (the
// behaviours that can be chosen) and init (files to start from).
package inputcmd

import (
	"fmt"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/inputfile"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/spf13/cobra"
)

// NewFixtures returns the command fixtures.
func NewFixtures(std *cli.Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "fixtures",
		Short: "Write and check fixtures, the data that a server starts from",
		Example: `  connectmock fixtures demo > fixture.yaml           start from the demo data
  connectmock fixtures validate fixture.yaml
  connectmock fixtures generate --seed 7 --vaults 3 --items 200 > fixture.yaml
  connectmock fixtures schema > fixture.schema.json  for your editor`,
	}
	return cliflag.Group(c, newFixturesValidate(std), newFixturesGenerate(std),
		cliflag.NewPrint(std, "demo", "Print the demo fixture, to start your own from", fixtures.DemoYAML),
		cliflag.NewPrint(std, "schema", "Print the JSON Schema of fixtures, for editors", fixtures.Schema))
}

func newFixturesValidate(std *cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "validate FILE...",
		Short: "Summarize fixtures, or list their mistakes",
		Long: `Summarize each fixture, or list all its mistakes with line and column. "-" is
standard input. Exit code 1 if one of them is invalid.`,
		RunE: func(_ *cobra.Command, args []string) error {
			failed := false
			for _, name := range args {
				fixture, err := inputfile.ReadFixture(std, name)
				if err != nil {
					failed = true
					std.Say("%v", err)
					continue
				}
				if err := std.Print(name + ": " + fixtureSummary(fixture) + "\n"); err != nil {
					return err
				}
			}
			if failed {
				return cli.ExitCode(cli.ExitFailed)
			}
			return nil
		},
	}
}

// fixtureSummary counts the contents of a fixture.
func fixtureSummary(fixture *fixtures.Fixture) string {
	var vaults, items, files, tokens int
	for _, a := range fixture.Accounts {
		tokens += len(a.Tokens)
		vaults += len(a.Vaults)
		for _, v := range a.Vaults {
			items += len(v.Items)
			for _, it := range v.Items {
				files += len(it.Files)
			}
		}
	}
	text := fmt.Sprintf("%s, %s, %s, %s",
		cli.Count(vaults, "vault"), cli.Count(items, "item"), cli.Count(files, "file"), cli.Count(tokens, "token"))
	if n := len(fixture.Accounts); n > 1 {
		text = cli.Count(n, "account") + ", " + text
	}
	return text
}

func newFixturesGenerate(std *cli.Streams) *cobra.Command {
	var (
		o     fixtures.Options
		files int
		now   string
	)
	c := &cobra.Command{
		Use:   "generate",
		Short: "Print a generated fixture of any size",
		Long: `Print a generated fixture of any size as YAML. The same flags print the same
fixture, on every day and machine. All values are invented.`,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.Vaults < 1 || o.Items < 0 || o.History < 0 || files < 0 {
				return cli.Usage("a fixture needs at least one vault, and no number below 0")
			}
			if files > 0 && o.Items == 0 {
				return cli.Usage("--files %d need items to be in; --items is 0", files)
			}
			if o.Files = files; files == 0 && c.Flags().Changed("files") {
				o.Files = -1 // none
			}
			var err error
			if o.Now, err = cliflag.ParseMoment(now, time.Now()); err != nil {
				return cli.Usage("--now: %w", err)
			}
			return fixtures.Generate(o).WriteYAML(std.Out)
		},
	}
	f := c.Flags()
	f.Uint64Var(&o.Seed, "seed", 0, "`number` that all random choices depend on")
	f.IntVar(&o.Vaults, "vaults", 2, "`number` of vaults")
	f.IntVar(&o.Items, "items", 50, "`number` of items in all vaults together")
	f.IntVar(&files, "files", 0, "`number` of files in all items, 0 for none (default one for ten items, at most 10,000)")
	f.IntVar(&o.History, "history", 0, "`number` of activity records that a server generates from the fixture")
	f.StringVar(&now, "now", "", "current `time`: nothing in the fixture is later (default the start of 2026)")
	return c
}
