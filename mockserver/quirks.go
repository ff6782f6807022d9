package mockserver

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/mockserver/internal/quirks"
)

// Quirk is a behaviour that differs between servers, or between servers and their
// documentation. The first of Values is the default: what was observed. The others
// are what is documented, or what other versions did.
type Quirk struct {
	Name     string
	Values   []string
	Free     string // placeholder for values beyond Values, which are then examples; empty: there are no others
	About    string // what it decides
	Evidence string // why each value exists, with its tag
	// Undocumented are the values whose responses break the document.
	Undocumented []string
	set          func(*quirks.Set, string)
	check        func(value string) error // reports what is wrong with a value of a free switch
}

// Usage returns the switch with the values it accepts, as NAME=A|B.
func (k Quirk) Usage() string {
	values := slices.Clone(k.Values)
	if k.Free != "" {
		values = append(values, k.Free)
	}
	return k.Name + "=" + strings.Join(values, "|")
}

// validate returns an error that lists what the switch accepts, if value is not
// among it.
func (k Quirk) validate(value string) error {
	if k.Free == "" && !slices.Contains(k.Values, value) {
		return configErrorf("quirk %s can't be %q; it can be: %s", k.Name, value, strings.Join(k.Values, ", "))
	}
	if k.Free == "" {
		return nil
	}
	if err := k.check(value); err != nil {
		return configErrorf("quirk %s can't be %q: %v", k.Name, value, err)
	}
	return nil
}

// Quirks returns every switch, in the order in which help texts list them.
func Quirks() []Quirk {
	return append([]Quirk{
		{
			Name: "put-version", Values: []string{"old", "new"},
			About: "the version in the response to a PUT; the next GET shows the new one either way",
			Evidence: "old: terraform provider waits for the version of the response plus 1 and fails " +
				"otherwise [T]; new: what a reader of the document expects [D]",
			set: func(q *quirks.Set, v string) { q.PutReturnsNew = v == "new" },
		},
		{
			Name: "patch-version", Values: []string{"old", "new"},
			About:    "the version in the response to a PATCH",
			Evidence: "no recording pins it down; old: as for PUT [G]; new: what a reader of the document expects [D]",
			set:      func(q *quirks.Set, v string) { q.PatchReturnsNew = v == "new" },
		},
		{
			Name: "unknown-vault", Values: []string{"403", "404"},
			About:    "the status for a well-formed vault id that does not exist",
			Evidence: "403: Java client's integration test, since about 1.1.1 [T]; 404: published document [D]",
			set:      func(q *quirks.Set, v string) { q.UnknownVault404 = v == "404" },
		},
		{
			Name: "vault-name-match", Values: []string{"insensitive", "sensitive"},
			About:    "case in the filter of vaults",
			Evidence: "insensitive: operator end-to-end test [T]; sensitive: connect issue 73 of 2023 [R]",
			set:      func(q *quirks.Set, v string) { q.VaultCaseSensitive = v == "sensitive" },
		},
		{
			Name: "item-title-match", Values: []string{"insensitive", "sensitive"},
			About:    "case in the filter of items",
			Evidence: "not recorded; insensitive as for vaults and as SCIM's default [G]",
			set:      func(q *quirks.Set, v string) { q.ItemCaseSensitive = v == "sensitive" },
		},
		{
			Name: "delete-check", Values: []string{"address-first", "scope-first"},
			About:    "what DELETE of an item checks first: the form of the ids (400) or the token's scope (403)",
			Evidence: "address-first: as every other route, Ansible needs it [R]; scope-first: .NET test of DELETE [R]",
			set:      func(q *quirks.Set, v string) { q.DeleteScopeFirst = v == "scope-first" },
		},
		{
			Name: "error-texts", Values: []string{"observed", "documented"},
			About:    "the texts of 401 and of 403 for a vault out of scope",
			Evidence: "observed: terraform 24, connect 82 [R]; documented: published document [D]",
			set:      func(q *quirks.Set, v string) { q.DocumentedTexts = v == "documented" },
		},
		{
			Name: "write-denied", Values: []string{"403", "401"},
			About: "the status when a token may read a vault but not write it",
			Evidence: "403: recordings of later servers, prefix inferred [R]; 401: servers up to 1.1.1, " +
				"terraform 24 [R]",
			set: func(q *quirks.Set, v string) { q.LegacyWriteDenied = v == "401" },
		},
		{
			Name: "actor-ip", Values: []string{"both", "ip", "requestIp"},
			About: "the name of the caller's address in the activity log",
			Evidence: "both: a client of either document finds what it looks for [G], but the Java client's " +
				"activity call breaks on requestIp, which it does not know [W]; ip: what a real server " +
				"sends, for that client's test passes daily [T]; requestIp: API overview and published " +
				"document [D]",
			set: func(q *quirks.Set, v string) { q.NoIP, q.NoRequestIP = v == "requestIp", v == "ip" },
		},
		{
			Name: "content-path", Values: []string{"slash", "bare", "camel"}, Undocumented: []string{"bare", "camel"},
			About: "whether content_path starts with a slash, or is named contentPath",
			Evidence: "slash: Go SDK joins it to the host [C][R]; bare: example of the published document " +
				"[D]; camel: 1.5.4, connect issue 43 [R]",
			set: func(q *quirks.Set, v string) { q.ContentPathBare, q.ContentPathCamel = v == "bare", v == "camel" },
		},
		{
			Name: "ssh-key-type", Values: []string{"string", "kept"},
			About: "the type a private key of a created or replaced SSH_KEY item comes back with",
			Evidence: "string: connect issues 77 and 107, open in 2026 [R]; kept: SSHKEY as in items made by " +
				"the apps [R]",
			set: func(q *quirks.Set, v string) { q.SSHKeyKept = v == "kept" },
		},
		{
			Name: "date-output", Values: []string{"seconds", "iso"},
			About: "how a DATE value reads back",
			Evidence: "seconds: terraform and steampipe convert from Unix seconds [C]; iso: as the reference " +
				"describes the input [D]",
			set: func(q *quirks.Set, v string) { q.DateISO = v == "iso" },
		},
		{
			Name: "date-zone", Values: []string{"UTC", "America/New_York"}, Free: "ZONE",
			About: "the time zone whose midnight a DATE given as YYYY-MM-DD means; an IANA name",
			Evidence: "a zone: servers read it in their own, terraform 247 and pull request 248 [R][D]; UTC: " +
				"what most containers are set to [G]",
			set:   func(q *quirks.Set, v string) { q.DateZone, _ = time.LoadLocation(v) },
			check: checkZone,
		},
		{
			Name: "password-field", Values: []string{"optional", "required"},
			About: "whether an item of category PASSWORD may be sent without a field of purpose PASSWORD",
			Evidence: "optional: nobody reports a refusal today, an empty field is added [G]; required: " +
				"ansible pull request 28 of 2021, \"vague validation errors\" [D], its text [G]",
			set: func(q *quirks.Set, v string) { q.PasswordRequired = v == "required" },
		},
		{
			Name: "password-details", Values: []string{"generated", "all", "none"},
			About: "which passwords are sent with entropy and strength in passwordDetails; none leaves it " +
				"out, the history of passwords too",
			Evidence: "generated: a typed password was seen with its history alone [R, one data point]; all: " +
				"example of the reference, which does not say how its password came to be [D]; none: the " +
				"published document up to 1.7.1 does not have it [D]",
			set: func(q *quirks.Set, v string) {
				q.NoPasswordDetails, q.AllPasswordDetails = v == "none", v == "all"
			},
		},
		{
			Name: "template-fields", Values: []string{"all", "login-only"},
			About: "which items get the standard fields that were not sent; login-only also keeps a " +
				"section without id and label as it was sent",
			Evidence: "all: operator issue 249, a maintainer says that empty standard fields are returned " +
				"[D]; login-only: external-secrets pull request 5927 deletes a SERVER item whose fields are " +
				"empty and whose one section is {} [C]",
			set: func(q *quirks.Set, v string) { q.OnlyLoginTemplate = v == "login-only" },
		},
		{
			Name: "empty-members", Values: []string{"omitted", "arrays"},
			About:    "whether tags, urls, sections and files without elements are sent",
			Evidence: "omitted: recorded items [R]; arrays: clients that index without a check do not fail [C]",
			set:      func(q *quirks.Set, v string) { q.EmptyArrays = v == "arrays" },
		},
		{
			Name: "write-timestamps", Values: []string{"seconds", "nanoseconds"},
			About: "the precision of dates in the responses to writes",
			Evidence: "seconds: as reads [R]; nanoseconds: fixtures of the Ruby client, taken from the " +
				"documentation [D]",
			set: func(q *quirks.Set, v string) { q.Nanoseconds = v == "nanoseconds" },
		},
		{
			Name: "version-header", Values: []string{"sent", "absent"},
			About:    "the 1Password-Connect-Version header; without it the Go SDK refuses the files API",
			Evidence: "sent: since 1.3.0, changelog [D]; absent: older servers [D]",
			set:      func(q *quirks.Set, v string) { q.NoVersionHeader = v == "absent" },
		},
		{
			Name: "unknown-route", Values: []string{"text", "json"},
			About: "the response for a path that no operation has",
			Evidence: "text: terraform 42 and external-secrets 1948 report what a JSON reader says of `404 page not found` " +
				"[R, inferred]; json: every error in one form [G]",
			set: func(q *quirks.Set, v string) { q.JSONUnknownRoute = v == "json" },
		},
	}, versionSwitches()...)
}

// resolveQuirks returns the decided values of switches that are given by name. The
// error for an unknown name or value lists the existing ones.
func resolveQuirks(chosen map[string]string) (quirks.Set, error) {
	var q quirks.Set
	known := Quirks()
	for name, value := range chosen {
		i := slices.IndexFunc(known, func(k Quirk) bool { return k.Name == name })
		if i < 0 {
			names := make([]string, len(known))
			for j := range known {
				names[j] = known[j].Name
			}
			return q, configErrorf("unknown quirk %q%s", name, nearest.HintWithList(name, names))
		}
		if err := known[i].validate(value); err != nil {
			return q, err
		}
		known[i].set(&q, value)
	}
	return q, nil
}

// checkZone returns an error if name is not in the IANA time zone database. "Local"
// is refused: it would mean another zone on each machine.
func checkZone(name string) error {
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
		return errors.New("it needs a name of the IANA time zone database, as UTC or Europe/Berlin")
	}
	return nil
}
