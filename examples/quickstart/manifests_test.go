package quickstart_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/goccy/go-yaml"
)

// manifest is what the tests know of a resource of a cluster.
type manifest struct {
	Kind       string
	Metadata   struct{ Name string }
	StringData map[string]string `yaml:"stringData"`
	Spec       struct {
		Ports    []struct{ Port int } // of a Service
		ItemPath string               `yaml:"itemPath"` // of a OnePasswordItem
		Provider struct {             // of a SecretStore
			OnePassword struct {
				ConnectHost string `yaml:"connectHost"`
				Vaults      map[string]int
				Auth        struct {
					SecretRef struct {
						Token struct{ Name, Key string } `yaml:"connectTokenSecretRef"`
					} `yaml:"secretRef"`
				}
			} `yaml:"onepassword"`
		}
		StoreRef struct{ Name string } `yaml:"secretStoreRef"` // of an ExternalSecret
		Data     []struct {
			RemoteRef struct{ Key, Property string } `yaml:"remoteRef"`
		}
	}
}

// resources returns the resources of a file by their kind.
func resources(t *testing.T, path ...string) map[string]manifest {
	t.Helper()
	all := map[string]manifest{}
	for _, document := range strings.Split(read(t, path...), "\n---\n") {
		var m manifest
		if err := yaml.Unmarshal([]byte(document), &m); err != nil {
			t.Fatalf("%v: %v", path, err)
		}
		all[m.Kind] = m
	}
	return all
}

// checkDemoItem checks that the demo data has an item.
func checkDemoItem(t *testing.T, vault, title string) {
	t.Helper()
	for _, v := range fixtures.Demo().Accounts[0].Vaults {
		if v.Name == vault && slices.ContainsFunc(v.Items, func(x fixtures.Item) bool { return x.Title == title }) {
			return
		}
	}
	t.Errorf("the demo data has no item %q in %q", title, vault)
}

// No cluster applies these manifests in tests. At least they name the Service and the Secret of the mock's manifest,
// and an item of the demo data.
func TestManifests_FitTheMock(t *testing.T) {
	t.Parallel()
	mock := resources(t, "..", "..", "deploy", "kubernetes", "connectmock.yaml")
	external := resources(t, "external-secrets", "secret.yaml")
	store := external["SecretStore"].Spec.Provider.OnePassword
	service := mock["Service"]
	if want := fmt.Sprintf("http://%s:%d", service.Metadata.Name, service.Spec.Ports[0].Port); store.ConnectHost != want {
		t.Errorf("the store is at %s, want %s", store.ConnectHost, want)
	}
	token := store.Auth.SecretRef.Token
	if secret := mock["Secret"]; token.Name != secret.Metadata.Name || secret.StringData[token.Key] == "" {
		t.Errorf("the token is %q of the Secret %s, want one of %s", token.Key, token.Name, secret.Metadata.Name)
	}
	secret := external["ExternalSecret"]
	if secret.Spec.StoreRef.Name != external["SecretStore"].Metadata.Name || len(secret.Spec.Data) != 2 {
		t.Errorf("the secret is %+v", secret)
	}
	for _, d := range secret.Spec.Data {
		for vault := range store.Vaults {
			checkDemoItem(t, vault, d.RemoteRef.Key)
		}
	}
	path := resources(t, "kubernetes-operator", "item.yaml")["OnePasswordItem"].Spec.ItemPath
	parts := strings.Split(path, "/")
	if len(parts) != 4 || parts[0] != "vaults" || parts[2] != "items" {
		t.Fatalf("the path is %q", path)
	}
	checkDemoItem(t, parts[1], parts[3])
}
