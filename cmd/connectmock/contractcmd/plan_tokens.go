package contractcmd

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/contract"
)

// missingText returns what a real server lacks for all rules to run, with the commands of op that create the
// tokens. It is empty for a mock, which creates them itself, and if nothing is missing.
func missingText(t contract.Target) string {
	if t.URL == "" || t.Control != nil {
		return ""
	}
	vault, other := cmp.Or(t.Vault, "VAULT"), cmp.Or(t.OtherVault, "OTHER_VAULT")
	var b strings.Builder
	if !canWrite(t) {
		fmt.Fprintf(&b, "  writes: --allow-writes --vault %s, best a vault for this only\n", cli.Printable(vault))
	}
	for _, token := range []struct {
		missing                bool
		flag, arguments, about string
	}{
		{t.ReaderToken == "", "--reader-token", "connectmock-reader --server SERVER --vault " + vault + ",r", ""},
		{t.WriterToken == "", "--writer-token", "connectmock-writer --server SERVER --vault " + vault + ",w", ""},
		{t.OtherToken == "", "--other-token", "connectmock-other --server SERVER --vault " + other + ",rw", ""},
		{len(t.RefusedTokens) == 0, "--refused-token",
			"connectmock-expired --server SERVER --vault " + vault + ",r --expires-in 1s", " (it expires at once)"},
	} {
		if token.missing {
			fmt.Fprintf(&b, "  %s%s:\n    op connect token create %s\n", token.flag, token.about, cli.Printable(token.arguments))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\nTo run the rules that would be skipped, give what is missing. Replace SERVER by the name of the Connect\n" +
		"server in your account, and VAULT and OTHER_VAULT by two vaults; the letters after a vault are a guess\n" +
		"about op:\n" +
		b.String()
}
