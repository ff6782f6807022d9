package language

import (
	"fmt"
	"time"

	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/openapi/connect"
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

	unlike      []exception
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

// exception is a range of versions of Connect that do something else than a scenario expects.
type exception struct {
	connect.VersionRange
	about string
}

// SkipReason returns why a server of a version can't be held to the scenario, "" if it can. An empty version is unknown.
func (s *Scenario) SkipReason(version string) string {
	if !connect.IsVersion(version) {
		return ""
	}
	for _, e := range s.unlike {
		if e.Holds(version) {
			return fmt.Sprintf("Connect %s does not do this (%s): %s", version, e, e.about)
		}
	}
	return ""
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

// UserAgent is the User-Agent of the requests of scenarios.
const UserAgent = "connectmock-scenario"
