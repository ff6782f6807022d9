// Package docsite renders the pages of docs/ for readers with a browser: the console's Help and the site. It knows
// the order of the pages, not the addresses they have there: those come from the caller.
package docsite

import "slices"

// Kind says what a page is for.
type Kind string

// The kinds of pages. A tutorial is followed from top to bottom, a how-to is opened with a task in mind, a reference
// is looked up, an explanation is read away from the keyboard.
const (
	Tutorial    Kind = "tutorial"
	HowTo       Kind = "how-to"
	Reference   Kind = "reference"
	Explanation Kind = "explanation"
)

// Page is a page of the documentation.
type Page struct {
	Name  string // of its file, without .md
	Title string // short, for lists
	Kind  Kind
}

// pages is every page in reading order. Each kind is one stretch.
var pages = []Page{
	{"first-minute", "First minute", Tutorial},
	{"scenarios", "Scenarios", Tutorial},
	{"install", "Install", HowTo},
	{"tests", "In your tests", HowTo},
	{"go-tests", "In Go tests", HowTo},
	{"migrating", "Replace a fake", HowTo},
	{"ci", "In CI", HowTo},
	{"containers", "Containers, Kubernetes", HowTo},
	{"console", "The console", HowTo},
	{"script", "Script the server", HowTo},
	{"assistants", "Coding assistants", HowTo},
	{"contract", "Check a server", HowTo},
	{"deviations", "Known deviations", HowTo},
	{"conformance", "Conformance reports", HowTo},
	{"audit", "Audit a client", HowTo},
	{"grade", "Grade your tests", HowTo},
	{"serve", "Flags of serve", Reference},
	{"commands", "Commands", Reference},
	{"tokens", "Tokens and scopes", Reference},
	{"fixtures", "Fixtures", Reference},
	{"faults", "Faults and presets", Reference},
	{"scenario-language", "Scenario language", Reference},
	{"quirks", "Evidence and switches", Reference},
	{"connect-versions", "Versions of Connect", Reference},
	{"clients", "Clients", Reference},
	{"versions", "Policy for versions", Reference},
	{"limits", "Limits", Reference},
	{"concepts", "Concepts", Explanation},
	{"security", "Security model", Explanation},
	{"performance", "Performance", Explanation},
	{"faq", "Questions", Explanation},
}

// Group is the pages of one kind.
type Group struct {
	Title string
	Pages []Page
}

// Groups returns every page, grouped by kind.
func Groups() (all []Group) {
	headings := map[Kind]string{Tutorial: "Learn", HowTo: "Do", Reference: "Look up", Explanation: "Understand"}
	for _, p := range pages {
		if heading := headings[p.Kind]; len(all) == 0 || all[len(all)-1].Title != heading {
			all = append(all, Group{Title: heading})
		}
		last := &all[len(all)-1]
		last.Pages = append(last.Pages, p)
	}
	return all
}

// Pages returns every page in reading order, grouped by kind.
func Pages() []Page { return slices.Clone(pages) }

// Find returns the page of a name.
func Find(name string) (p Page, found bool) {
	i := slices.IndexFunc(pages, func(p Page) bool { return p.Name == name })
	if i < 0 {
		return Page{}, false
	}
	return pages[i], true
}
