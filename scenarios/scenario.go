// Package scenarios runs scenarios: YAML files of steps that send requests to a Connect server, real or mock, and check
// the responses. A scenario whose steps were not all run is partial or skipped, never passed.
//
// [Load] finds every mistake in a file before anything is sent; [Run] runs the steps, cleans up and reports. The
// package does not know how a mock works: like any other program, it uses the control API over HTTP.
package scenarios

import (
	"embed"
	"io/fs"
	"time"

	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// Scenario is a valid scenario, as [Load] returns it. Do not change it. It may be run several times at once.
type Scenario struct {
	ID       string
	Title    string
	About    string // may be empty
	Tags     []string
	Requires []string // it is skipped on targets without these capabilities
	Inputs   []Input  // by name
	File     string

	timeout     time.Duration // zero: that of the run
	matrix      []axis
	given       []state
	steps       []*step
	finally     []*step
	templates   map[*yamlsource.Node]*expression.Template
	expressions map[*yamlsource.Node]*expression.Expression
}

// Input is a value that a scenario needs from the person who runs it.
type Input struct {
	Name     string
	About    string // may be empty
	Default  string // used if none is given
	Required bool   // whether there is no default
	Secret   bool   // whether reports must not show it
}

// axis is one entry of a matrix.
type axis struct {
	name   string
	values []any
}

// Error holds all problems of scenario files.
type Error = yamlsource.Error

// Problem is one mistake in a scenario file.
type Problem = yamlsource.Problem

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
