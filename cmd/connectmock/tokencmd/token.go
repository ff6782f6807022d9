// Package tokencmd is the command token: it creates, lists and revokes the tokens of a store.
package tokencmd

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/tokenflag"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

// New returns the command token.
func New(std *cli.Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "token",
		Short: "Create, list and revoke the tokens of a store",
		Long: `Create, list and revoke the tokens of a store. A server that serves the store
notices within a moment.`,
	}
	return cliflag.Group(c, newCreate(std), newList(std), newRevoke())
}

// withTokens opens the tokens of a store, calls use and closes them.
func withTokens(ctx context.Context, store string, use func(*mockserver.TokenBook) error) error {
	if store == mockserver.MemoryStore {
		return cli.Usage("a store in memory ends with its server;" +
			" give it tokens with serve --token or --fixture, or use a file")
	}
	if _, err := os.Stat(store); errors.Is(err, fs.ErrNotExist) {
		return cli.Usage("there is no store %s; connectmock serve makes one, --store names another", store)
	}
	book, err := mockserver.OpenTokenBook(ctx, store, time.Now)
	if err != nil {
		return err
	}
	return errors.Join(use(book), book.Close())
}

func storeFlag(c *cobra.Command, store *string) {
	c.Flags().StringVar(store, "store", "connectmock.db", "`file` of the database")
}

func newCreate(std *cli.Streams) *cobra.Command {
	var (
		f              tokenflag.Flags
		store, account string
		asJSON         bool
	)
	c := &cobra.Command{
		Use:   "create NAME",
		Short: "Issue a token and print it",
		Long:  tokenflag.CreateHelp,
		Example: `  export OP_CONNECT_TOKEN=$(connectmock token create ci)
  connectmock token create reader --permission read
  connectmock token create deploy --vault Production=read --vault Staging
  connectmock token create short --expires 15m`,
		RunE: func(c *cobra.Command, args []string) (err error) {
			if f.Permission != "" {
				if err := tokenflag.CheckPermission(cliflag.Pair{Name: "--permission", Value: f.Permission}); err != nil {
					return cli.AsUsageError(err)
				}
			}
			t := controlapi.Token{Name: args[0], Account: account, Permission: f.Permission, Vaults: f.Vaults.ByName()}
			now := time.Now()
			if t.NotBefore, err = cliflag.ParseMoment(f.NotBefore, now); err != nil {
				return cli.Usage("--not-before: %w", err)
			}
			if t.ExpiresAt, err = cliflag.ParseMoment(f.Expires, now); err != nil {
				return cli.Usage("--expires: %w", err)
			}
			return withTokens(c.Context(), store, func(book *mockserver.TokenBook) error {
				created, err := book.IssueToken(c.Context(), t)
				if err != nil {
					return err
				}
				if asJSON {
					return std.PrintJSON(created)
				}
				return std.Print(created.Value + "\n")
			})
		},
	}
	storeFlag(c, &store)
	f.Bind(c)
	c.Flags().StringVar(&account, "account", "", "`name` or id of the account (default the first)")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, with all details")
	return c
}

func newList(std *cli.Streams) *cobra.Command {
	var (
		store          string
		values, asJSON bool
	)
	c := &cobra.Command{
		Use:   "list",
		Short: "List the tokens of a store",
		RunE: func(c *cobra.Command, _ []string) error {
			return withTokens(c.Context(), store, func(book *mockserver.TokenBook) error {
				tokens, err := book.AllTokens(c.Context())
				if err != nil {
					return err
				}
				if asJSON {
					return std.PrintJSON(tokens)
				}
				return std.Print(tokenflag.Table(tokens, values))
			})
		},
	}
	storeFlag(c, &store)
	c.Flags().BoolVar(&values, "values", false, "with the tokens themselves")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, with the tokens themselves")
	return c
}

func newRevoke() *cobra.Command {
	store := ""
	c := &cobra.Command{
		Use:   "revoke NAME",
		Short: "Revoke a token, for good",
		RunE: func(c *cobra.Command, args []string) error {
			return withTokens(c.Context(), store, func(book *mockserver.TokenBook) error {
				return book.RevokeToken(c.Context(), "", args[0])
			})
		},
	}
	storeFlag(c, &store)
	return c
}
