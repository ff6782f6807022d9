package audit

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Need is what the requests with one token needed.
type Need struct {
	Token    string   `json:"token"`    // name
	Accounts []string `json:"accounts"` // ids of the accounts that have a token of this name and used it
	// Vaults are those that requests named in their paths. Without any the token only listed vaults or activity, which
	// every token may.
	Vaults []VaultNeed `json:"vaults"`
	// Refused are the vaults and operations that got a 403 and never succeeded, which Vaults does not include.
	Refused []Refused `json:"refused,omitempty"`
	// OpCommand is the command line that creates such a token for a real server, CtlCommand that for a mock. They have
	// no elements if there are no Vaults.
	OpCommand  []string `json:"opCommand,omitempty"`
	CtlCommand []string `json:"ctlCommand,omitempty"`
}

// VaultNeed is the narrowest permission for what was requested in a vault.
type VaultNeed struct {
	Vault      string   `json:"vault"` // id
	Name       string   `json:"name,omitempty"`
	Permission string   `json:"permission"` // read, write or read-write
	Operations []string `json:"operations"` // operationIds, sorted
}

// Refused are operations that a vault refused.
type Refused struct {
	Vault      string   `json:"vault"`
	Operations []string `json:"operations"`
}

// operations are operationIds by vault.
type operations map[string]map[string]bool

func (o operations) add(x *exchange) {
	if o[x.vault] == nil {
		o[x.vault] = map[string]bool{}
	}
	o[x.vault][x.op.ID] = true
}

// needsOf returns what the requests with each token needed, by name of the token.
func needsOf(all []*exchange, vaultNames map[string]string) []Need {
	type use struct {
		accounts        map[string]bool
		needed, refused operations
	}
	uses := map[string]*use{}
	for _, x := range all {
		if x.Caller == "" || x.op.ID == "" {
			continue
		}
		u := uses[x.Caller]
		if u == nil {
			u = &use{map[string]bool{}, operations{}, operations{}}
			uses[x.Caller] = u
		}
		u.accounts[x.Account] = true
		switch {
		case !connect.IsID(x.vault):
		case x.Status == 403 && !x.Done:
			u.refused.add(x)
		case x.showsNeed():
			u.needed.add(x)
		}
	}
	needs := []Need{}
	for _, token := range slices.Sorted(maps.Keys(uses)) {
		u := uses[token]
		n := Need{Token: token, Accounts: slices.Sorted(maps.Keys(u.accounts)), Vaults: []VaultNeed{}}
		for _, vault := range slices.Sorted(maps.Keys(u.needed)) {
			ids := slices.Sorted(maps.Keys(u.needed[vault]))
			n.Vaults = append(n.Vaults, VaultNeed{
				Vault: vault, Name: vaultNames[vault], Permission: narrowest(ids), Operations: ids,
			})
		}
		for _, vault := range slices.Sorted(maps.Keys(u.refused)) {
			maps.DeleteFunc(u.refused[vault], func(id string, _ bool) bool { return u.needed[vault][id] })
			if ids := slices.Sorted(maps.Keys(u.refused[vault])); len(ids) > 0 {
				n.Refused = append(n.Refused, Refused{Vault: vault, Operations: ids})
			}
		}
		n.setCommands()
		needs = append(needs, n)
	}
	return needs
}

// showsNeed reports whether the request needed a permission in its vault: it was done, or a fault or a failure came
// first. A 401, 400 or a 404 of the vault itself says nothing about the vault.
func (x *exchange) showsNeed() bool {
	return x.Done || x.Status != 400 && x.Status != 401 && (x.Status != 404 || x.item != "")
}

// narrowest returns the narrowest permission that a token can have and that allows the operations.
func narrowest(operations []string) string {
	var needed connect.Permission
	for _, id := range operations {
		needed |= connect.OperationByID(id).Needs
	}
	var permission connect.Permission
	for _, part := range []connect.Permission{connect.Read, connect.Write} {
		if needed&part != 0 {
			permission |= part
		}
	}
	return permission.String()
}

// setCommands sets the command lines. op takes a vault, by name or id, with its permissions as NAME,r: the flags are
// documented [D: reference of 1Password CLI], the letters after the comma are a guess [G]. The ids of vaults of a mock
// are those of no real account, so a name is used where it is known. A token of a mock needs another name than the
// present one.
func (n *Need) setCommands() {
	if len(n.Vaults) == 0 {
		return
	}
	letters := strings.NewReplacer(connect.Read.String(), "r", connect.Write.String(), "w", "-", "")
	n.OpCommand = []string{"op", "connect", "token", "create", n.Token, "--server", "SERVER"}
	n.CtlCommand = []string{"connectmock", "ctl", "token", "create", n.Token + "-narrow"}
	for _, v := range n.Vaults {
		n.OpCommand = append(n.OpCommand, "--vault", cmp.Or(v.Name, v.Vault)+","+letters.Replace(v.Permission))
		n.CtlCommand = append(n.CtlCommand, "--vault", v.Vault+"="+v.Permission)
	}
	if len(n.Accounts) == 1 && n.Accounts[0] != "" {
		n.CtlCommand = append(n.CtlCommand, "--account", n.Accounts[0])
	}
}
