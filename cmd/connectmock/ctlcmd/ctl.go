// Package ctlcmd is the command ctl: it scripts a running mock through its control.
package ctlcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/locate"
	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// New returns the command ctl.
func New(std *cli.Streams) *cobra.Command {
	k := &ctl{std: std}
	c := &cobra.Command{
		Use:   "ctl",
		Short: "Script a running mock: items, accounts, clock, faults, tokens, snapshots, journal",
		Long: `Script a running mock: items, accounts, clock, faults, tokens, snapshots, journal.

In the directory of a mock's database, and below connectmock exec, ctl finds the
mock by itself. Elsewhere give it the address and token that the mock printed
when it started. Exit code 0: done. 1: a check failed, for commands that check
something. 2: an error.`,
		Example: `  connectmock serve &
  connectmock ctl fault add --preset intermittent-403
  connectmock ctl clock advance 2h
  connectmock ctl journal list --status 4xx
  connectmock ctl journal explain
  connectmock ctl reset`,
	}
	f := c.PersistentFlags()
	k.control.Bind(f)
	f.BoolVar(&k.asJSON, "json", false, "print JSON, for programs")
	cliflag.UnbindVariable(f, "json")
	cliflag.Group(c, newShow(k), newItem(k), newFile(k), newReset(k), newFixture(k), newSnapshot(k), newToken(k),
		newClock(k), newFault(k), newJournal(k), newAudit(k), newAccount(k))
	cliflag.UnbindVariables(c)
	return c
}

// ctl is the state that all commands of this name share.
type ctl struct {
	std     *cli.Streams
	control locate.ControlFlags
	asJSON  bool
}

// ctlCall is one run of a command: its arguments and a client of the control.
type ctlCall struct {
	ctx     context.Context
	client  *controlapi.Client
	flags   *pflag.FlagSet
	account string // of --account, if the command has that flag
	args    []string
}

// Defaults of --account, in the words of the help.
const (
	firstAccount = "the first"
	allAccounts  = "all"
)

// command makes run the work of c. An account other than "" adds the flag
// --account, whose default the text names. Every error ends with exit code 2,
// because 1 is for a check that failed.
func (k *ctl) command(c *cobra.Command, account string, run func(*ctlCall) error) *cobra.Command {
	call := &ctlCall{}
	if account != "" {
		c.Flags().StringVar(&call.account, "account", "", "`name` or id of the account (default "+account+")")
	}
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		cliflag.WarnIfVisible(c.Flag("control-token"), k.std)
		call.ctx, call.flags, call.args = c.Context(), c.Flags(), args
		if call.client, err = k.control.Client(c.Flags()); err != nil {
			return cli.AsUsageError(err)
		}
		return cli.AsUsageError(k.control.AddStaleFileHint(run(call)))
	}
	return c
}

// show prints the result of a request: as JSON with --json, otherwise as text.
func show[T any](k *ctl, result T, err error, text func(T) string) error {
	switch {
	case err != nil:
		return err
	case k.asJSON:
		return k.std.PrintJSON(result)
	}
	return k.std.Print(text(result))
}

// complete offers the names that a request lists for the first argument. It
// offers nothing without a mock, and leaves out empty names.
func complete[T any](
	k *ctl, list func(client *controlapi.Client, ctx context.Context, account string) ([]T, error), name func(T) string,
) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveDefault
		}
		if err := cliflag.ApplyEnvironment(c.Flags(), k.std); err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		client, err := k.control.Client(c.Flags())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		account, _ := c.Flags().GetString("account") // empty without that flag
		all, _ := list(client, c.Context(), account) // none if it fails
		for _, one := range all {
			if name := name(one); name != "" {
				names = append(names, name)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}

// document reads a YAML or JSON file into a document of the control API, by the
// rules of its JSON form. "-" is standard input.
func (k *ctl) document(name string, into any) error {
	data, err := k.std.Read(name)
	if err != nil {
		return err
	}
	var problems yamlsource.Problems
	yamlsource.Parse(name, data, "", &problems) // refuses what the next parser would need all memory for
	if err := problems.Err(); err != nil {
		return err
	}
	if data, err = yaml.YAMLToJSON(data); err != nil {
		return fmt.Errorf("%s is neither YAML nor JSON: %s", name, yaml.FormatError(err, false, false))
	}
	var document any
	err = json.Unmarshal(data, &document)
	if err == nil {
		err = controlapi.CheckNames(document)
	}
	if err == nil {
		err = decode(data, into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// decode reads JSON and refuses unknown members, which are most often misspelt.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		return nil
	}
	text := strings.TrimPrefix(err.Error(), "json: ")
	if wrong, ok := strings.CutPrefix(text, "unknown field "); ok {
		if near := nearest.Word(strings.Trim(wrong, `"`), jsonMembers(reflect.TypeOf(into), nil)); near != "" {
			text += "; " + nearest.DidYouMean(near)
		}
	}
	return errors.New(text)
}

// jsonMembers adds to names the members of the JSON of a type, and of what it has in it.
func jsonMembers(t reflect.Type, names []string) []string {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return jsonMembers(t.Elem(), names)
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" || name == "-" || slices.Contains(names, name) {
				continue // a name that is known already may be that of a type that has itself in it
			}
			names = jsonMembers(f.Type, append(names, name))
		}
	}
	return names
}
