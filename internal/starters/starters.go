// Package starters has files to start from: a fixture, a scenario, files that run the mock, and a rule for coding agents.
package starters

import (
	"embed"
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/deploy"
	"github.com/connectmock/connectmock/internal/environment"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/templates"
)

//go:embed files
var files embed.FS

// Starter is a file to start from.
type Starter struct {
	Name, About string
	File        string // the name it gets if none is given
	text        func() (string, error)
	next        string // what to do with it; FILE stands for its name
}

// All returns all starters.
func All() []Starter {
	return []Starter{
		{"fixture", "data that a server starts from", "fixture.yaml", file("fixture.yaml"),
			"start a server with it: connectmock serve --fixture FILE --reset"},
		{"scenario", "a test case in steps", "scenario.yaml", file("scenario.yaml"),
			"run it with connectmock scenario run FILE"},
		{"compose", "the mock for Docker, in three shapes", "docker-compose.yaml", static(deploy.Compose()),
			"start the mock: docker compose -f FILE --profile mock up"},
		{"kubernetes", "manifests of the mock in a cluster", "connectmock.yaml", static(deploy.Kubernetes()),
			"apply them: kubectl apply -f FILE"},
		{"github", "a workflow that tests against the mock", ".github/workflows/connectmock.yml", file("github.yml"),
			"replace the last step of FILE by the tests of your program, and commit it"},
		{"gitlab", "a job that tests against the mock", ".gitlab-ci.yml", gitlab,
			"replace the script of FILE by the tests of your program, and commit it"},
		{"agents", "a rule for coding agents: test against the mock", "AGENTS.md", file("AGENTS.md"),
			"replace npm test and the paths in FILE by those of your project, and commit it"},
	}
}

// Find returns a starter by its name. The error lists the names.
func Find(name string) (Starter, error) {
	var known []string
	for _, s := range All() {
		if s.Name == name {
			return s, nil
		}
		known = append(known, s.Name)
	}
	return Starter{}, fmt.Errorf("there is no %q to start from%s", name, nearest.HintWithList(name, known))
}

// Text returns the content of the file.
func (s Starter) Text() (string, error) { return s.text() }

// Next says what to do with the file of a name.
func (s Starter) Next(name string) string {
	return strings.ReplaceAll(s.next, "FILE", environment.ShellQuote(name))
}

// file returns the text of a file of this package.
func file(name string) func() (string, error) {
	return func() (string, error) {
		text, err := files.ReadFile("files/" + name)
		return string(text), err
	}
}

func static(text string) func() (string, error) {
	return func() (string, error) { return text, nil }
}

// gitlab returns a job, and the mock beside it as the component has it.
func gitlab() (string, error) {
	job, err := file("gitlab.yml")()
	if err != nil {
		return "", err
	}
	mock, err := templates.Mock()
	return job + mock, err
}
