package audit

import (
	"regexp"
	"strings"
)

// hidden is what the journal shows in place of a token or of a value that may be one.
const hidden = "[hidden]"

// findMisplacedTokens finds tokens that were sent where they do not belong.
func (a *analysis) findMisplacedTokens() {
	for _, x := range a.all {
		one := occurrence{count: 1, at: []*exchange{x}}
		switch {
		case x.hasTokenInAddress():
			a.add(TokenInAddress, one)
		case x.Caller == "":
		case x.op.ID == "":
			a.add(WrongPath, one)
		case x.op.Tag == "Health" || x.op.Tag == "Metrics":
			a.add(TokenNotNeeded, one)
		}
	}
}

// hasTokenInAddress reports whether the journal hid a token. Paths and user agents have nothing else to hide; the
// values of all unknown parameters are hidden, so there the name of the parameter must tell.
func (x *exchange) hasTokenInAddress() bool {
	if strings.Contains(x.Path, hidden) || strings.Contains(x.UserAgent, hidden) {
		return true
	}
	for pair := range strings.SplitSeq(x.Query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if strings.Contains(value, hidden) && tokenParameter().MatchString(name) {
			return true
		}
	}
	return false
}

// tokenParameter matches the names of parameters in which clients send tokens.
func tokenParameter() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(token|bearer|authori[sz]ation|jwt|api[-_]?key)`)
}
