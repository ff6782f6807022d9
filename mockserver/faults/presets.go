package faults

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/nearest"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Presets returns faults that real servers, and proxies in front of them, are
// known or said to have, with the names and in the order of
// controlapi.PresetNames. A member that is given beside a preset replaces the
// preset's own.
func Presets() []controlapi.Preset {
	all := slices.Concat(reads(), writes())
	isOfNoVault := func(id string) bool { return id == "GetApiActivity" || id == "GetVaults" }
	ofVaults := slices.DeleteFunc(slices.Clone(all), isOfNoVault)
	return []controlapi.Preset{
		{
			Name:     "first-request-401",
			About:    "the first request of each token gets a 401, the next ones succeed",
			Evidence: "changelog 1.7.2: the first request to a new server wrongly got a 401 [D]",
			Finds:    "a client that gives up or drops its token after one 401",
			Fault:    controlapi.Fault{Operations: all, Times: 1, Per: perToken, Abort: &controlapi.Abort{Status: 401}},
		},
		{
			Name:     "write-visibility-lag",
			About:    "reads see a write only 2 s later, by the account's clock",
			Evidence: "the Java client's tests wait up to 1 s, a Rust client 4 s, external-secrets retries for up to 5 s, terraform five times [T][C]",
			Finds:    "a client that reads what it has just written, and takes the old data for a failure or for the result",
			Fault:    controlapi.Fault{Operations: writes(), Lag: controlapi.Duration(2 * time.Second)},
		},
		{
			Name:     "delete-conflict-500",
			About:    "the first delete gets a 500 and deletes nothing, the next one succeeds",
			Evidence: "terraform pull request 295: concurrent deletes in one vault get a 500 \"Something went wrong\" until a 409 comes [R]",
			Finds:    "a clean-up that stops at the first 500 and leaves items behind",
			Fault:    controlapi.Fault{Operations: []string{"DeleteVaultItem"}, Times: 1, Abort: &controlapi.Abort{Status: 500}},
		},
		{
			Name:     "update-refused-400",
			About:    "every PUT of an item gets a 400 and changes nothing; PATCH works",
			Evidence: "external-secrets issues 4680 and 3631: 1.7.3, not with 1.7.2 or after a restart [R]; that the title is the stored one and PATCH works [G]",
			Finds:    "a client that takes a 400 for its own mistake and gives up, or retries without end",
			Fault: controlapi.Fault{Operations: []string{"UpdateVaultItem"}, Abort: &controlapi.Abort{Status: 400,
				Message: `Unable to update item "{title}" in Vault "{vault}"`}},
		},
		{
			Name:     "file-not-synced-500",
			About:    "the content of a file gets a 500 twice, as if the server did not have it yet",
			Evidence: "the operator retries five times, on 500 only [C]; changelog 1.8.0: a better error [D]",
			Finds:    "a client that does not retry a download",
			Fault:    controlapi.Fault{Operations: []string{"DownloadFileByID"}, Times: 2, Abort: &controlapi.Abort{Status: 500}},
		},
		{
			Name:     "intermittent-403",
			About:    "one request in five on a vault gets a 403, as if the token did not have access to it",
			Evidence: "connect issue 82, external-secrets issue 4205: 1.7.1 under load, not 1.8.1 [R]; how often: [G]",
			Finds:    "a client that takes one 403 for a revoked token; external-secrets tries three times",
			Fault:    controlapi.Fault{Operations: ofVaults, Percentage: 20, Seed: 1, Abort: &controlapi.Abort{Status: 403}},
		},
		{
			Name:     "sync-down",
			About:    "1Password is unreachable: /health reports it, writes get a 500, reads return what was known before",
			Evidence: "Connect serves reads from a copy [D]; the health body of a server that has not synchronized and its 500, connect issue 93 [R]; the words of /health here [G]",
			Finds:    "a client that takes a cached response for proof of a write, or checks the status of /health and not its dependencies",
			Fault:    controlapi.Fault{Sync: syncDown},
		},
		{
			Name:     "expired-token",
			About:    "every request is refused as with an expired token",
			Evidence: "terraform issue 24, connect issue 54: 401 \"Invalid bearer token\" [R]",
			Finds:    "a client that retries without end, or prints the refused token",
			Fault:    controlapi.Fault{Operations: all, Abort: &controlapi.Abort{Status: 401}},
		},
		{
			Name:     "read-only",
			About:    "every write is refused as with a token that may only read",
			Evidence: "recordings of later servers: the text; 403 and its beginning are inferred [R]; verbs other than create [G]",
			Finds:    "a client that reports a refused write as a missing vault",
			Fault: controlapi.Fault{Operations: writes(), Abort: &controlapi.Abort{Status: 403,
				Message: "Authorization: token does not have permission to perform {verb} on vault {vault}"}},
		},
		{
			Name:     "throttled-429",
			About:    "every request gets a 429 that asks to wait for a second",
			Evidence: "the Dart and Ruby clients know 429 [C]; nobody has recorded one, its text and Retry-After are [G]",
			Finds:    "a client that retries at once, or never",
			Fault:    controlapi.Fault{Operations: all, Abort: &controlapi.Abort{Status: 429}, Headers: map[string]string{"Retry-After": "1"}},
		},
		gateway(502, "Bad Gateway", "proxies send a 502 while Connect restarts [G]"),
		gateway(503, "Service Temporarily Unavailable", "proxies send a 503 where no Connect is ready [G]"),
		gateway(504, "Gateway Time-out", "terraform issue 5: 504 through a proxy [R]; its body [G]"),
		{
			Name:     "answer-lost",
			About:    "the first write is done and its connection reset before the response; the next writes succeed",
			Evidence: "RFC 9110, section 9.2.2: a request may be done although its response is lost [D]; nobody has recorded it of Connect [G]",
			Finds:    "a client that repeats a create without a look whether the item is there, and so creates it twice",
			Fault: controlapi.Fault{Operations: writes(), Times: 1, Connection: ConnectionReset,
				Phase: PhaseAfter},
		},
		{
			Name:     "timeout-after-write",
			About:    "the first write is done and its response comes a minute later; the next writes succeed",
			Evidence: "terraform issue 5: a proxy gave up waiting for Connect, 504 [R]; that the write was done, and the minute [G]",
			Finds:    "a client that takes its own timeout for a failed write and repeats it, or has no timeout",
			Fault: controlapi.Fault{Operations: writes(), Times: 1, Phase: PhaseAfter,
				Delay: &controlapi.Delay{Fixed: controlapi.Duration(time.Minute)}},
		},
		{
			Name:     "missing-version-header",
			About:    "responses have no 1Password-Connect-Version, as those of servers before 1.3.0",
			Evidence: "changelog 1.3.0 [D]; the Go SDK then refuses files [W]",
			Finds:    "a client that needs the header and does not say so",
			Fault:    controlapi.Fault{Operations: all, DropHeaders: []string{"1Password-Connect-Version"}},
		},
	}
}

// gateway returns the preset of a proxy that gets no response from Connect: an
// HTML page without Connect's header.
func gateway(status int, words, evidence string) controlapi.Preset {
	number := strconv.Itoa(status)
	page := "<html>\r\n<head><title>" + number + " " + words + "</title></head>\r\n<body>\r\n<center><h1>" +
		number + " " + words + "</h1></center>\r\n</body>\r\n</html>\r\n"
	return controlapi.Preset{
		Name:     "gateway-" + number,
		About:    "every request gets a " + number + " from a proxy, with a page of HTML",
		Evidence: evidence,
		Finds:    "a client that reads every error as Connect's JSON, or reports the page's HTML",
		Fault: controlapi.Fault{Operations: slices.Concat(reads(), writes()), Abort: &controlapi.Abort{Status: status, Body: &page},
			ContentType: "text/html", DropHeaders: []string{"1Password-Connect-Version"}},
	}
}

// usePreset takes the members of the document's preset where the document has
// none of its own.
func usePreset(d *controlapi.Fault, operations []string) error {
	if d.Preset == "" {
		return nil
	}
	i := slices.IndexFunc(Presets(), func(p controlapi.Preset) bool { return p.Name == d.Preset })
	if i < 0 {
		return invalid("preset", "%q is unknown%s", d.Preset, nearest.HintWithList(d.Preset, controlapi.PresetNames()))
	}
	p := Presets()[i].Fault
	if len(d.Operations) == 0 && d.Operation == "" && len(p.Operations) > 0 {
		if d.Operations = knownOperations(p.Operations, operations); len(d.Operations) == 0 {
			return invalid("preset", "%q applies to %s, which this server does not have",
				d.Preset, strings.Join(p.Operations, ", "))
		}
	}
	if d.Nth == 0 { // with nth the document chooses one request itself
		d.After, d.Times = cmp.Or(d.After, p.After), cmp.Or(d.Times, p.Times)
		d.Percentage = cmp.Or(d.Percentage, p.Percentage)
	}
	d.Seed, d.Per, d.Phase = cmp.Or(d.Seed, p.Seed), cmp.Or(d.Per, p.Per), cmp.Or(d.Phase, p.Phase)
	for _, k := range kinds() {
		k.merge(d, &p)
	}
	return nil
}
