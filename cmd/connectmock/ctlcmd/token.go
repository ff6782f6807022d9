package ctlcmd

import (
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/cmd/connectmock/tokenflag"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/spf13/cobra"
)

func newToken(k *ctl) *cobra.Command {
	c := &cobra.Command{
		Use:   "token",
		Short: "Create, change and revoke tokens while the mock runs",
		Long: `Create, change and revoke tokens while the mock runs. Durations start at the
time of the account, see connectmock ctl clock.`,
	}
	revoke := &cobra.Command{Use: "revoke NAME", Short: "Revoke a token, for good", ValidArgsFunction: k.completeTokens()}
	k.command(revoke, firstAccount, func(r *ctlCall) error {
		return r.client.RevokeToken(r.ctx, r.account, r.args[0])
	})
	values := false
	list := &cobra.Command{Use: "list", Short: "List the tokens of an account"}
	list.Flags().BoolVar(&values, "values", false, "with the tokens themselves")
	k.command(list, firstAccount, func(r *ctlCall) error {
		tokens, err := r.client.ListTokens(r.ctx, r.account)
		return show(k, tokens, err, func(all []controlapi.Token) string { return tokenflag.Table(all, values) })
	})
	return cliflag.Group(c, newTokenCreate(k), list, newTokenChange(k), revoke)
}

func newTokenCreate(k *ctl) *cobra.Command {
	var f tokenflag.Flags
	c := &cobra.Command{
		Use:   "create NAME",
		Short: "Issue a token and print it",
		Long:  tokenflag.CreateHelp,
		Example: `  export OP_CONNECT_TOKEN=$(connectmock ctl token create brief --expires 5m)
  connectmock ctl clock advance 6m      now it has expired`,
	}
	f.Bind(c)
	return k.command(c, firstAccount, func(r *ctlCall) (err error) {
		t := controlapi.Token{Name: r.args[0], Account: r.account, Permission: f.Permission, Vaults: f.Vaults.ByName()}
		if d, err := time.ParseDuration(f.Expires); err == nil {
			t.ExpiresIn = controlapi.Duration(d)
		} else if t.ExpiresAt, err = cliflag.ParseMoment(f.Expires, time.Time{}); err != nil {
			return cli.Usage("--expires: %w", err)
		}
		if t.NotBefore, err = r.moment(t.Account, f.NotBefore); err != nil {
			return cli.Usage("--not-before: %w", err)
		}
		created, err := r.client.IssueToken(r.ctx, t)
		return show(k, created, err, func(t controlapi.Token) string { return t.Value + "\n" })
	})
}

func newTokenChange(k *ctl) *cobra.Command {
	var (
		permission, expires string
		vaults              = tokenflag.VaultPermissions()
		noVaults            bool
	)
	c := &cobra.Command{
		Use:   "change NAME",
		Short: "Change what a token may do, and until when; it stays the same token",
		Example: `  connectmock ctl token change ci --permission read        it may write no more
  connectmock ctl token change ci --permission none --vault Office=read
  connectmock ctl token change ci --expires -1s            it has just expired`,
		ValidArgsFunction: k.completeTokens(),
	}
	f := c.Flags()
	f.StringVar(&permission, "permission", "", "its permission on every vault: read, write, read-write, or none")
	f.Var(&vaults, "vault", "its permission on one vault; replaces all it had on single vaults; "+cliflag.Repeatable)
	f.BoolVar(&noVaults, "no-vaults", false, "remove its permissions on single vaults")
	f.StringVar(&expires, "expires", "", "`when` it expires: 5m from now, 2030-01-31, with a time, or never")
	c.MarkFlagsMutuallyExclusive("vault", "no-vaults")
	return k.command(c, firstAccount, func(r *ctlCall) error {
		change := controlapi.TokenChange{Vaults: vaults.ByName()}
		if noVaults {
			change.Vaults = map[string]string{}
		}
		if r.flags.Changed("permission") {
			if permission == "none" {
				permission = ""
			}
			change.Permission = &permission
		}
		if r.flags.Changed("expires") {
			change.ExpiresAt = new(time.Time) // zero: never
			if expires != "never" {
				when, err := r.moment(r.account, expires)
				if err != nil {
					return cli.Usage("--expires: %w", err)
				}
				change.ExpiresAt = &when
			}
		}
		if change.Permission == nil && change.Vaults == nil && change.ExpiresAt == nil {
			return cli.Usage("nothing to change is given: --permission, --vault, --no-vaults or --expires")
		}
		changed, err := r.client.ChangeToken(r.ctx, r.account, r.args[0], change)
		return show(k, changed, err, func(t controlapi.Token) string { return tokenflag.Table([]controlapi.Token{t}, false) })
	})
}

func (k *ctl) completeTokens() cobra.CompletionFunc {
	return complete(k, (*controlapi.Client).ListTokens, func(t controlapi.Token) string { return t.Name })
}
