package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newToken(std *streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "token",
		Short: "Create, list and revoke the tokens of a store",
		Long: `Create, list and revoke the tokens of a store. A server that serves the store
goes by them within a moment.`,
	}
	return group(c, newTokenCreate(std), newTokenList(std), newTokenRevoke())
}

// withTokenBook opens the tokens of the store of a --store flag, and closes them.
func withTokenBook(ctx context.Context, store string, use func(*mockserver.TokenBook) error) error {
	if store == mockserver.MemoryStore {
		return usage("a store in memory lives in its server only; give it tokens with serve --token or --fixture, or use a file")
	}
	if _, err := os.Stat(store); errors.Is(err, fs.ErrNotExist) {
		return usage("there is no store %s; connectmock serve makes one, --store names another", store)
	}
	book, done, err := mockserver.OpenTokenBook(ctx, store, time.Now)
	if err != nil {
		return err
	}
	return errors.Join(use(book), done())
}

func storeFlag(c *cobra.Command, store *string) {
	c.Flags().StringVar(store, "store", "connectmock.db", "`file` of the database")
}

func newTokenCreate(std *streams) *cobra.Command {
	var (
		store, permission, account, notBefore, expires string
		vaults                                         = pairs{form: "VAULT=PERMISSION", whole: "read-write", check: checkPermission}
		asJSON                                         bool
	)
	c := &cobra.Command{
		Use:   "create NAME",
		Short: "Issue a token and print it",
		Long: `Issue a token and print it, and nothing else, to standard output. Without
--permission and --vault it may read and write every vault.`,
		Example: `  export OP_CONNECT_TOKEN=$(connectmock token create ci)
  connectmock token create reader --permission read
  connectmock token create deploy --vault Production=read --vault Staging
  connectmock token create short --expires 15m`,
		Args: exactlyOneArg("a name"),
		RunE: func(c *cobra.Command, args []string) error {
			now := time.Now()
			asked := controlapi.Token{Name: args[0], Account: account, Permission: permission, Vaults: vaults.byName()}
			if permission != "" {
				if err := checkPermission(pair{"--permission", permission}); err != nil {
					return usageError{err}
				}
			}
			var err error
			if asked.NotBefore, err = parseMoment(notBefore, now); err != nil {
				return usage("--not-before: %w", err)
			}
			if asked.ExpiresAt, err = parseMoment(expires, now); err != nil {
				return usage("--expires: %w", err)
			}
			return withTokenBook(c.Context(), store, func(book *mockserver.TokenBook) error {
				made, err := book.IssueToken(c.Context(), asked)
				if err != nil {
					return err
				}
				if asJSON {
					return std.printJSON(made)
				}
				return std.print(made.Value + "\n")
			})
		},
	}
	storeFlag(c, &store)
	f := c.Flags()
	f.StringVar(&permission, "permission", "", "what it may do on every vault: read, write or read-write")
	f.Var(&vaults, "vault", "what it may do on one vault, by name or id; without a permission: read-write; more with commas, or several times")
	f.StringVar(&account, "account", "", "`name` or id of the account (default the first)")
	f.StringVar(&notBefore, "not-before", "", "`when` it becomes valid: 2030-01-31, with a time, or 24h from now")
	f.StringVar(&expires, "expires", "", "`when` it expires, in the same forms (default never)")
	f.BoolVar(&asJSON, "json", false, "print all about it as JSON")
	return c
}

func checkPermission(p pair) error {
	if known := fixtures.Permissions(); !slices.Contains(known, p.value) {
		return fmt.Errorf("%s can't be %q; it can be: %s", p.name, p.value, strings.Join(known, ", "))
	}
	return nil
}

func newTokenList(std *streams) *cobra.Command {
	var (
		store          string
		values, asJSON bool
	)
	c := &cobra.Command{
		Use:   "list",
		Short: "List the tokens of a store",
		Args:  noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return withTokenBook(c.Context(), store, func(book *mockserver.TokenBook) error {
				tokens, err := book.AllTokens(c.Context())
				if err != nil {
					return err
				}
				if !asJSON {
					return std.print(tokenTable(tokens, values))
				}
				return std.printJSON(tokens)
			})
		},
	}
	storeFlag(c, &store)
	c.Flags().BoolVar(&values, "values", false, "with the tokens themselves")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON, with the tokens themselves")
	return c
}

func newTokenRevoke() *cobra.Command {
	var store string
	c := &cobra.Command{
		Use:   "revoke NAME",
		Short: "Revoke a token, for good",
		Args:  exactlyOneArg("the name or id of a token"),
		RunE: func(c *cobra.Command, args []string) error {
			return withTokenBook(c.Context(), store, func(book *mockserver.TokenBook) error {
				return book.RevokeToken(c.Context(), "", args[0])
			})
		},
	}
	storeFlag(c, &store)
	return c
}
