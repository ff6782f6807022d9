package ctlcmd

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newJournalShow(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "show NUMBER",
		Short: "Show the headers and bodies of an exchange, without secrets",
		Long: `Show the headers and bodies of an exchange, without tokens and the values that
Connect conceals. A mock keeps them if it was started with --journal-bodies.`,
	}
	return k.command(c, "", func(r *ctlCall) error {
		id, err := strconv.ParseUint(r.args[0], 10, 64)
		if err != nil || id == 0 {
			return cli.Usage("%q is not a number of connectmock ctl journal list", r.args[0])
		}
		found, err := r.client.Exchange(r.ctx, id)
		return show(k, found, err, exchangeText)
	})
}

func exchangeText(e controlapi.Exchange) string {
	return "request\n" + messageText(e.Request) + "\nresponse\n" + messageText(e.Response)
}

// messageText returns the headers and the body of a message, or why it is not shown.
func messageText(m controlapi.Message) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		fmt.Fprintf(&b, "  %s: %s\n", cli.Printable(name), cli.Printable(m.Headers[name]))
	}
	switch {
	case m.Hidden != "":
		fmt.Fprintf(&b, "  the body is not shown: %s\n", cli.Printable(m.Hidden))
	case m.Body != "":
		b.WriteString("\n" + cli.Indent(m.Body))
	}
	if m.Cut {
		b.WriteString("  the body is longer than this\n")
	}
	return b.String()
}
