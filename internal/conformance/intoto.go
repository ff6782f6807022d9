package conformance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"regexp"

	"github.com/connectmock/connectmock/internal/report"
)

// The types of an in-toto statement about a test run [D, in-toto attestation framework].
const (
	statementType  = "https://in-toto.io/Statement/v1"
	testResultType = "https://in-toto.io/attestation/test-result/v0.1"
)

// Subject is the artifact that a statement is about, as an image of the server.
type Subject struct {
	Name   string
	SHA256 string // 64 hexadecimal digits
}

// ParseSubject reads a subject as "connect-api:1.8.1@sha256:...".
func ParseSubject(text string) (Subject, error) {
	m := regexp.MustCompile(`^(.+)@sha256:([0-9a-f]{64})$`).FindStringSubmatch(text)
	if m == nil {
		return Subject{}, fmt.Errorf(
			"%q is not NAME@sha256:DIGEST with 64 hexadecimal digits, as of a container image", text)
	}
	return Subject{m[1], m[2]}, nil
}

type statement struct {
	Type          string       `json:"_type"`
	Subject       []descriptor `json:"subject"`
	PredicateType string       `json:"predicateType"`
	Predicate     testResult   `json:"predicate"`
}

type testResult struct {
	Result        string       `json:"result"` // PASSED, WARNED, FAILED
	Configuration []descriptor `json:"configuration"`
	Passed        []string     `json:"passedTests"`
	Warned        []string     `json:"warnedTests"`
	Failed        []string     `json:"failedTests"`
}

type descriptor struct {
	Name        string            `json:"name"`
	Digest      map[string]string `json:"digest"`
	MediaType   string            `json:"mediaType,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// Statement writes the report as an unsigned in-toto statement with a test result. Without a subject it is about the
// report itself, as JSON writes it. Tests that were skipped or not selected are in none of its lists.
func (r *Report) Statement(w io.Writer, subject Subject) error {
	var text bytes.Buffer
	if err := r.JSON(&text); err != nil {
		return err
	}
	sum := sha256.Sum256(text.Bytes())
	self := descriptor{
		Name:      "conformance report of " + r.Server.Target,
		Digest:    map[string]string{"sha256": hex.EncodeToString(sum[:])},
		MediaType: "application/json",
	}
	about := self
	if subject != (Subject{}) {
		about = descriptor{Name: subject.Name, Digest: map[string]string{"sha256": subject.SHA256}}
	}
	rules := descriptor{
		Name:   "rules of the contract",
		Digest: map[string]string{"sha256": r.Rules.Digest[len("sha256:"):]},
		Annotations: map[string]string{
			"tool": r.Tool.Name + " " + r.Tool.Version, "command": r.Reproduce.Command, "target": r.Server.Target,
			"headline": r.Headline,
		},
	}
	out := statement{
		Type: statementType, PredicateType: testResultType, Subject: []descriptor{about},
		Predicate: testResult{
			Result: "PASSED", Configuration: []descriptor{rules, self},
			Passed: []string{}, Warned: []string{}, Failed: []string{},
		},
	}
	p := &out.Predicate
	for _, x := range r.Results {
		switch x.Verdict {
		case report.Pass:
			p.Passed = append(p.Passed, x.ID)
		case report.KnownDeviation:
			p.Warned = append(p.Warned, x.ID)
		case report.Fail, report.UnexpectedPass, report.Error, report.NotRun:
			p.Failed = append(p.Failed, x.ID)
		}
	}
	switch {
	case r.ExitCode != report.Kept:
		p.Result = "FAILED"
	case len(p.Warned) > 0:
		p.Result = "WARNED"
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}
