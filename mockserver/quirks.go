package mockserver

import (
	"slices"
	"strings"
)

// Quirk is a behaviour for which two truths are known. The first of Values is
// the default: what was observed; the others are what is documented, or what
// other versions did.
type Quirk struct {
	Name     string
	Values   []string
	About    string // what it decides
	Evidence string // why each value exists, with its tag
	set      func(*quirks, string)
}

// quirks are the decided values, ready to be asked on the path of a request.
// The zero value is every default.
type quirks struct {
	putAnswersNew     bool
	patchAnswersNew   bool
	unknownVault404   bool
	vaultCase         bool
	itemCase          bool
	deleteScopeFirst  bool
	documentedTexts   bool
	legacyWriteDenied bool
	noIP, noRequestIP bool
	contentPathBare   bool
	sshKeyKept        bool
	dateISO           bool
	emptyArrays       bool
	nanoseconds       bool
	noVersionHeader   bool
}

// Quirks lists every switch, in the order they are shown to people.
func Quirks() []Quirk {
	return []Quirk{
		{"put-version", []string{"old", "new"},
			"the version in the answer of a PUT; the next GET shows the new one either way",
			"old: terraform provider waits for answered+1 and fails otherwise [T]; new: what a reader of the document expects [D]",
			func(q *quirks, v string) { q.putAnswersNew = v == "new" }},
		{"patch-version", []string{"old", "new"},
			"the version in the answer of a PATCH",
			"no recording pins it down; old: as PUT answers [G]; new: what a reader of the document expects [D]",
			func(q *quirks, v string) { q.patchAnswersNew = v == "new" }},
		{"unknown-vault", []string{"403", "404"},
			"the status for a well-formed vault id that does not exist",
			"403: Java client's integration test, since about 1.1.1 [T]; 404: published document [D]",
			func(q *quirks, v string) { q.unknownVault404 = v == "404" }},
		{"vault-name-match", []string{"insensitive", "sensitive"},
			"case in the filter of vaults",
			"insensitive: operator end-to-end test [T]; sensitive: connect issue 73 of 2023 [R]",
			func(q *quirks, v string) { q.vaultCase = v == "sensitive" }},
		{"item-title-match", []string{"insensitive", "sensitive"},
			"case in the filter of items",
			"not recorded; insensitive as for vaults and as SCIM's default [G]",
			func(q *quirks, v string) { q.itemCase = v == "sensitive" }},
		{"delete-check", []string{"address-first", "scope-first"},
			"what DELETE of an item checks first: the form of the ids (400) or the token's scope (403)",
			"address-first: as every other route, Ansible needs it [R]; scope-first: .NET test of DELETE [R]",
			func(q *quirks, v string) { q.deleteScopeFirst = v == "scope-first" }},
		{"error-texts", []string{"observed", "documented"},
			"the texts of 401 and of 403 for a vault out of scope",
			"observed: terraform 24, connect 82 [R]; documented: published document [D]",
			func(q *quirks, v string) { q.documentedTexts = v == "documented" }},
		{"write-denied", []string{"403", "401"},
			"the status when a token may read a vault but not write it",
			"403: recordings of later servers, prefix inferred [R]; 401: servers up to 1.1.1, terraform 24 [R]",
			func(q *quirks, v string) { q.legacyWriteDenied = v == "401" }},
		{"actor-ip", []string{"both", "ip", "requestIp"},
			"the name of the caller's address in the activity log",
			"both: no client of either document breaks; ip: Java client's strict binding [T]; requestIp: API overview and published document [D]",
			func(q *quirks, v string) { q.noIP, q.noRequestIP = v == "requestIp", v == "ip" }},
		{"content-path", []string{"slash", "bare"},
			"whether content_path starts with a slash",
			"slash: Go SDK joins it to the host [C][R]; bare: example of the published document [D]",
			func(q *quirks, v string) { q.contentPathBare = v == "bare" }},
		{"ssh-key-type", []string{"string", "kept"},
			"the type a private key of a created or replaced SSH_KEY item comes back with",
			"string: connect issues 77 and 107, open in 2026 [R]; kept: SSHKEY as in items made by the apps [R]",
			func(q *quirks, v string) { q.sshKeyKept = v == "kept" }},
		{"date-output", []string{"seconds", "iso"},
			"how a DATE value reads back",
			"seconds: terraform and steampipe convert from Unix seconds [C]; iso: as the reference describes the input [D]",
			func(q *quirks, v string) { q.dateISO = v == "iso" }},
		{"empty-members", []string{"omitted", "arrays"},
			"whether tags, urls, sections and files without elements are sent",
			"omitted: recorded items [R]; arrays: kinder to clients that index without looking [C]",
			func(q *quirks, v string) { q.emptyArrays = v == "arrays" }},
		{"write-timestamps", []string{"seconds", "nanoseconds"},
			"the precision of dates in the answers of writes",
			"seconds: as reads [R]; nanoseconds: fixtures of the Ruby client, taken from the documentation [D]",
			func(q *quirks, v string) { q.nanoseconds = v == "nanoseconds" }},
		{"version-header", []string{"sent", "absent"},
			"the 1Password-Connect-Version header; without it the Go SDK refuses the files API",
			"sent: since 1.3.0, changelog [D]; absent: older servers [D]",
			func(q *quirks, v string) { q.noVersionHeader = v == "absent" }},
	}
}

// resolveQuirks turns names and values into decisions. An unknown name or value
// is an error that lists what there is.
func resolveQuirks(chosen map[string]string) (quirks, error) {
	var q quirks
	known := Quirks()
	for name, value := range chosen {
		i := slices.IndexFunc(known, func(k Quirk) bool { return k.Name == name })
		if i < 0 {
			names := make([]string, len(known))
			for j := range known {
				names[j] = known[j].Name
			}
			return q, misconfigured("unknown quirk %q; there are: %s", name, strings.Join(names, ", "))
		}
		if !slices.Contains(known[i].Values, value) {
			return q, misconfigured("quirk %s can't be %q; it can be: %s", name, value, strings.Join(known[i].Values, ", "))
		}
		known[i].set(&q, value)
	}
	return q, nil
}
