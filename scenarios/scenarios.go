// Package scenarios runs scenarios: YAML files of steps that send requests to a Connect server, real or mock, and check
// the responses. A scenario whose steps were not all run is partial or skipped, never passed.
//
// [Load] finds every mistake in a file before anything is sent; [Run] runs the steps, cleans up and reports. The
// package does not know how a mock works: like any other program, it uses the control API over HTTP.
package scenarios

import (
	"embed"
	"io/fs"

	"github.com/connectmock/connectmock/scenarios/internal/language"
)

type (
	// Scenario is a valid scenario, as [Load] returns it: its ID, Title, About, Tags, Requires, Inputs and File. Do not
	// change it. It may be run several times at once.
	Scenario = language.Scenario

	// Input is a value that a scenario needs from the person who runs it: its Name, About and Default, and whether it is
	// Required or Secret.
	Input = language.Input

	// Error holds all problems of scenario files.
	Error = language.Error

	// Problem is one mistake in a scenario file.
	Problem = language.Problem
)

// Load reads a scenario and the fragments it includes, which must be in its folder or below. If the files are invalid,
// the error is an [*Error] with every problem found.
func Load(fsys fs.FS, name string) (*Scenario, error) { return language.Load(fsys, name) }

// LoadDir reads all scenarios in a folder and its subfolders, sorted by name. It skips fragments: scenarios include
// them. Duplicate ids are problems, and a folder without scenarios is an error.
func LoadDir(fsys fs.FS, dir string) ([]*Scenario, error) { return language.LoadDir(fsys, dir) }

// Capabilities returns the capabilities that a scenario may require and a step may need.
func Capabilities() []string { return language.Capabilities() }

// Failures returns the reasons for which a request gets no complete response, as expect.error names them.
func Failures() []string { return language.Failures() }

// States returns the names of the states that a scenario may start from.
func States() []string { return language.States() }

//go:embed library
var library embed.FS

// Library returns the scenarios that come with connectmock.
func Library() fs.FS {
	sub, err := fs.Sub(library, "library")
	if err != nil {
		panic(err) // not possible: the name is a constant
	}
	return sub
}
