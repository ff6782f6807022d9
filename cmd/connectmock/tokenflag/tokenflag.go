// Package tokenflag has the flags that say what a token may do, and shows tokens as a table.
package tokenflag

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

// Flags are the flags of a new token.
type Flags struct {
	Permission, NotBefore, Expires string
	Vaults                         cliflag.Pairs
}

// CreateHelp is the help of commands that create a token.
const CreateHelp = `Issue a token and print it, and nothing else, to standard output. Without
--permission and --vault it may read and write every vault.`

// Bind adds the flags to a command.
func (t *Flags) Bind(c *cobra.Command) {
	t.Vaults = VaultPermissions()
	f := c.Flags()
	f.StringVar(&t.Permission, "permission", "", "its permission on every vault: read, write or read-write")
	f.Var(&t.Vaults, "vault", "its permission on one vault, by name or id (default read-write); "+cliflag.Repeatable)
	f.StringVar(&t.Expires, "expires", "", "`when` it expires: 5m from now, 2030-01-31, with a time (default never)")
	f.StringVar(&t.NotBefore, "not-before", "", "`when` it becomes valid, in the same forms (default at once)")
}

// VaultPermissions returns the value of a flag --vault.
func VaultPermissions() cliflag.Pairs {
	return cliflag.Pairs{Form: "VAULT=PERMISSION", DefaultValue: "read-write", Check: CheckPermission}
}

// CheckPermission returns an error if the value of a pair is no permission.
func CheckPermission(p cliflag.Pair) error {
	if known := fixtures.Permissions(); !slices.Contains(known, p.Value) {
		return fmt.Errorf("%s can't be %q; it can be: %s", p.Name, p.Value, strings.Join(known, ", "))
	}
	return nil
}

// Table lists tokens with their state and scope, and with their values
// where those are wanted.
func Table(tokens []controlapi.Token, values bool) string {
	titles := "TOKEN\tSTATE\tSCOPE"
	if values {
		titles += "\tVALUE"
	}
	return cli.TableOf(titles, tokens, func(t controlapi.Token) []any {
		row := []any{t.Name, t.State, scopeText(t)}
		if values {
			row = append(row, cmp.Or(t.Value, "(plain: as given in --token or the fixture)"))
		}
		return row
	})
}

// scopeText describes what a token may do, and where.
func scopeText(t controlapi.Token) string {
	var words []string
	if t.Permission != "" {
		words = append(words, t.Permission+" on every vault")
	}
	for _, vault := range slices.Sorted(maps.Keys(t.Vaults)) {
		words = append(words, t.Vaults[vault]+" on "+vault)
	}
	return cmp.Or(strings.Join(words, ", "), "nothing")
}
