package conformance

import (
	"fmt"

	"github.com/connectmock/connectmock/internal/report"
)

// The verdicts on a profile.
const (
	Conformant = "Conformant" // every rule of level MUST was tested and kept
	Partial    = "Partial"    // some were tested, but not all of them were kept
	NotTested  = "Not tested" // none was tested
)

// Profiles returns the names of the profiles, in the order of reports.
func Profiles() []string { return []string{"read", "write", "files", "activity"} }

// Profile is the verdict on a part of the API. The rules that the version of the server did not promise are not
// counted, nor are those skipped that only a mock can meet.
type Profile struct {
	Name    string `json:"name"`
	Verdict string `json:"verdict"`
	Must    Count  `json:"must"` // rules of level MUST, which decide
	Other   Count  `json:"other"`
}

// Count counts rules by what is known about them.
type Count struct {
	Rules     int `json:"rules"`
	Passed    int `json:"passed"`
	Failed    int `json:"failed"`    // known deviations included
	NotTested int `json:"notTested"` // skipped, not selected, not run, or an error
}

func (c *Count) add(verdict report.State) {
	c.Rules++
	switch verdict {
	case report.Pass, report.UnexpectedPass:
		c.Passed++
	case report.Fail, report.KnownDeviation:
		c.Failed++
	default:
		c.NotTested++
	}
}

// String returns the count in words: "120 of 131 MUST, 3 failed".
func (c Count) String() string {
	if c.Rules == 0 {
		return "no rule of level MUST"
	}
	text := fmt.Sprintf("%d of %d MUST", c.Passed, c.Rules)
	if c.Failed > 0 {
		text += fmt.Sprintf(", %d failed", c.Failed)
	}
	if c.NotTested > 0 {
		text += fmt.Sprintf(", %d not tested", c.NotTested)
	}
	return text
}

// profilesOf returns the verdict on each profile.
func profilesOf(results []Result) (list []Profile) {
	for _, name := range Profiles() {
		p := Profile{Name: name}
		for _, x := range results {
			switch {
			case x.Profile != name || x.Verdict == NotPromised:
			case x.Level == "MUST":
				p.Must.add(x.Verdict)
			default:
				p.Other.add(x.Verdict)
			}
		}
		switch {
		case p.Must.NotTested+p.Other.NotTested == p.Must.Rules+p.Other.Rules:
			p.Verdict = NotTested
		case p.Must.Rules > 0 && p.Must.Passed == p.Must.Rules:
			p.Verdict = Conformant
		default:
			p.Verdict = Partial
		}
		list = append(list, p)
	}
	return list
}
