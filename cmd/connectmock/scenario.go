package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/scenarios"
	"github.com/spf13/cobra"
)

func newScenario(std *streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "scenario",
		Short: "Run what QA writes, against the mock or any Connect server",
		Long: `Run what QA writes, against the mock or any Connect server. A scenario is a YAML
file of steps: who calls what, what goes wrong on purpose, what is expected.
Those that come with connectmock are called "library".`,
		Example: `  connectmock scenario list
  connectmock scenario run library
  connectmock scenario new mine.yaml
  connectmock scenario run mine.yaml`,
	}
	return group(c, newScenarioRun(std), newScenarioValidate(std), newScenarioNew(std), newScenarioList(std),
		newScenarioSchema(std))
}

// library is what the scenarios in this program are called. A folder of that
// name is ./library.
const library = "library"

// loadScenarios reads files, folders and the library. What is wrong with them
// is told for all at once.
func loadScenarios(names []string) (all []*scenarios.Scenario, _ error) {
	var errs []error
	for _, name := range names {
		some, err := loadScenario(name)
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

func loadScenario(name string) ([]*scenarios.Scenario, error) {
	if name == library {
		return scenarios.LoadDir(scenarios.Library(), ".")
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("%w; a scenario is a YAML file, a folder of them, or %q for those that come with connectmock", err, library)
	}
	if info.IsDir() {
		all, err := scenarios.LoadDir(os.DirFS(name), ".")
		if wrong := new(scenarios.Error); err != nil && !errors.As(err, &wrong) {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return all, prefixFolder(name, err)
	}
	folder, file := filepath.Split(name)
	s, err := scenarios.Load(os.DirFS(cmp.Or(folder, ".")), file)
	if err != nil {
		return nil, prefixFolder(folder, err)
	}
	return []*scenarios.Scenario{s}, nil
}

// prefixFolder puts the folder before the names of files with mistakes, as they were
// read from there.
func prefixFolder(folder string, err error) error {
	wrong := new(scenarios.Error)
	if errors.As(err, &wrong) {
		for i, p := range wrong.Problems {
			wrong.Problems[i].File = path.Join(filepath.ToSlash(folder), p.File)
		}
	}
	return err
}

// selectScenarios are those with one of the tags, if there are any, and an id
// that matches one of the patterns, if there are any.
func selectScenarios(all []*scenarios.Scenario, tags, ids []string) ([]*scenarios.Scenario, error) {
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
			return nil, fmt.Errorf("no scenario has an id as %q%s; connectmock scenario list shows them", pattern, scenarioHint(pattern, all))
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

// scenarioHint returns what to add to the error about an id there is not.
func scenarioHint(wrong string, all []*scenarios.Scenario) string {
	var ids []string
	for _, s := range all {
		ids = append(ids, s.ID)
	}
	if near := nearest.FindSimilar(wrong, ids); len(near) > 0 {
		return "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return ""
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

// choice flags select scenarios.
type scenarioChoice struct{ tags, ids words }

func (s *scenarioChoice) bind(c *cobra.Command) {
	s.tags.form = "tag"
	c.Flags().Var(&s.tags, "tag", "only scenarios with this tag; more with commas, or several times")
	s.ids.form = "pattern"
	c.Flags().Var(&s.ids, "id", "only scenarios whose id is this, as token-*; more with commas, or several times")
}

func (s *scenarioChoice) load(names []string) ([]*scenarios.Scenario, error) {
	all, err := loadScenarios(names)
	if err != nil {
		return nil, err
	}
	return selectScenarios(all, s.tags.list, s.ids.list)
}

// completeScenarios is the library's name; the shell adds files.
func completeScenarios(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{library + "\tthose that come with connectmock"}, cobra.ShellCompDirectiveDefault
}
