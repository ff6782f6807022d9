package mutants

import (
	"path"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
)

// ID returns the kind and the name of the mutant: "body/list-cut-at-ten".
func (m Mutant) ID() string { return string(m.Kind) + "/" + m.Name }

// ClientBug returns the mistake that a client can have if its tests pass on the mutant:
// "a client that ...". It follows from the ID, otherwise from the kind and the
// operations.
func (m Mutant) ClientBug() string {
	for _, bug := range clientBugs() {
		for pattern := range strings.FieldsSeq(bug.patterns) {
			if ok, _ := path.Match(pattern, m.ID()); ok { // a test checks the patterns
				return "a client that " + strings.ReplaceAll(bug.text, "OPERATION", m.operationText())
			}
		}
	}
	return ""
}

// operationText names the operation of the mutant: "POST /v1/vaults/{vaultUuid}/items",
// or that there are several.
func (m Mutant) operationText() string {
	if len(m.Operations) == 1 {
		for _, o := range connect.Operations() {
			if o.ID == m.Operations[0] {
				return o.Method + " " + o.Path
			}
		}
	}
	return "the operation"
}

// clientBug is a mistake of clients, with patterns of the IDs of mutants that it passes.
type clientBug struct{ patterns, text string }

// clientBugs returns the mistakes of clients, those for single mutants before those for
// whole kinds.
func clientBugs() []clientBug {
	return []clientBug{
		{"status/create-answers-* status/put-answers-* status/patch-answers-* status/delete-answers-*",
			"does not look at the status and the body of OPERATION"},
		{"status/delete-twice-* status/unknown-item-* status/unknown-file-*",
			"can't tell a missing item or file from another failure"},
		{"status/unknown-vault-* status/malformed-*", "can't tell a wrong id from another failure"},
		{"status/slash-* status/unknown-route-* error/unknown-route-*", "builds a wrong path and does not notice"},
		{"status/no-match-*", "can't tell an empty result from a failure"},
		{"status/bad-filter-*", "sends an invalid filter and takes the response for an empty result"},
		{"status/bad-body-* status/purpose-in-* status/empty-patch-*", "does not notice that OPERATION refused its body"},
		{"status/large-inline-* error/inline-text", "does not download a file that is too large to be sent inline"},
		{"status/beyond-the-log-*", "does not find the end of the activity log"},
		{"status/*", "does not look at the status of OPERATION"},

		{"body/*-in-object body/item-encoded-twice file/files-in-object activity/log-in-object",
			"takes a response that it can't read for an empty one"},
		{"body/empty-list-is-null", "does not handle a list that is null"},
		{"body/list-leaks-*", "uses a list as if it had the values of items"},
		{"body/list-cut-* body/list-repeats-* body/vault-list-repeats body/vault-list-cut file/files-list-*",
			"loses or repeats elements of a list"},
		{"body/summary-* body/list-without-titles body/empty-text-members body/vault-list-*",
			"does not use what a list says about its elements, or uses it unchecked"},
		{"body/get-vault-answers-first body/item-of-another-vault body/ids-* scope/item-*-any-vault scope/list-shows-*",
			"works on another vault or item than it was asked for"},
		{"body/snake-case-* body/null-members body/undeclared-*", "reads a response too loosely or too strictly"},
		{"body/dates-* body/date-* body/month-and-year-swapped", "shows or stores a wrong date"},
		{"body/concealed-* body/values-*", "passes on a secret that is masked, missing or damaged"},
		{"body/otp-*", "shows a wrong one-time code"},
		{"body/password-* body/field-entropy-missing write/password-history-*",
			"does not use the history or the details of a password, or uses them unchecked"},
		{"body/field-* body/fields-* body/sections-* body/item-without-fields",
			"finds the wrong field of an item, or none"},
		{"body/*", "does not use what OPERATION returns, or uses it unchecked"},

		{"error/refusal-repeats-*", "writes the text of an error to its log, with the secret in it"},
		{"error/error-*", "can't read an error, and loses the reason"},
		{"error/*", "hides the reason of an error, or depends on another text"},

		{"filter/*-refused filter/*-with-case filter/*-without-*", "finds nothing with its filter and does not notice"},
		{"filter/*", "uses the first result of its filter without a check that it is the right one"},

		{"version/content-version-* version/attribute-version-* version/items-* version/vault-*",
			"misses changes of a vault"},
		{"version/*", "overwrites the changes of another client, or misses them"},

		{"write/delete* write/*-cached write/created-item-* write/create-is-lost write/files-keep-*",
			"believes that a write was done, and does not read it back"},
		{"write/create-makes-two write/refused-create-* write/put-makes-items", "leaves items behind that it did not want"},
		{"write/put-*", "loses a change that it sent with a PUT"},
		{"write/generate* write/recipe-*", "gets a weaker password than it asked for"},
		{"write/*", "loses a part of the items that it writes"},
		{"patch/*", "sends a PATCH and does not check what it changed"},

		{"lenient/*", "sends a request that a real server refuses"},
		{"strict/*", "does not notice that its request was refused"},

		{"auth/unauthorized-* auth/no-header-*", "can't tell an invalid token from another failure"},
		{"auth/accepts-no-header auth/accepts-empty-token auth/token-not-needed-*", "sends a request without its token"},
		{"auth/*", "goes on with a token that is damaged, expired or revoked"},
		{"scope/denied-*", "can't tell a missing permission from another failure"},
		{"scope/*", "works with a token that lacks the permission, as long as the server is careless"},

		{"file/inline-*", "reads the content of a file that was sent inline wrongly, or does not read it"},
		{"file/file-byte-damaged file/file-cut file/file-longer file/file-line-ends file/file-as-* file/file-is-empty " +
			"file/file-of-its-neighbour", "saves a damaged or wrong file"},
		{"file/content-path-*", "does not download the content of a file from the path in its details"},
		{"file/*", "does not use what the server says about a file, or uses it unchecked"},

		{"activity/log-* activity/range-* activity/limit-* activity/offset-*", "loses or repeats records of the log"},
		{"activity/*", "reports an access with the wrong time, actor, kind or item"},

		{"header/version-*", "does not use the version of the server, or uses it unchecked"},
		{"header/json-*", "reads a response without looking at its media type, or depends on it too strictly"},
		{"header/*", "sends a wrong method and does not notice"},
		{"health/metrics-*", "shows wrong figures of the server"},
		{"health/*", "takes a server for healthy that is not, or the reverse"},
	}
}
