package main

import (
	"fmt"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/spf13/cobra"
)

func newFixtures(sh *shell) *cobra.Command {
	c := &cobra.Command{
		Use:   "fixtures",
		Short: "Write and check the worlds a server starts from",
		Example: `  connectmock fixtures demo > world.yaml          start from the demo world
  connectmock fixtures validate world.yaml
  connectmock fixtures generate --seed 7 --vaults 3 --items 200 > world.yaml
  connectmock fixtures schema > fixture.schema.json  for your editor`,
	}
	return group(c, newFixturesValidate(sh), newFixturesGenerate(sh), newFixturesDemo(sh), newFixturesSchema(sh))
}

func newFixturesValidate(sh *shell) *cobra.Command {
	return &cobra.Command{
		Use:   "validate FILE...",
		Short: "Say what is in a world, or what is wrong with it",
		Long: `Say what is in each world, or everything that is wrong with it with line and
column. "-" is standard input. Exit code 1 if one of them can't be used.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			failed := false
			for _, name := range args {
				w, err := sh.readWorld(name)
				if err != nil {
					failed = true
					sh.say("%v", err)
					continue
				}
				if err := sh.print(name + ": " + inventory(w) + "\n"); err != nil {
					return err
				}
			}
			if failed {
				return exitCode(exitFailed)
			}
			return nil
		},
	}
}

func (sh *shell) readWorld(name string) (*fixtures.Fixture, error) {
	if name != "-" {
		return fixtures.LoadFile(name)
	}
	data, err := sh.read(name)
	if err != nil {
		return nil, err
	}
	return fixtures.Load("standard input", data)
}

// inventory counts what a world holds.
func inventory(w *fixtures.Fixture) string {
	var vaults, items, files, tokens int
	for _, a := range w.Accounts {
		tokens += len(a.Tokens)
		vaults += len(a.Vaults)
		for _, v := range a.Vaults {
			items += len(v.Items)
			for _, it := range v.Items {
				files += len(it.Files)
			}
		}
	}
	text := fmt.Sprintf("%s, %s, %s, %s", count(vaults, "vault"), count(items, "item"), count(files, "file"), count(tokens, "token"))
	if n := len(w.Accounts); n > 1 {
		text = count(n, "account") + ", " + text
	}
	return text
}

func newFixturesGenerate(sh *shell) *cobra.Command {
	var (
		o     fixtures.Options
		files int
		now   string
	)
	c := &cobra.Command{
		Use:   "generate",
		Short: "Print a made-up world of any size",
		Long: `Print a made-up world of any size as YAML. The same flags print the same world,
on every day and machine. All values are invented.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.Vaults < 1 || o.Items < 0 || o.History < 0 || files < 0 {
				return usage("a world needs a vault or more, and no number below 0")
			}
			if files > 0 && o.Items == 0 {
				return usage("--files %d need items to be in; --items is 0", files)
			}
			if o.Files = files; files == 0 && c.Flags().Changed("files") {
				o.Files = -1 // in Options 0 stands for the default
			}
			var err error
			if o.Now, err = moment(now, time.Now()); err != nil {
				return usage("--now: %w", err)
			}
			return fixtures.Generate(o).WriteYAML(sh.out)
		},
	}
	f := c.Flags()
	f.Uint64Var(&o.Seed, "seed", 0, "`number` that decides everything")
	f.IntVar(&o.Vaults, "vaults", 2, "`number` of vaults")
	f.IntVar(&o.Items, "items", 50, "`number` of items in all vaults together")
	f.IntVar(&files, "files", 0, "`number` of files in all items together, 0 for none (default one for every ten items, 10,000 at most)")
	f.IntVar(&o.History, "history", 0, "`number` of records of activity that a server makes up from it")
	f.StringVar(&now, "now", "", "`when` it is, no moment in the world is later (default the start of 2026)")
	return c
}

func newFixturesDemo(sh *shell) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Print the demo world, to start your own from",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return sh.print(string(fixtures.DemoYAML())) },
	}
}

func newFixturesSchema(sh *shell) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of worlds, for editors",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return sh.print(string(fixtures.Schema())) },
	}
}
