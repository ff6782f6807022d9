// Package deploy has files of this folder that the program can write for its users.
package deploy

import _ "embed"

var (
	//go:embed compose/docker-compose.yaml
	compose string
	//go:embed kubernetes/connectmock.yaml
	kubernetes string
)

// Compose returns the compose file with three shapes of the mock.
func Compose() string { return compose }

// Kubernetes returns the plain manifests.
func Kubernetes() string { return kubernetes }
