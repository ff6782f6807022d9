package audit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var vaults = []string{"h3kvwphsg7jkstbxmdycavun3c", "tnkgkxe7hn66qjvqyrva6a5kb3", "d2koii6agpx3gsn5d42dvvhkwl"}

// entry returns a request to an operation in a vault.
func entry(id uint64, token, operation, vault string, status int) controlapi.Entry {
	o := connect.OperationByID(operation)
	path := strings.NewReplacer("{vaultUuid}", vault, "{itemUuid}", "of33isvlzx5fh2lgbirptjjdml", "{fileUuid}",
		"x2m6e5rmkk7k2l2a4hz2nmtzca").Replace(o.Path)
	return controlapi.Entry{ID: id, Account: "A", Caller: token, Method: o.Method, Path: path, Operation: operation,
		Status: status}
}

// permissions returns what the narrow tokens allow, by token and vault.
func permissions(t interface{ Fatal(...any) }, needs []Need) map[string]connect.Permission {
	allowed := map[string]connect.Permission{}
	for _, n := range needs {
		for _, v := range n.Vaults {
			p, err := connect.ParsePermission(v.Permission)
			if err != nil {
				t.Fatal(err)
			}
			allowed[n.Token+" "+v.Vault] = p
		}
	}
	return allowed
}

// The derived permissions allow every request that succeeded, and none of them can be narrower.
func TestNeeds_AllowWhatSucceededAndNoMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var page controlapi.Journal
		ids := connect.OperationIDs(func(connect.Operation) bool { return true })
		for i := range rapid.IntRange(0, 40).Draw(t, "requests") {
			page.Entries = append(page.Entries, entry(uint64(i+1),
				rapid.SampledFrom([]string{"app", "ci", ""}).Draw(t, "token"),
				rapid.SampledFrom(ids).Draw(t, "operation"),
				rapid.SampledFrom(vaults).Draw(t, "vault"),
				rapid.SampledFrom([]int{200, 200, 204, 0, 400, 401, 403, 404, 500, 503}).Draw(t, "status")))
		}
		allowed := permissions(t, Analyze(page, nil).Needs)
		needed := map[string]connect.Permission{}
		for _, e := range page.Entries {
			x := newExchange(e)
			if x.Caller == "" || x.vault == "" {
				continue
			}
			key := x.Caller + " " + x.vault
			if x.isSuccess() && !allowed[key].Has(x.op.Needs) {
				t.Fatalf("%v in %s is allowed, but %s succeeded", allowed[key], key, x.op.ID)
			}
			if x.Status != 400 && x.Status != 401 && x.Status != 403 {
				needed[key] |= x.op.Needs
			}
		}
		for key, p := range allowed {
			for _, part := range []connect.Permission{connect.Read, connect.Write} {
				if p.Has(part) && needed[key]&part == 0 {
					t.Errorf("%s in %s, which no request needed", part, key)
				}
			}
		}
	})
}

func TestNeeds_NamesVaultsPermissionsAndCommands(t *testing.T) {
	t.Parallel()
	page := controlapi.Journal{Entries: []controlapi.Entry{
		entry(1, "app", "GetVaults", "", 200),
		entry(2, "app", "GetVaultItemById", vaults[0], 200),
		entry(3, "app", "CreateVaultItem", strings.ToUpper(vaults[1]), 200),
		entry(4, "app", "DeleteVaultItem", vaults[1], 503),
		entry(5, "app", "GetVaultItems", vaults[2], 403),
		entry(6, "app", "GetVaultItems", "not-an-id", 400),
		entry(7, "lister", "GetApiActivity", "", 200),
	}}
	want := []Need{
		{
			Token: "app", Accounts: []string{"A"},
			Vaults: []VaultNeed{
				{Vault: vaults[0], Permission: "read", Operations: []string{"GetVaultItemById"}},
				{
					Vault: vaults[1], Name: "Ada's Own", Permission: "write",
					Operations: []string{"CreateVaultItem", "DeleteVaultItem"},
				},
			},
			Refused: []Refused{{Vault: vaults[2], Operations: []string{"GetVaultItems"}}},
			OpCommand: append(
				strings.Fields("op connect token create app --server SERVER --vault "+vaults[0]+",r --vault"), "Ada's Own,w"),
			CtlCommand: strings.Fields(fmt.Sprintf(
				"connectmock ctl token create app-narrow --vault %s=read --vault %s=write --account A", vaults[0], vaults[1])),
		},
		{Token: "lister", Accounts: []string{"A"}, Vaults: []VaultNeed{}},
	}
	if diff := cmp.Diff(want, Analyze(page, map[string]string{vaults[1]: "Ada's Own"}).Needs); diff != "" {
		t.Error(diff)
	}
}

func TestNeeds_ReadWriteForAPatch(t *testing.T) {
	t.Parallel()
	page := controlapi.Journal{Entries: []controlapi.Entry{entry(1, "app", "PatchVaultItem", vaults[0], 200)}}
	needs := Analyze(page, nil).Needs
	if len(needs) != 1 || len(needs[0].Vaults) != 1 || needs[0].Vaults[0].Permission != "read-write" {
		t.Errorf("%+v", needs)
	}
}
