package connectmock

import (
	"fmt"
	"os"

	"github.com/testcontainers/testcontainers-go"
)

// fixturePath is where the fixture is in the container.
const fixturePath = "/fixture.yaml"

// WithFixture fills the mock from a fixture, a file of this machine.
func WithFixture(path string) testcontainers.CustomizeRequestOption {
	return func(r *testcontainers.GenericContainerRequest) error {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("connectmock: fixture: %w", err)
		}
		r.Files = append(r.Files, testcontainers.ContainerFile{
			HostFilePath: path, ContainerFilePath: fixturePath, FileMode: 0o444, // the mock is not root
		})
		setVariable(r, "CONNECTMOCK_FIXTURE", fixturePath)
		return nil
	}
}

// WithQuirk chooses a behaviour that differs between servers: see connectmock quirks. It may be given several times.
func WithQuirk(name, value string) testcontainers.CustomizeRequestOption {
	return func(r *testcontainers.GenericContainerRequest) error {
		if name == "" || value == "" {
			return fmt.Errorf("%w for the quirk %q", errEmpty, name)
		}
		quirks := r.Env["CONNECTMOCK_QUIRK"]
		if quirks != "" {
			quirks += ","
		}
		setVariable(r, "CONNECTMOCK_QUIRK", quirks+name+"="+value)
		return nil
	}
}

// WithConnectVersion makes the mock behave as a version of Connect, such as 1.5.2: see connectmock quirks --versions.
func WithConnectVersion(version string) testcontainers.CustomizeRequestOption {
	return func(r *testcontainers.GenericContainerRequest) error {
		if version == "" {
			return fmt.Errorf("%w for the version", errEmpty)
		}
		setVariable(r, "CONNECTMOCK_CONNECT_VERSION", version)
		return nil
	}
}

// setVariable sets an environment variable of the container.
func setVariable(r *testcontainers.GenericContainerRequest, name, value string) {
	if r.Env == nil {
		r.Env = map[string]string{}
	}
	r.Env[name] = value
}
