// Package scenariocmd is the command scenario: it runs, checks, records and shows test cases in YAML.
package scenariocmd

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/scenarios"
	"github.com/spf13/cobra"
)

// New returns the command scenario.
func New(std *cli.Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "scenario",
		Short: "Run scenarios, test cases in YAML, against a mock or any Connect server",
		Long: `Run scenarios, test cases in YAML, against a mock or any Connect server. A scenario
has steps: requests of clients, faults, expected responses. Those that come with
connectmock are called "library".`,
		Example: `  connectmock scenario list
  connectmock scenario run library
  connectmock scenario new mine.yaml
  connectmock scenario run mine.yaml`,
	}
	return cliflag.Group(c, newRun(std), newValidate(std), newNew(std), newRecord(std),
		newList(std), newShow(std), newDocs(std), newSchema(std))
}

// library is the name of the scenarios in this program. A folder with that name is ./library.
const library = "library"

// loadAll reads files, folders and the library. The error has the mistakes of all of them.
func loadAll(names []string) (all []*scenarios.Scenario, _ error) {
	var errs []error
	for _, name := range names {
		some, err := load(name)
		errs = append(errs, err)
		all = append(all, some...)
	}
	seen := map[string]bool{}
	for _, s := range all {
		if seen[s.ID] {
			errs = append(errs, fmt.Errorf("two scenarios have the id %s, or one was named twice", s.ID))
		}
		seen[s.ID] = true
	}
	return all, errors.Join(errs...)
}

func load(name string) ([]*scenarios.Scenario, error) {
	if name == library {
		return scenarios.LoadDir(scenarios.Library(), ".")
	}
	info, err := os.Stat(name)
	if err != nil {
		const expected = "a scenario is a YAML file, a folder of them, or %q for those that come with connectmock"
		return nil, fmt.Errorf("%w; "+expected, err, library)
	}
	if info.IsDir() {
		all, err := scenarios.LoadDir(os.DirFS(name), ".")
		for _, s := range all {
			s.File = path.Join(filepath.ToSlash(name), s.File)
		}
		return all, addPath(err, name, name)
	}
	folder, file := filepath.Split(name)
	s, err := scenarios.Load(os.DirFS(cmp.Or(folder, ".")), file)
	if err != nil {
		return nil, addPath(err, name, folder)
	}
	s.File = filepath.ToSlash(name)
	return []*scenarios.Scenario{s}, nil
}

// addPath adds the folder to the names of files in the problems of an error, or the path that was loaded to an error of
// another kind.
func addPath(err error, name, folder string) error {
	wrong := new(scenarios.Error)
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &wrong):
		return fmt.Errorf("%s: %w", name, err)
	}
	for i, p := range wrong.Problems {
		wrong.Problems[i].File = path.Join(filepath.ToSlash(folder), p.File)
	}
	return err
}

// choose returns the scenarios with one of the tags and an id that matches one of the patterns. Without tags
// or patterns it does not restrict them.
func choose(all []*scenarios.Scenario, tags, ids []string) ([]*scenarios.Scenario, error) {
	for _, tag := range tags {
		if !slices.ContainsFunc(all, func(s *scenarios.Scenario) bool { return slices.Contains(s.Tags, tag) }) {
			return nil, fmt.Errorf("no scenario has the tag %q%s", tag, nearest.HintWithList(tag, allTags(all)))
		}
	}
	for _, pattern := range ids {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, fmt.Errorf("id %q: %w", pattern, err)
		}
		if !slices.ContainsFunc(all, func(s *scenarios.Scenario) bool { return matches(pattern, s.ID) }) {
			return nil, fmt.Errorf("no scenario has an id as %q%s; connectmock scenario list shows them",
				pattern, nearest.HintSimilar(pattern, idsOf(all)))
		}
	}
	chosen := slices.DeleteFunc(slices.Clone(all), func(s *scenarios.Scenario) bool {
		tagged := len(tags) == 0 || slices.ContainsFunc(tags, func(tag string) bool { return slices.Contains(s.Tags, tag) })
		named := len(ids) == 0 || slices.ContainsFunc(ids, func(p string) bool { return matches(p, s.ID) })
		return !tagged || !named
	})
	if len(chosen) == 0 {
		return nil, errors.New("no scenario has both such a tag and such an id")
	}
	return chosen, nil
}

func idsOf(all []*scenarios.Scenario) (ids []string) {
	for _, s := range all {
		ids = append(ids, s.ID)
	}
	return ids
}

func matches(pattern, id string) bool {
	ok, _ := path.Match(pattern, id) // a bad pattern matches nothing
	return ok
}

func allTags(all []*scenarios.Scenario) (tags []string) {
	for _, s := range all {
		tags = append(tags, s.Tags...)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

// choice has the flags that select scenarios.
type choice struct{ tags, ids cliflag.Words }

func (s *choice) bind(c *cobra.Command) {
	s.tags.Form = "tag"
	c.Flags().Var(&s.tags, "tag", "only scenarios with this tag; more with commas, or several times")
	s.ids.Form = "pattern"
	c.Flags().Var(&s.ids, "id", "only scenarios whose id is this, as token-*; more with commas, or several times")
}

func (s *choice) load(names []string) ([]*scenarios.Scenario, error) {
	all, err := loadAll(names)
	if err != nil {
		return nil, err
	}
	return choose(all, s.tags.List, s.ids.List)
}

// complete completes the name of the library. The shell adds files.
func complete(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{library + "\tthose that come with connectmock"}, cobra.ShellCompDirectiveDefault
}
