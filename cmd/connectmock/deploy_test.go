package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/buildinfo"
	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/cmd/connectmock/mock"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"
)

// deployment is what this program knows about a Deployment of Kubernetes.
type deployment struct {
	Kind string
	Spec struct {
		Template struct {
			Spec struct {
				Containers []struct {
					Image string
					Ports []struct {
						Name          string
						ContainerPort int `yaml:"containerPort"`
					}
					Env []struct {
						Name, Value string
						ValueFrom   any `yaml:"valueFrom"`
					}
					Readiness struct {
						HTTPGet struct{ Path string } `yaml:"httpGet"`
					} `yaml:"readinessProbe"`
					VolumeMounts []struct {
						MountPath string `yaml:"mountPath"`
					} `yaml:"volumeMounts"`
				}
			}
		}
	}
}

// The Deployments set variables that the program reads, name ports that these variables choose, probe paths that the
// server has, and mount a volume where the image keeps its store.
func TestDeploy_DeploymentsFitTheImage(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("../../deploy/helm/testdata/*.golden.yaml")
	if err != nil || len(names) < 4 {
		t.Fatal(names, err)
	}
	server := connecttest.NewServer(t, connecttest.WithoutSocket())
	serve, _, err := newRoot(&cli.Streams{Out: io.Discard, Err: io.Discard}).Find([]string{"serve"})
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	serve.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, cliflag.Variables(f)...) })
	known = append(known, "OP_HTTP_PORT", "OP_HTTPS_PORT") // read by address
	for _, name := range append(names, "../../deploy/kubernetes/connectmock.yaml") {
		d := readDeployment(t, name)
		c := d.Spec.Template.Spec.Containers[0]
		values, ofSecrets := map[string]string{}, ""
		for _, e := range c.Env {
			values[e.Name] = e.Value
			if e.ValueFrom != nil && !strings.HasPrefix(e.Name, "CONNECTMOCK_") {
				ofSecrets += "$(" + e.Name + ")" // for another variable
			} else if !slices.Contains(known, e.Name) {
				t.Errorf("%s: serve does not read %s", name, e.Name)
			}
		}
		for reference := range strings.SplitAfterSeq(strings.TrimSuffix(ofSecrets, ")"), ")") {
			if !strings.Contains(values["CONNECTMOCK_TOKEN"], strings.TrimSuffix(reference, ")")) {
				t.Errorf("%s: nothing uses the variable %s", name, reference)
			}
		}
		ports := map[string]string{}
		for _, p := range c.Ports {
			ports[p.Name] = fmt.Sprint(p.ContainerPort)
		}
		std := &cli.Streams{}
		for variable, value := range values {
			std.Environ = append(std.Environ, variable+"="+value)
		}
		secure := values["OP_TLS_CERT_FILE"] != ""
		addr, err := mock.Address(std, "0.0.0.0", secure) // CONNECTMOCK_ADDR of the image
		port := map[bool]string{false: "http", true: "https"}[secure]
		if err != nil || !strings.HasSuffix(addr, ":"+ports[port]) {
			t.Errorf("%s: it listens on %s, its port %s is %s: %v", name, addr, port, ports[port], err)
		}
		if at, _, _ := strings.Cut(values["CONNECTMOCK_CONTROL_ADDR"], ":"); at != locate.ControlOff &&
			values["CONNECTMOCK_CONTROL_ADDR"] != "0.0.0.0:"+ports["control"] {
			t.Errorf("%s: the control is at %s, its port is %s", name, values["CONNECTMOCK_CONTROL_ADDR"], ports["control"])
		}
		for _, probe := range []string{c.Readiness.HTTPGet.Path, "/heartbeat"} {
			response, err := server.Client.Get(server.URL + probe)
			if err != nil || response.StatusCode != http.StatusOK {
				t.Fatalf("%s: the server has no %s to probe: %v", name, probe, err)
			}
			response.Body.Close()
		}
		if c.VolumeMounts[0].MountPath != "/data" {
			t.Errorf("%s: the store of the image is in /data, mounted is %s", name, c.VolumeMounts[0].MountPath)
		}
	}
}

// readDeployment returns the Deployment in a file of manifests.
func readDeployment(t *testing.T, name string) (found deployment) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq("\n"+string(text), "\n---\n") {
		var d deployment
		if err := yaml.Unmarshal([]byte(part), &d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d.Kind == "Deployment" {
			found = d
		}
	}
	if len(found.Spec.Template.Spec.Containers) != 1 {
		t.Fatalf("%s has no Deployment with one container", name)
	}
	return found
}

// The names of images in recipes are those of the release that this program is.
func TestDeploy_NamesTheImageOfTheRelease(t *testing.T) {
	t.Parallel()
	const repository = "ghcr.io/connectmock/connectmock:"
	version := strings.TrimPrefix(buildinfo.Release, "v")
	for _, name := range []string{
		"deploy/kubernetes/connectmock.yaml", "deploy/kind/run.sh", "deploy/compose/docker-compose.yaml", "templates/mock.yml",
		"testcontainers/connectmock/connectmock.go", "testcontainers/java/src/test/java/ConnectTest.java",
		"testcontainers/node/connect.test.mjs", "testcontainers/python/test_connect.py", "docs/containers.md",
	} {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), repository); n == 0 || n != strings.Count(string(text), repository+version) {
			t.Errorf("%s does not name %s%s everywhere", name, repository, version)
		}
	}
	var chart struct {
		AppVersion string `yaml:"appVersion"`
	}
	decodeFile(t, "../../deploy/helm/connectmock/Chart.yaml", &chart)
	if chart.AppVersion != version {
		t.Errorf("the appVersion of the chart is %s, not %s", chart.AppVersion, version)
	}
}

// Of what Testcontainers set, serve reads each variable.
func TestDeploy_TestcontainersSetKnownVariables(t *testing.T) {
	t.Parallel()
	known, found := append(cliflag.KnownVariables(newRoot(&cli.Streams{})), "CONNECTMOCK_IMAGE"), 0
	for _, pattern := range []string{"connectmock/*.go", "java/src/test/java/*", "node/*.mjs", "python/*.py"} {
		names, err := filepath.Glob("../../testcontainers/" + pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			for _, variable := range regexp.MustCompile(`CONNECTMOCK_[A-Z_]+`).FindAllString(fileText(t, name), -1) {
				if found++; !slices.Contains(known, variable) {
					t.Errorf("%s sets %s, which nothing reads", name, variable)
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d variables were found", found)
	}
}

// The profiles are those that the file describes. Commands, variables and mounts are known.
func TestDeploy_ComposeHasThreeShapes(t *testing.T) {
	t.Parallel()
	var file struct {
		Services map[string]struct {
			Command, Profiles, Ports, Volumes []string
			Environment                       map[string]string
		}
	}
	decodeFile(t, "../../deploy/compose/docker-compose.yaml", &file)
	profiles := map[string][]string{}
	known := append(cliflag.KnownVariables(newRoot(&cli.Streams{})), "OP_HTTP_PORT")
	for name, service := range file.Services {
		for _, profile := range service.Profiles {
			profiles[profile] = append(profiles[profile], name)
		}
		for variable := range service.Environment {
			if !slices.Contains(known, variable) {
				t.Errorf("service %s has the variable %s, which nothing reads", name, variable)
			}
		}
		c, rest, err := newRoot(&cli.Streams{Out: io.Discard, Err: io.Discard}).
			Find(containerArgs(append([]string{containerWord}, service.Command...)))
		if err != nil || c.ParseFlags(rest) != nil {
			t.Errorf("service %s has the command %q: %v", name, service.Command, err)
		}
	}
	for profile, want := range map[string]string{
		"mock": "connect", "contract": "connect contract", "op-connect": "op-connect-api op-connect-sync",
	} {
		slices.Sort(profiles[profile])
		if got := strings.Join(profiles[profile], " "); got != want {
			t.Errorf("the profile %s has %q, want %q", profile, got, want)
		}
	}
	// As in 1Password's file [D].
	api := file.Services["op-connect-api"]
	if !slices.Contains(api.Ports, "8080:8080") ||
		!slices.Contains(api.Volumes, "./1password-credentials.json:/home/opuser/.op/1password-credentials.json") {
		t.Errorf("op-connect-api has ports %q and volumes %q", api.Ports, api.Volumes)
	}
	vault := file.Services["contract"].Environment["OP_VAULT"]
	if !slices.ContainsFunc(fixtures.Demo().Accounts[0].Vaults, func(v fixtures.Vault) bool { return v.ID == vault }) {
		t.Errorf("the demo data has no vault %q", vault)
	}
}
