package templates

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

func TestMock_IsAJobThatOthersExtend(t *testing.T) {
	t.Parallel()
	text, err := Mock()
	if err != nil {
		t.Fatal(err)
	}
	var jobs map[string]struct {
		Services  []struct{ Name, Alias string }
		Variables map[string]string
	}
	if err := yaml.Unmarshal([]byte(text), &jobs); err != nil {
		t.Fatal(err)
	}
	job, ok := jobs[".connectmock"]
	if !ok || len(job.Services) != 1 || job.Services[0].Alias != "connect" {
		t.Fatalf("got %+v", jobs)
	}
	if got := job.Variables["OP_CONNECT_HOST"]; got != "http://connect:8080" {
		t.Errorf("the host is %q", got)
	}
	if strings.Contains(text, "$[[") {
		t.Error(text)
	}
}

func TestRender_NamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for component, want := range map[string]string{
		"spec: {}\n": "no jobs",
		"spec:\n  inputs:\n    a: {description: x}\n---\njob: $[[ inputs.a ]]\n": `"a" has no default`,
		"spec:\n  inputs:\n    a: {default: x}\n---\njob: $[[ inputs.b ]]\n":     `no input "inputs.b"`,
		"spec: [\n---\njob: {}\n": "sequence",
	} {
		if _, err := render(component); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", component, err, want)
		}
	}
}
