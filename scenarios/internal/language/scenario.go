package language

import (
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

	Timeout     time.Duration // zero: that of the run
	Matrix      []axis
	Given       []State
	Steps       []*Step
	Finally     []*Step
	Templates   map[*yamlsource.Node]*expression.Template
	Expressions map[*yamlsource.Node]*expression.Expression
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
	Name   string
	Values []any
}

// Error holds all problems of scenario files.
type Error = yamlsource.Error

// Problem is one mistake in a scenario file.
type Problem = yamlsource.Problem

const UserAgent = "connectmock-scenario"
