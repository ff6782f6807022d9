package connectmock

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/testcontainers/testcontainers-go"
)

func TestOptions_SetVariables(t *testing.T) {
	t.Parallel()
	var r testcontainers.GenericContainerRequest
	for _, option := range []testcontainers.ContainerCustomizer{
		WithFixture("testdata/fixture.yaml"), WithConnectVersion("1.5.2"),
		WithQuirk("actor-ip", "ip"), WithQuirk("empty-members", "arrays"),
	} {
		if err := option.Customize(&r); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{
		"CONNECTMOCK_FIXTURE":         "/fixture.yaml",
		"CONNECTMOCK_CONNECT_VERSION": "1.5.2",
		"CONNECTMOCK_QUIRK":           "actor-ip=ip,empty-members=arrays",
	}
	if diff := cmp.Diff(want, r.Env); diff != "" {
		t.Error(diff)
	}
	if len(r.Files) != 1 || r.Files[0].HostFilePath != "testdata/fixture.yaml" {
		t.Errorf("files %+v", r.Files)
	}
}

func TestOptions_RefuseWhatIsMissing(t *testing.T) {
	t.Parallel()
	for want, option := range map[string]testcontainers.ContainerCustomizer{
		"no-such-file.yaml":    WithFixture("no-such-file.yaml"),
		`for the quirk "name"`: WithQuirk("name", ""),
		"for the version":      WithConnectVersion(""),
	} {
		err := option.Customize(&testcontainers.GenericContainerRequest{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestComplaints_LeavesOutTheRestOfTheLog(t *testing.T) {
	t.Parallel()
	const log = "export OP_CONNECT_TOKEN=invented\nconnectmock: fixture: a mistake\n"
	if got := complaintsIn(strings.NewReader(log)); got != "\nconnectmock: fixture: a mistake" {
		t.Errorf("got %q", got)
	}
}
