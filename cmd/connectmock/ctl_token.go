package main

import (
	"context"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newCtlToken(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "token",
		Short: "Create, change and revoke tokens while the mock runs",
		Long: `Create, change and revoke tokens while the mock runs. Durations are from the
account's now, see connectmock ctl clock.`,
	}
	return group(c, newCtlTokenCreate(k), newCtlTokenList(k), newCtlTokenChange(k), newCtlTokenRevoke(k))
}

func newCtlTokenCreate(k *ctl) *cobra.Command {
	var (
		t                  controlapi.Token
		vaults             = pairs{form: "VAULT=PERMISSION", whole: "read-write", check: checkPermission}
		expires, notBefore string
	)
	c := &cobra.Command{
		Use:   "create NAME",
		Short: "Issue a token and print it",
		Long: `Issue a token and print it, and nothing else, to standard output. Without
--permission and --vault it may read and write every vault.`,
		Example: `  export OP_CONNECT_TOKEN=$(connectmock ctl token create brief --expires 5m)
  connectmock ctl clock advance 6m      now it has expired`,
		Args: exactlyOneArg("a name"),
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, args []string) error {
			t.Name, t.Vaults = args[0], vaults.byName()
			if d, err := time.ParseDuration(expires); err == nil {
				t.ExpiresIn = controlapi.Duration(d)
			} else if t.ExpiresAt, err = parseMoment(expires, time.Time{}); err != nil {
				return usage("--expires: %w", err)
			}
			var err error
			if t.NotBefore, err = k.moment(ctx, client, t.Account, notBefore); err != nil {
				return usage("--not-before: %w", err)
			}
			made, err := client.IssueToken(ctx, t)
			if err != nil {
				return err
			}
			return k.show(made, made.Value+"\n")
		}),
	}
	accountFlag(c, &t.Account, firstAccount)
	f := c.Flags()
	f.StringVar(&t.Permission, "permission", "", "what it may do on every vault: read, write or read-write")
	f.Var(&vaults, "vault", "what it may do on one vault, by name or id; without a permission: read-write; more with commas, or several times")
	f.StringVar(&expires, "expires", "", "`when` it expires: 5m from now, 2030-01-31, with a time (default never)")
	f.StringVar(&notBefore, "not-before", "", "`when` it becomes valid, in the same forms (default at once)")
	return c
}

// moment is a moment by the clock of an account.
func (k *ctl) moment(ctx context.Context, client *controlapi.Client, account, text string) (time.Time, error) {
	if _, err := time.ParseDuration(text); err != nil {
		return parseMoment(text, time.Time{})
	}
	if account == "" {
		held, err := client.Overview(ctx)
		if err != nil || len(held.Accounts) == 0 {
			return time.Time{}, err
		}
		account = held.Accounts[0].ID
	}
	now, err := client.Clock(ctx, account)
	if err != nil {
		return time.Time{}, err
	}
	return parseMoment(text, now.Now)
}

func newCtlTokenList(k *ctl) *cobra.Command {
	var (
		account string
		values  bool
	)
	c := &cobra.Command{
		Use:   "list",
		Short: "List the tokens of an account",
		Args:  noArgs,
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, _ []string) error {
			tokens, err := client.ListTokens(ctx, account)
			if err != nil {
				return err
			}
			return k.show(tokens, tokenTable(tokens, values))
		}),
	}
	accountFlag(c, &account, firstAccount)
	c.Flags().BoolVar(&values, "values", false, "with the tokens themselves")
	return c
}

func newCtlTokenChange(k *ctl) *cobra.Command {
	var (
		account, permission, expires string
		vaults                       = pairs{form: "VAULT=PERMISSION", whole: "read-write", check: checkPermission}
		noVaults                     bool
	)
	c := &cobra.Command{
		Use:   "change NAME",
		Short: "Change what a token may do, and until when; it stays the same token",
		Example: `  connectmock ctl token change ci --permission read        it may write no more
  connectmock ctl token change ci --permission none --vault Office=read
  connectmock ctl token change ci --expires -1s            it has just expired`,
		Args: exactlyOneArg("the name or id of a token"),
		RunE: func(c *cobra.Command, args []string) error {
			flags := c.Flags()
			return k.work(func(ctx context.Context, client *controlapi.Client, args []string) error {
				var change controlapi.TokenChange
				if flags.Changed("permission") {
					if permission == "none" {
						permission = ""
					}
					change.Permission = &permission
				}
				if noVaults {
					change.Vaults = map[string]string{}
				} else {
					change.Vaults = vaults.byName()
				}
				if flags.Changed("expires") {
					when := time.Time{}
					if expires != "never" {
						var err error
						if when, err = k.moment(ctx, client, account, expires); err != nil {
							return usage("--expires: %w", err)
						}
					}
					change.ExpiresAt = &when
				}
				if change.Permission == nil && change.Vaults == nil && change.ExpiresAt == nil {
					return usage("nothing to change is given: --permission, --vault, --no-vaults or --expires")
				}
				changed, err := client.ChangeToken(ctx, account, args[0], change)
				if err != nil {
					return err
				}
				return k.show(changed, tokenTable([]controlapi.Token{changed}, false))
			})(c, args)
		},
		ValidArgsFunction: k.completeTokens(),
	}
	accountFlag(c, &account, firstAccount)
	f := c.Flags()
	f.StringVar(&permission, "permission", "", "what it may do on every vault: read, write, read-write, or none")
	f.Var(&vaults, "vault", "what it may do on one vault, in place of all it had; more with commas, or several times")
	f.BoolVar(&noVaults, "no-vaults", false, "nothing on single vaults any more")
	f.StringVar(&expires, "expires", "", "`when` it expires: 5m from now, 2030-01-31, with a time, or never")
	c.MarkFlagsMutuallyExclusive("vault", "no-vaults")
	return c
}

func (k *ctl) completeTokens() cobra.CompletionFunc {
	return k.complete(func(ctx context.Context, client *controlapi.Client, account string) ([]string, error) {
		all, err := client.ListTokens(ctx, account)
		return namesOf(all, err, func(t controlapi.Token) string { return t.Name })
	})
}

func newCtlTokenRevoke(k *ctl) *cobra.Command {
	var account string
	c := &cobra.Command{
		Use:   "revoke NAME",
		Short: "Revoke a token, for good",
		Args:  exactlyOneArg("the name or id of a token"),
		RunE: k.work(func(ctx context.Context, client *controlapi.Client, args []string) error {
			return client.RevokeToken(ctx, account, args[0])
		}),
		ValidArgsFunction: k.completeTokens(),
	}
	accountFlag(c, &account, firstAccount)
	return c
}
