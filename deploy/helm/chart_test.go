// Package helm tests the chart in the folder connectmock with Helm's own code. It is a module of its own: nobody who
// uses connectmock downloads Helm. `make test-helm` runs it.
package helm

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "write the golden manifests again")

// render returns the manifests of the chart with values, as helm template prints them.
func render(t *testing.T, values map[string]any) (string, error) {
	t.Helper()
	chart, err := loader.Load("connectmock")
	if err != nil {
		t.Fatal(err)
	}
	options := chartutil.ReleaseOptions{Name: "test", Namespace: "testing", Revision: 1, IsInstall: true}
	all, err := chartutil.ToRenderValues(chart, values, options, chartutil.DefaultCapabilities)
	if err != nil {
		return "", err
	}
	files, err := engine.Render(chart, all)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		body := strings.TrimSpace(files[name])
		if filepath.Ext(name) == ".txt" { // for people
			body = "# " + strings.ReplaceAll(body, "\n", "\n# ")
		}
		if body != "" {
			text.WriteString("---\n# " + strings.TrimPrefix(name, "connectmock/templates/") + "\n" + body + "\n")
		}
	}
	return text.String(), nil
}

// readValues returns the values in a file of ci/.
func readValues(t *testing.T, name string) map[string]any {
	t.Helper()
	values, err := chartutil.ReadValuesFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// Each file of values in ci/ has a golden manifest.
func TestChart_RendersTheGoldenManifests(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("connectmock/ci/*-values.yaml")
	if err != nil || len(names) < 4 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			got, err := render(t, readValues(t, name))
			if err != nil {
				t.Fatal(err)
			}
			golden := "testdata/" + strings.TrimSuffix(filepath.Base(name), "-values.yaml") + ".golden.yaml"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s\nIf this is intended: make helm-golden", golden, diff)
			}
			checkResources(t, got)
		})
	}
}

// The plain manifests are what the chart makes of no values, and the same checks hold.
func TestPlainManifests_AreValid(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../kubernetes/connectmock.yaml")
	if err != nil {
		t.Fatal(err)
	}
	checkResources(t, string(text))
}

// checkResources decodes each resource into Kubernetes' own type, in which unknown keys are errors.
func checkResources(t *testing.T, text string) {
	t.Helper()
	types := map[string]func() any{
		"Deployment":     func() any { return &appsv1.Deployment{} },
		"Service":        func() any { return &corev1.Service{} },
		"Secret":         func() any { return &corev1.Secret{} },
		"ConfigMap":      func() any { return &corev1.ConfigMap{} },
		"ServiceAccount": func() any { return &corev1.ServiceAccount{} },
		"Ingress":        func() any { return &networkingv1.Ingress{} },
	}
	found := 0
	for _, doc := range strings.Split("\n"+text, "\n---\n") {
		var head struct {
			Kind     string
			Metadata struct{ Name string }
		}
		if err := yaml.Unmarshal([]byte(doc), &head); err != nil {
			t.Errorf("%v:\n%s", err, doc)
			continue
		}
		if head.Kind == "" || head.Kind == "ServiceMonitor" { // notes; a type of the Prometheus operator
			continue
		}
		found++
		newValue, known := types[head.Kind]
		if !known {
			t.Errorf("%s %s has an unknown kind", head.Kind, head.Metadata.Name)
			continue
		}
		value := newValue()
		if err := yaml.UnmarshalStrict([]byte(doc), value); err != nil {
			t.Errorf("%s %s: %v", head.Kind, head.Metadata.Name, err)
		}
		if d, ok := value.(*appsv1.Deployment); ok {
			checkDeployment(t, d)
		}
	}
	if found == 0 {
		t.Error("there are no resources")
	}
}

// checkDeployment checks what Kubernetes would refuse only when the pod starts.
func checkDeployment(t *testing.T, d *appsv1.Deployment) {
	t.Helper()
	volumes := map[string]bool{}
	for _, v := range d.Spec.Template.Spec.Volumes {
		volumes[v.Name] = true
	}
	for _, c := range d.Spec.Template.Spec.Containers {
		ports := map[string]bool{}
		for _, p := range c.Ports {
			ports[p.Name] = true
		}
		for _, probe := range []*corev1.Probe{c.ReadinessProbe, c.LivenessProbe} {
			if probe != nil && !ports[probe.HTTPGet.Port.String()] {
				t.Errorf("a probe uses the port %s, which the container does not have", probe.HTTPGet.Port.String())
			}
		}
		for _, m := range c.VolumeMounts {
			if !volumes[m.Name] {
				t.Errorf("the volume %s is mounted and not defined", m.Name)
			}
			delete(volumes, m.Name)
		}
		seen := map[string]bool{}
		for _, e := range c.Env {
			if seen[e.Name] {
				t.Errorf("the variable %s is set twice", e.Name)
			}
			seen[e.Name] = true
		}
	}
	for name := range volumes {
		t.Errorf("the volume %s is not mounted", name)
	}
	for key, value := range d.Spec.Selector.MatchLabels {
		if d.Spec.Template.Labels[key] != value {
			t.Errorf("the selector %s=%s does not match the pod", key, value)
		}
	}
}

func TestChart_PassesLint(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("connectmock/ci/*-values.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(names, "connectmock/values.yaml") {
		for _, m := range lint.AllWithKubeVersion("connectmock", readValues(t, name), "testing", nil).Messages {
			if m.Severity >= support.WarningSev {
				t.Errorf("%s: %v", name, m)
			}
		}
	}
}

// Values that cannot work are refused with the way out.
func TestChart_RefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	for values, want := range map[string]string{
		"connect: {replicas: 2}":                           "would have data of its own",
		"operator: {create: true}":                         "connect.create=false and operator.create=true",
		"mock: {control: {enabled: true}}":                 "mock.control.token: choose one",
		"mock: {tokens: {ci: 'a b'}}":                      "mock.tokens.ci",
		"mock: {tokens: {ci: ''}}":                         "needs a value",
		"mock: {fixtures: x}":                              "fixtures",
		"mock: {control: {enabled: 'yes', token: secret}}": "enabled",
		"connect: {applicationName: Has Spaces}":           "applicationName",
	} {
		parsed, err := chartutil.ReadValues([]byte(values))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := render(t, parsed); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", values, err, want)
		}
	}
}

// Nothing of a credentials file, or of a service account token, gets into the cluster.
func TestChart_KeepsCredentialsOutOfTheCluster(t *testing.T) {
	t.Parallel()
	values := readValues(t, "connectmock/ci/1password-values.yaml")
	values["connect"].(map[string]any)["credentials"] = `{"verifier":"canary-verifier"}`
	got, err := render(t, values)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "canary") {
		t.Errorf("the credentials are in a manifest:\n%s", got)
	}
	if !strings.Contains(got, "connect.credentials was set") {
		t.Error("the notes do not say that the credentials are not needed")
	}
}
