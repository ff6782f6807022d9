package console

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/connectmock/connectmock/internal/docsite"
)

// examples fills the addresses and the token of a mock into the examples of the documentation.
type examples struct {
	host, control string
	token         string // empty: examples keep what stands for it
	inCI          bool   // the page is about CI, where jobs start servers of their own
}

// fill returns an example with the addresses and the token of the mock: in place of those of the documentation, and of
// the variables that clients read. A command that sets the variables keeps them, and so does one with a server of its
// own.
func (e examples) fill(language, block string) string {
	if e.inCI && slices.Contains([]string{"yaml", "groovy"}, language) {
		return block
	}
	block = strings.NewReplacer(docsite.ExampleHost, e.host, docsite.ExampleControl, e.control,
		docsite.ExampleToken, cmp.Or(e.token, tokenPlaceholder)).Replace(block)
	block = fillVariable(block, "OP_CONNECT_HOST", e.host)
	return fillVariable(block, "OP_CONNECT_TOKEN", e.token)
}

// plainValue matches what means the same within quotes of a shell and outside of them.
var plainValue = regexp.MustCompile(`^[A-Za-z0-9._~+/=:@%,-]+$`)

// fillVariable replaces a variable of a shell by its value, except in a block that sets it and in commands that set it
// for others.
func fillVariable(block, name, value string) string {
	if !plainValue.MatchString(value) || strings.Contains(block, name+"=") {
		return block
	}
	var out strings.Builder
	for line := range strings.Lines(block) {
		if !strings.Contains(line, "connectmock exec") && !strings.Contains(line, "connectmock grade") {
			line = strings.NewReplacer("${"+name+"}", value, "$"+name+"_", "$"+name+"_", "$"+name, value).Replace(line)
		}
		out.WriteString(line)
	}
	return out.String()
}

// helpHit is a part of the documentation that a search found.
type helpHit struct {
	Page    docsite.Page
	Section docsite.Section
	Excerpt string
}

// helpText returns all parts of the documentation. They are read at the first search.
var helpText = sync.OnceValues(func() (all []helpHit, err error) {
	for _, p := range docsite.Pages() {
		document, err := docsite.Render(p.Name, docsite.Options{})
		if err != nil {
			return nil, err
		}
		for _, s := range document.Sections {
			all = append(all, helpHit{Page: p, Section: s})
		}
	}
	return all, nil
})

// maxHits is how many parts a search shows.
const maxHits = 30

// searchHelp returns the parts that contain all words, those with all of them in the title first. It returns none for
// an empty search.
func searchHelp(search string) (hits []helpHit, err error) {
	words := strings.Fields(strings.ToLower(search))
	if len(words) == 0 {
		return nil, nil
	}
	all, err := helpText()
	if err != nil {
		return nil, err
	}
	var inText []helpHit
	for _, hit := range all {
		title := strings.ToLower(hit.Page.Title + " " + hit.Section.Title)
		text := strings.ToLower(hit.Section.Text)
		hit.Excerpt = excerpt(hit.Section.Text, words[0])
		switch {
		case containsAll(title, words):
			hits = append(hits, hit)
		case containsAll(title+" "+text, words):
			inText = append(inText, hit)
		}
	}
	hits = append(hits, inText...)
	return hits[:min(len(hits), maxHits)], nil
}

func containsAll(text string, words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}

// excerpt returns the line of a text that contains a word, its beginning if none does, shortened.
func excerpt(text, word string) string {
	const maxLength = 200
	line, _, _ := strings.Cut(text, "\n")
	for one := range strings.Lines(text) {
		if strings.Contains(strings.ToLower(one), word) {
			line = one
			break
		}
	}
	line = strings.TrimSpace(line)
	if len(line) <= maxLength {
		return line
	}
	return strings.ToValidUTF8(line[:maxLength], "") + "…"
}
