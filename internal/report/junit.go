package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/coverage"
)

type testSuites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Time     string   `xml:"time,attr"`
	Suites   []*testSuite
}

type testSuite struct {
	XMLName    xml.Name   `xml:"testsuite"`
	Name       string     `xml:"name,attr"`
	Tests      int        `xml:"tests,attr"`
	Failures   int        `xml:"failures,attr"`
	Errors     int        `xml:"errors,attr"`
	Skipped    int        `xml:"skipped,attr"`
	Time       string     `xml:"time,attr"`
	Timestamp  string     `xml:"timestamp,attr"`
	Properties []property `xml:"properties>property"`
	Cases      []testCase

	took time.Duration
}

type testCase struct {
	XMLName    xml.Name    `xml:"testcase"`
	Name       string      `xml:"name,attr"`
	ClassName  string      `xml:"classname,attr"`
	Time       string      `xml:"time,attr"`
	Properties *properties `xml:"properties"`
	Failure    *finding    `xml:"failure"`
	Error      *finding    `xml:"error"`
	Skipped    *finding    `xml:"skipped"`
}

type properties struct {
	All []property `xml:"property"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type finding struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// JUnit writes a run for CI servers, with one suite for each tag. JUnit has three states besides success: skipped,
// disabled and partial results and known deviations become "skipped", with the state and the reason as the message.
// Each problem of the run is a case with an error, so that a run that failed is not green.
func JUnit(w io.Writer, r *Run) error {
	all := &testSuites{Name: r.Suite, Time: seconds(r.Took)}
	byTag := map[string]*testSuite{}
	add := func(tag string, c testCase, took time.Duration) {
		suite := byTag[tag]
		if suite == nil {
			suite = &testSuite{
				Name:      strings.TrimSuffix(r.Suite+"."+tag, "."),
				Timestamp: r.Began.UTC().Format("2006-01-02T15:04:05"), Properties: r.properties(),
			}
			byTag[tag] = suite
			all.Suites = append(all.Suites, suite)
		}
		c.ClassName, c.Time = suite.Name, seconds(took)
		suite.add(c, took)
	}
	for _, x := range r.Results {
		add(x.Tag, caseOf(x), x.Took)
	}
	for i, problem := range r.Problems() {
		found := &finding{Message: oneLine(problem, 200), Type: "run", Text: problem}
		add("run", testCase{Name: fmt.Sprintf("problem %d", i+1), Error: found}, 0)
	}
	for _, s := range all.Suites {
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
		all.Skipped += s.Skipped
		s.Time = seconds(s.took)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *testSuite) add(c testCase, took time.Duration) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.took += took
	s.Cases = append(s.Cases, c)
}

// caseOf returns a result as a test case.
func caseOf(x Result) testCase {
	c := testCase{Name: strings.TrimSpace(x.ID + " " + x.Title)}
	if x.Level != "" {
		c.Properties = &properties{[]property{{"level", x.Level}, {"evidence", x.Evidence}}}
	}
	switch {
	case x.State == Pass:
	case x.State.isViolation():
		c.Failure = &finding{Message: x.headline(), Type: string(x.State), Text: x.details()}
	case x.State == Error:
		c.Error = &finding{Message: x.headline(), Type: string(x.State), Text: x.details()}
	case x.State == Skip:
		c.Skipped = &finding{Message: x.why()}
	default:
		c.Skipped = &finding{Message: x.State.label() + ": " + x.why()}
	}
	return c
}

// properties returns facts about the run.
func (r *Run) properties() []property {
	all := []property{
		{"target", r.Target}, {"server version", r.Version}, {"document", r.Document},
		{"seed", strconv.FormatInt(r.Seed, 10)}, {"verdict", r.Verdict()}, {"headline", r.Headline()},
	}
	if seen, of := coverage.CountCovered(r.Coverage); of > 0 {
		all = append(all, property{"coverage", fmt.Sprintf("%d of %d documented responses", seen, of)})
	}
	for _, c := range r.Capabilities {
		all = append(all, property{"capability " + c.Name, strings.TrimSuffix(yesNo(c.Have)+": "+c.Why, ": ")})
	}
	for _, w := range r.Warnings {
		all = append(all, property{"warning", w})
	}
	return all
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
