// Package scenarios runs what QA writes: YAML files of steps against a Connect
// server, real or mock, and a verdict that never calls passed what was left out.
//
// Load finds every mistake of a file before anything is sent; Run does the
// steps, cleans up and reports. A mock is told to misbehave over its control
// API, as any other program would: this package knows nothing of how a mock
// works.
package scenarios

import (
	"embed"
	"io/fs"
	"time"

	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
)

// Scenario is one that was loaded without a mistake. It is not to be changed
// and may be run several times at once.
type Scenario struct {
	ID       string
	Title    string
	About    string // may be empty
	Tags     []string
	Requires []string // capabilities without which it is skipped
	Inputs   []Input  // by name
	File     string

	timeout  time.Duration // zero: the run's
	matrix   []axis
	given    []state
	steps    []*action
	finally  []*action
	texts    map[*yamlsource.Node]*expression.Template
	formulas map[*yamlsource.Node]*expression.Expression
}

// Input is a value a scenario asks for.
type Input struct {
	Name     string
	About    string // may be empty
	Default  string // used where none is given
	Required bool   // there is no default
	Secret   bool   // never shown
}

// axis is one line of a matrix.
type axis struct {
	name   string
	values []any
}

// Error is every mistake found in scenario files.
type Error = yamlsource.Error

// Problem is one mistake.
type Problem = yamlsource.Problem

//go:embed library
var library embed.FS

// Library is the scenarios that come with connectmock.
func Library() fs.FS {
	sub, err := fs.Sub(library, "library")
	if err != nil {
		panic(err) // the name is a constant
	}
	return sub
}
