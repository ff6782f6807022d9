package environment

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVariables_LeavesOutWhatIsEmpty(t *testing.T) {
	t.Parallel()
	got := Server{Host: "http://127.0.0.1:8080", ControlToken: "c", TrustFile: "trust.pem"}.Variables()
	want := []Variable{{"OP_CONNECT_HOST", "http://127.0.0.1:8080"}, {"CONNECTMOCK_CONTROL_TOKEN", "c"}}
	for _, name := range TrustVariables() {
		want = append(want, Variable{name, "trust.pem"})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestInContainer_RenamesThisMachine(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"http://127.0.0.1:8080":    "http://host.docker.internal:8080",
		"https://localhost:8443/x": "https://host.docker.internal:8443/x",
		"http://[::1]:8080":        "http://host.docker.internal:8080",
		"http://0.0.0.0":           "http://host.docker.internal",
		"http://[::]:1":            "http://host.docker.internal:1",
		"http://connect:8080":      "http://connect:8080",
		"http://192.0.2.1:8080":    "http://192.0.2.1:8080",
		"off":                      "off",
		"http://[":                 "http://[",
		"":                         "",
	} {
		got := Server{Host: address, Control: address}.InContainer()
		if got.Host != want || got.Control != want {
			t.Errorf("%s: got %+v", address, got)
		}
	}
}

func TestDockerCommand_HasALineForEachVariable(t *testing.T) {
	t.Parallel()
	got := DockerCommand([]Variable{{"A", "b"}, {"C", "it's"}}, "IMAGE")
	want := "docker run --rm --add-host=host.docker.internal:host-gateway \\\n  --env A=b \\\n" +
		"  --env 'C=it'\\''s' IMAGE\n"
	if got != want {
		t.Errorf("got %s", got)
	}
}
