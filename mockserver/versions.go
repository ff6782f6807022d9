package mockserver

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// VersionChange is a behaviour that some versions of Connect had and the newest
// does not have.
type VersionChange struct {
	From     string   // first version that did it; empty: 1.0.0 did
	Before   string   // first version that no longer did it
	About    string   // what is on the wire
	Quirk    string   // switch that shows it; empty: none, NotShown says why
	Value    string   // of Quirk, turned on by --connect-version
	Preset   string   // fault preset that shows it; no version turns it on, NotShown says why
	NotShown string   // why no version turns it on; empty where Quirk is set
	Evidence string   // how it is known, with its tag
	Breaks   []string // rules of the contract that a server which does it breaks, by id or pattern
}

// Holds reports whether a server of that version does it. The version must be
// valid.
func (c VersionChange) Holds(version string) bool {
	return connect.VersionRange{From: c.From, Before: c.Before}.Holds(version)
}

// Versions returns the versions that did it in words: "before 1.1.0" or
// "from 1.5.1, before 1.5.4".
func (c VersionChange) Versions() string {
	return connect.VersionRange{From: c.From, Before: c.Before}.String()
}

// KnownVersions returns the released versions of Connect, oldest first [D, the
// changelog up to 1.8.0; 1.8.1 and 1.8.2: published images].
func KnownVersions() []string {
	return []string{
		"1.0.0", "1.1.0", "1.1.1", "1.2.0", "1.3.0", "1.4.0",
		"1.5.0", "1.5.1", "1.5.2", "1.5.3", "1.5.4", "1.5.5", "1.5.6", "1.5.7", "1.5.8",
		"1.6.0", "1.6.1", "1.7.0", "1.7.1", "1.7.2", "1.7.3", "1.8.0", "1.8.1", "1.8.2",
	}
}

// VersionQuirks returns the switches that a version turns on, value by name. A
// version between two known ones does what the older one did, as far as the
// newer one did not undo it. The version must be valid.
func VersionQuirks(version string) map[string]string {
	on := map[string]string{}
	for _, c := range VersionChanges() {
		if c.Quirk != "" && c.Holds(version) {
			on[c.Quirk] = c.Value
		}
	}
	return on
}

// checkVersion refuses a version that is not three numbers without leading
// zeros: the Go SDK compares them [C].
func checkVersion(version string) error {
	const number = `(0|[1-9]\d{0,8})`
	if regexp.MustCompile(`^` + number + `\.` + number + `\.` + number + `$`).MatchString(version) {
		return nil
	}
	return configErrorf("connect version %q is not three numbers as %s, without leading zeros;"+
		" the Go SDK compares them; known versions: %s",
		version, DefaultConnectVersion, strings.Join(KnownVersions(), ", "))
}

// chosenQuirks returns the switches of the version, overridden by those that the
// configuration names.
func (c Config) chosenQuirks() map[string]string {
	chosen := VersionQuirks(c.ConnectVersion)
	maps.Copy(chosen, c.Quirks)
	return chosen
}

// checkDocumented refuses to check responses against the document where a switch
// makes them break it.
func (c Config) checkDocumented() error {
	if !c.CheckResponses {
		return nil
	}
	chosen := c.chosenQuirks()
	for _, q := range Quirks() {
		value := chosen[q.Name]
		if !slices.Contains(q.Undocumented, value) {
			continue
		}
		why := ""
		if _, named := c.Quirks[q.Name]; !named {
			why = ", which connect version " + c.ConnectVersion + " turns on"
		}
		return configErrorf("responses can't be checked against the document with the quirk %s=%s%s: they break it;"+
			" do not check responses, or choose %s=%s", q.Name, value, why, q.Name, q.Values[0])
	}
	return nil
}
