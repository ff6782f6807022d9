// Command dist builds what a release consists of: archives for each system, completions, manual pages, SBOMs,
// checksums, a Homebrew formula and a Nix flake. It needs Go and nothing else; .goreleaser.yaml uses the parts of it
// that goreleaser does not have.
//
//	go run ./internal/dist all OUT [TARGET...]     everything; targets are as linux/amd64, without one: all
//	go run ./internal/dist extras DIR              completions and manual pages
//	go run ./internal/dist sbom BINARY FILE        what a binary was built from, as CycloneDX JSON
//	go run ./internal/dist proxy DIR VERSION       this commit for GOPROXY=file://DIR, to try go install before a release
//
// The same commit gives the same bytes, on every machine with the same version of Go.
package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New(
	"usage: dist all OUT [TARGET...] | dist extras DIR | dist sbom BINARY FILE | dist proxy DIR VERSION")

// run runs a subcommand.
func run(args []string) error {
	switch {
	case len(args) >= 2 && args[0] == "all":
		targets := allTargets
		if len(args) > 2 {
			targets = args[2:]
		}
		for _, target := range targets {
			if !slices.Contains(allTargets, target) {
				return fmt.Errorf("unknown target %q: there are %s", target, strings.Join(allTargets, ", "))
			}
		}
		return buildAll(args[1], targets)
	case len(args) == 2 && args[0] == "extras":
		return buildExtras(args[1])
	case len(args) == 3 && args[0] == "sbom":
		return writeSBOM(args[1], args[2])
	case len(args) == 3 && args[0] == "proxy":
		return writeProxy(args[1], args[2])
	}
	return errUsage
}
