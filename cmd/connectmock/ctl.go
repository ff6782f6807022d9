package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"text/tabwriter"

	"github.com/connectmock/connectmock/internal/yamlsource"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newCtl(std *streams) *cobra.Command {
	k := &ctl{std: std}
	c := &cobra.Command{
		Use:   "ctl",
		Short: "Script a running mock: accounts, clock, faults, tokens, snapshots, journal",
		Long: `Script a running mock: accounts, clock, faults, tokens, snapshots, journal.

ctl finds a running mock by itself in the directory of its database, and below
connectmock exec. Elsewhere give it the address and token that the mock printed
when it started. Exit code 0: done. 1: a check failed, for commands that check
something. 2: it could not be done.`,
		Example: `  connectmock serve &
  connectmock ctl fault add --preset intermittent-403
  connectmock ctl clock advance 2h
  connectmock ctl journal list --status 4xx
  connectmock ctl journal explain
  connectmock ctl reset`,
	}
	f := c.PersistentFlags()
	k.where.bind(f)
	f.BoolVar(&k.asJSON, "json", false, "as JSON, for programs")
	_ = f.SetAnnotation("json", variableKey, []string{}) // fails only for a flag that is not there
	group(c, newCtlShow(k), newCtlReset(k), newCtlFixture(k), newCtlSnapshot(k), newCtlToken(k), newCtlClock(k),
		newCtlFault(k), newCtlJournal(k), newCtlAccount(k))
	unbindVariables(c)
	return c
}

// ctl is what the commands of this name share.
type ctl struct {
	std    *streams
	where  controlFlags
	asJSON bool
}

// work is a command that asks the control API for something. Every error ends
// with 2: 1 is for what was found not to be so.
func (k *ctl) work(do func(context.Context, *controlapi.Client, []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		warnIfVisible(c.Flag("control-token"), k.std)
		client, err := k.where.client(c.Flags())
		if err != nil {
			return asUsageError(err)
		}
		return asUsageError(k.where.addStaleFileHint(do(c.Context(), client, args)))
	}
}

// show prints a document for programs, or what it says for people.
func (k *ctl) show(document any, text string) error {
	if k.asJSON {
		return k.std.printJSON(document)
	}
	return k.std.print(text)
}

// document reads a YAML or JSON file into a document of the control API, by the
// rules of its JSON form. "-" is standard input.
func (k *ctl) document(name string, into any) error {
	data, err := k.std.read(name)
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
	if err := json.Unmarshal(data, &document); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := controlapi.CheckNames(document); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := decode(data, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// decode reads JSON and refuses members it does not know, which are most often
// misspelt.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

// accountFlag names the account that is meant.
func accountFlag(c *cobra.Command, account *string, otherwise string) {
	c.Flags().StringVar(account, "account", "", "`name` or id of the account (default "+otherwise+")")
}

// complete offers names that the mock knows, for the first argument; nothing
// where there is no mock.
func (k *ctl) complete(list func(ctx context.Context, client *controlapi.Client, account string) ([]string, error)) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		const rest = cobra.ShellCompDirectiveNoFileComp
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveDefault
		}
		if err := applyEnvironment(c.Flags(), k.std); err != nil {
			return nil, rest
		}
		client, err := k.where.client(c.Flags())
		if err != nil {
			return nil, rest
		}
		account := ""
		if f := c.Flags().Lookup("account"); f != nil {
			account = f.Value.String()
		}
		found, err := list(c.Context(), client, account)
		if err != nil {
			return nil, rest
		}
		return found, rest
	}
}

// namesOf makes a listing of the client one of names.
func namesOf[T any](all []T, err error, name func(T) string) (names []string, _ error) {
	for _, x := range all {
		names = append(names, name(x))
	}
	return names, err
}

const firstAccount = "the first"

// table is rows under a line of titles.
func table(titles string, rows func(addRow func(cells ...any))) string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	if titles != "" {
		fmt.Fprintln(t, titles)
	}
	rows(func(cells ...any) {
		for i, cell := range cells {
			if i > 0 {
				fmt.Fprint(t, "\t")
			}
			fmt.Fprint(t, printable(fmt.Sprint(cell)))
		}
		fmt.Fprintln(t)
	})
	_ = t.Flush() // into memory
	lines := strings.Split(b.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ") // of cells without a text at the end
	}
	return strings.Join(lines, "\n")
}

// controlFlags say where the control of a mock is.
type controlFlags struct {
	url, token, store string
	noted             bool // it was found by the note of a store
}

// flagSet is what makes flags, for one command or for all below one.
type flagSet interface {
	StringVar(p *string, name, value, usage string)
}

func (w *controlFlags) bind(f flagSet) {
	f.StringVar(&w.url, "control", "", "`URL` of the mock's control, as http://127.0.0.1:8081 (default that of the server of --store)")
	f.StringVar(&w.token, "control-token", "", "`token` of the control; better given by the variable, flags are seen by everybody on the machine")
	f.StringVar(&w.store, "store", "connectmock.db", "`file` of the database of a mock that runs here, which has its control beside it")
}

// client is a client of the control that is meant. A store named on the command
// line is meant more than a control in a variable, which may be left over.
func (w *controlFlags) client(flags *pflag.FlagSet) (*controlapi.Client, error) {
	if onCommandLine(flags.Lookup("store")) && !onCommandLine(flags.Lookup("control")) {
		w.url = ""
		if !onCommandLine(flags.Lookup("control-token")) {
			w.token = ""
		}
	}
	if w.url == controlOff {
		return nil, errors.New("this mock was started without a control: leave out --control off where it is started, or name another mock")
	}
	if w.url != "" {
		if w.token == "" {
			return nil, errors.New("the control of a mock needs its token, which the mock printed when it started: give it by CONNECTMOCK_CONTROL_TOKEN")
		}
		return &controlapi.Client{URL: strings.TrimSuffix(w.url, "/"), Token: w.token}, nil
	}
	note, err := readControl(w.store)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no mock is known here: there is no %s. Start one with connectmock serve --store %s, or name one by CONNECTMOCK_CONTROL and CONNECTMOCK_CONTROL_TOKEN, as it printed when it started",
			controlFile(w.store), shellQuote(w.store))
	}
	if err != nil {
		return nil, err
	}
	// The token is not for whoever has the port by now.
	if served, known := mockserver.IsStoreServed(w.store); known && !served {
		return nil, fmt.Errorf("%s is from a mock that ended without cleaning up, as after kill -9: start it again with "+
			"connectmock serve --store %s, or delete that file", controlFile(w.store), shellQuote(w.store))
	}
	w.noted = true
	client := &controlapi.Client{URL: note.URL, Token: note.Token}
	if w.token != "" {
		client.Token = w.token
	}
	return client, nil
}

// addStaleFileHint is an error of a client, with what a stale note may have to do with
// it.
func (w *controlFlags) addStaleFileHint(err error) error {
	if !w.noted || !isWrongServer(err) {
		return err
	}
	return fmt.Errorf("%w. The address is from %s; if its mock ended without cleaning up, as after kill -9, start it again or delete that file",
		err, controlFile(w.store))
}

// isWrongServer says that nobody answered, or somebody who knows another token.
func isWrongServer(err error) bool {
	refused := new(controlapi.Error)
	return errors.As(err, &refused) && refused.Status == http.StatusUnauthorized || errors.As(err, new(*net.OpError))
}
