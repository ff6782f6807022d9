package contract

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/textenc"
)

// deviationDays is how long an entry that WriteDeviations writes counts.
const deviationDays = 90

// WriteDeviations writes an entry for each rule that failed, which counts for 90 days
// from now. reason and owner are empty: ReadDeviations refuses the list until somebody
// has filled them in. run must be redacted, as that of Run is.
func WriteDeviations(w io.Writer, run *report.Run, now time.Time) error {
	var b strings.Builder
	b.WriteString("# Rules that the server breaks. Fill in reason and owner, or correct the server and remove the entry:\n" +
		"# the list is refused until each entry has both. expires is the last day on which the entry counts.\n")
	for _, x := range run.Results {
		if x.State != report.Fail {
			continue
		}
		fmt.Fprintf(&b, "\n# %s\n# found: %s\n- rule: %s\n", commentLine(x.Title), commentLine(x.Failure), x.ID)
		if run.Target != "" {
			fmt.Fprintf(&b, "  target: %s\n", strconv.Quote(run.Target))
		}
		if run.Version != "" {
			fmt.Fprintf(&b, "  version: %s\n", strconv.Quote(run.Version))
		}
		fmt.Fprintf(&b, "  reason: \"\"\n  owner: \"\"\n  expires: %s\n",
			now.AddDate(0, 0, deviationDays).Format(time.DateOnly))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// commentLine returns a text on one line that can be a comment of YAML.
func commentLine(text string) string {
	const most = 160
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
	return textenc.Cut(strings.Join(strings.Fields(text), " "), most)
}
