// Package templates has the GitLab components of this folder.
package templates

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed mock.yml
var mock string

// Mock returns the component of a mock beside a job as GitLab includes it, with the default values of its inputs.
func Mock() (string, error) { return render(mock) }

// render returns the jobs of a component with the default values of its inputs. An input without one is an error.
func render(component string) (string, error) {
	head, jobs, found := strings.Cut(component, "\n---\n")
	if !found {
		return "", fmt.Errorf("the component has no jobs after its inputs")
	}
	var document struct {
		Spec struct {
			Inputs map[string]struct {
				Default any `yaml:"default"`
			} `yaml:"inputs"`
		} `yaml:"spec"`
	}
	if err := yaml.Unmarshal([]byte(head), &document); err != nil {
		return "", err
	}
	for name, input := range document.Spec.Inputs {
		if input.Default == nil {
			return "", fmt.Errorf("the input %q has no default value", name)
		}
		jobs = strings.ReplaceAll(jobs, "$[[ inputs."+name+" ]]", fmt.Sprint(input.Default))
	}
	if _, unknown, found := strings.Cut(jobs, "$[["); found {
		return "", fmt.Errorf("there is no input %q", strings.TrimSpace(strings.SplitN(unknown, "]]", 2)[0]))
	}
	return jobs, nil
}
