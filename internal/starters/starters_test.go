package starters

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/scenarios"
	"github.com/goccy/go-yaml"
)

// text returns the text of a starter.
func text(t *testing.T, name string) string {
	t.Helper()
	s, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.Text()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// decode reads YAML, whose keys must all be known.
func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := yaml.UnmarshalWithOptions([]byte(text), into, yaml.Strict()); err != nil {
		t.Fatal(yaml.FormatError(err, false, true))
	}
}

func TestAll_HaveTextAndNextStep(t *testing.T) {
	t.Parallel()
	for _, s := range All() {
		got := text(t, s.Name)
		if !strings.HasSuffix(got, "\n") || strings.Contains(got, "$[[") {
			t.Errorf("%s:\n%s", s.Name, got)
		}
		if next := s.Next("my file"); !strings.Contains(next, "'my file'") || strings.Contains(next, "FILE") {
			t.Errorf("%s: %s", s.Name, next)
		}
	}
}

func TestFind_NamesTheNearest(t *testing.T) {
	t.Parallel()
	if _, err := Find("githb"); err == nil || !strings.Contains(err.Error(), `did you mean "github"?`) {
		t.Errorf("got %v", err)
	}
}

func TestFixture_LoadsAndShowsTokensAndItems(t *testing.T) {
	t.Parallel()
	fixture, err := fixtures.Load("fixture.yaml", []byte(text(t, "fixture")))
	if err != nil {
		t.Fatal(err)
	}
	account := fixture.Accounts[0]
	if len(account.Tokens) != 4 || len(account.Vaults) != 2 || len(account.Vaults[0].Items) != 2 {
		t.Errorf("%d tokens, %d vaults", len(account.Tokens), len(account.Vaults))
	}
}

func TestScenario_IsValid(t *testing.T) {
	t.Parallel()
	if _, err := scenarios.Load(fstest.MapFS{"s.yaml": {Data: []byte(text(t, "scenario"))}}, "s.yaml"); err != nil {
		t.Fatal(err)
	}
}

// The workflow gives the action inputs that it has.
func TestGithub_FitsTheAction(t *testing.T) {
	t.Parallel()
	var workflow struct {
		On          []string
		Permissions map[string]string
		Jobs        map[string]struct {
			RunsOn string `yaml:"runs-on"`
			Steps  []struct {
				Uses, Run string
				With      map[string]string
			}
		}
	}
	decode(t, text(t, "github"), &workflow)
	action, err := os.ReadFile("../../actions/serve/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var serve struct{ Inputs map[string]any }
	if err := yaml.Unmarshal(action, &serve); err != nil {
		t.Fatal(err)
	}
	uses := 0
	for _, step := range workflow.Jobs["test"].Steps {
		if !strings.HasPrefix(step.Uses, "connectmock/connectmock/actions/serve@") {
			continue
		}
		uses++
		for name := range step.With {
			if serve.Inputs[name] == nil {
				t.Errorf("the action has no input %q", name)
			}
		}
	}
	if uses != 1 {
		t.Errorf("the action is used %d times", uses)
	}
	if !strings.Contains(text(t, "github"), "# fixture: ") || serve.Inputs["fixture"] == nil {
		t.Error("the workflow suggests no fixture, or the action takes none")
	}
}

// The job of the starter extends the mock of the component, which is in the same file.
func TestGitlab_HasTheMockOfTheComponent(t *testing.T) {
	t.Parallel()
	type job struct {
		Extends, Image string
		Script         []string
		Services       []struct {
			Name, Alias string
			Variables   map[string]string
		}
		Variables map[string]string
	}
	jobs := map[string]job{}
	decode(t, text(t, "gitlab"), &jobs)
	mock := jobs[jobs["test"].Extends]
	if len(mock.Services) != 1 {
		t.Fatalf("got %+v", jobs)
	}
	service := mock.Services[0]
	token := strings.TrimPrefix(service.Variables["CONNECTMOCK_TOKEN"], "ci=")
	if mock.Variables["OP_CONNECT_HOST"] != "http://"+service.Alias+":8080" || mock.Variables["OP_CONNECT_TOKEN"] != token {
		t.Errorf("got %+v", mock)
	}
}

func TestDeployments_ParseAndRunTheMock(t *testing.T) {
	t.Parallel()
	var compose struct {
		Services map[string]struct{ Profiles []string }
		Volumes  map[string]any
	}
	if err := yaml.Unmarshal([]byte(text(t, "compose")), &compose); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(compose.Services["connect"].Profiles, "mock") {
		t.Errorf("got %+v", compose)
	}
	var kinds []string
	for document := range strings.SplitSeq(text(t, "kubernetes"), "\n---\n") {
		var object struct{ Kind string }
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, object.Kind)
	}
	if !slices.Contains(kinds, "Deployment") || !slices.Contains(kinds, "Service") {
		t.Errorf("got %q", kinds)
	}
}
