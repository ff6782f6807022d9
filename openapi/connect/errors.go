package connect

import "fmt"

// Error is the only error body of the API: {"status":404,"message":"..."}, with the HTTP status [R]. The message has no
// value of the request but an id from its path.
type Error struct {
	Status   int    `json:"status"`
	Message  string `json:"message"`
	Evidence string `json:"-"` // how the text is known; empty for texts that users choose
}

// Error returns the message with the status before it.
func (e *Error) Error() string { return fmt.Sprintf("status %d: %s", e.Status, e.Message) }

func newError(status int, evidence, format string, args ...any) *Error {
	return &Error{Status: status, Message: fmt.Sprintf(format, args...), Evidence: evidence}
}

func (e *Error) knownFrom(evidence string) *Error {
	e.Evidence = evidence
	return e
}

// All texts of the API follow, each after its evidence: R a recording, T a test that runs against a real server, D
// documentation, G a guess; docs/quirks.md has all letters. A real server composes texts as "Kind: (reason), Kind:
// (reason), text" [R]. Texts that were never recorded are guesses in that form.

// 400: addresses.

// InvalidVaultUUID is the error for a vault id that is not 26 of [a-z0-9].
func InvalidVaultUUID() *Error { return newError(400, "R", "Invalid Vault UUID") }

// InvalidItemUUID is the error for an item id that is not 26 of [a-z0-9].
func InvalidItemUUID() *Error { return newError(400, "R", "Invalid Item UUID") }

// InvalidFileUUID is the error for a file id that is not 26 of [a-z0-9].
func InvalidFileUUID() *Error { return newError(400, "G", "Invalid File UUID") }

// InvalidParameter is the error for a query parameter that violates a rule.
func InvalidParameter(name, rule string) *Error {
	return newError(400, "G", "Validation: (invalid query parameter), %s %s", name, rule)
}

// InvalidFilter is the error for an invalid filter. The reason must not quote the filter.
func InvalidFilter(reason string) *Error {
	return newError(400, "G; that it is a 400 and not a 500: D, changelog 1.5.2",
		"Validation: (invalid filter), %s", reason)
}

// 400: bodies.

// InvalidBody is the error for a member of the body, as "fields[0].type", that violates a rule. An empty member means
// the whole body.
func InvalidBody(member, rule string) *Error {
	if member == "" {
		return newError(400, "G", "Validation: (invalid request body), the body %s", rule)
	}
	return newError(400, "G", "Validation: (invalid request body), %s %s", member, rule)
}

// InvalidCategory is the error for a missing or unknown category.
func InvalidCategory() *Error { return newError(400, "D", "Invalid item category") }

// UncreatableCategory is the error for CUSTOM and DOCUMENT.
func UncreatableCategory(category string) *Error {
	return newError(400, "D that they are refused, G the text",
		"Validation: (Invalid item category), items of category %s can't be created", category)
}

// CategoryChanged is the error for an update to another category.
func CategoryChanged() *Error {
	return newError(400, "G", "Validation: (Invalid item category), the category of an item can't be changed")
}

// ItemInvalid is the error with the findings of the item validator, numbered as by a real server.
func ItemInvalid(findings ...string) *Error {
	list := ""
	for i, f := range findings {
		list += fmt.Sprintf("%d. %s", i+1, f)
	}
	return newError(400, "R connect pull request 26",
		"Validation: (validateVaultItem failed to Validate), Couldn't validate the item: %q",
		fmt.Sprintf("[ItemValidator] has found %d errors, 0 warnings: \nErrors:{%s}", len(findings), list))
}

// TooManyPurposeFields is the error for a second field of a purpose.
func TooManyPurposeFields(name string) *Error {
	return newError(400, "R for password, python SDK issue 71; G for the others",
		"Logic: (Unable to parse Item), Validation: (too many %q fields in Apply()), "+
			"You can only use one %q field.", name, name)
}

// PasswordRequired is the error for an item of category PASSWORD without a field of that purpose.
func PasswordRequired() *Error {
	return ItemInvalid("details.password is required for items of category PASSWORD").
		knownFrom("D ansible pull request 28 that it is refused, G the text")
}

// InvalidMonthYear is the error for a MONTH_YEAR value of another form.
func InvalidMonthYear() *Error {
	return newError(400, "R terraform 311", "values for field type monthYear must be in YYYYMM or YYYY/MM format")
}

// InvalidDate is the error for a DATE value of another form.
func InvalidDate() *Error {
	return newError(400, "G, after the text for MONTH_YEAR",
		"values for field type date must be in YYYY-MM-DD format or seconds since 1970")
}

// InvalidOTP is the error for an OTP value that gives no codes.
func InvalidOTP() *Error {
	return newError(400, "G", "values for field type otp must be an otpauth:// URL or a base32 secret")
}

// DocumentNotUpdatable is the error of servers before 1.7.2 for an update of a DOCUMENT item.
func DocumentNotUpdatable() *Error {
	return ItemInvalid(`Field of unexpected type "" at "item.details.documentAttributes". Requires one of ["object"]`).
		knownFrom("R python SDK issue 57, with 1.5.7")
}

// NoSuchField is the error for an update or a patch of a field that the item does not have.
func NoSuchField(name string) *Error {
	return newError(400, "D", "The item doesn't have a %s field.", name)
}

// InvalidPatch is the error for the operation at index, from 0, of a patch.
func InvalidPatch(index int, reason string) *Error {
	return newError(400, "G", "Validation: (invalid patch operation), operation %d: %s", index, reason)
}

// ItemMismatch is the error for a body whose id or vault is not that of the path. The name of the vault is accepted as
// its id [R external-secrets 3129].
func ItemMismatch(member string) *Error {
	return newError(400, "G", "Validation: (invalid request body), %s must be that of the path", member)
}

// 401.

// InvalidToken is the error for a token that is malformed, expired, revoked, of another server or missing.
func InvalidToken() *Error {
	return newError(401, "R for bad and expired tokens, terraform 24; G for the rest",
		"Invalid bearer token")
}

// InvalidTokenDocumented is the text of the published document.
func InvalidTokenDocumented() *Error { return newError(401, "D", "Invalid token signature") }

// WriteDeniedLegacy is the error of servers up to 1.1.1 for a write with a read-only token.
func WriteDeniedLegacy() *Error {
	return newError(401, "R terraform 24", "Unauthorized Request, token does not have write access to the Vault")
}

// 403.

// VaultDenied is the error for a vault outside of the scope of the token, and for one that does not exist.
func VaultDenied(vault string) *Error {
	return newError(403, "R", "Authorization: token does not have access to vault %s", vault)
}

// VaultDeniedDocumented is the text of the published document.
func VaultDeniedDocumented(vault string) *Error {
	return newError(403, "D", "vault %s is not in scope", vault)
}

// PermissionDenied is the error for a token that lacks a permission in a vault that it sees. verb is that of the
// operation.
func PermissionDenied(verb, vault string) *Error {
	return newError(403, "R for create, prefix and id inferred; G for the other verbs",
		"Authorization: token does not have permission to perform %s on vault %s", verb, vault)
}

// 404, 405, 406, 413.

// VaultNotFound is the error for an unknown vault in the scope of the token.
func VaultNotFound(id string) *Error { return newError(404, "D", "vault %s not found", id) }

// ItemNotFound is the error for an unknown item.
func ItemNotFound(id string) *Error {
	return newError(404, "D; that the text holds 'not found': T",
		"item %s not found", id)
}

// FileNotFound is the error for an unknown file.
func FileNotFound(id string) *Error { return newError(404, "D", "file %s not found", id) }

// PageNotFound is the response to a path that the API does not have, a text and not JSON, with its evidence.
const (
	PageNotFound         = "404 page not found"
	PageNotFoundEvidence = "R terraform 42, external-secrets 1948, inferred: clients report \"invalid character 'p' after " +
		"top-level value\""
)

// RouteNotFound is the error for a path that the API does not have, for a mock whose errors are all JSON.
func RouteNotFound() *Error { return newError(404, "G", "Not Found: no such route") }

// DoubleSlash is the error for a path with an empty segment, the sign of a base URL that ends with a slash.
func DoubleSlash() *Error {
	return newError(404, "G", "Not Found: no such route; the path has an empty segment (//), "+
		"see that the host has no slash at its end")
}

// MethodNotAllowed is the error for a method that the path does not have.
func MethodNotAllowed() *Error { return newError(405, "G", "Method Not Allowed") }

// PurposeNotAcceptable is the error for a purpose in a category whose items have no such field.
func PurposeNotAcceptable(category, purpose string) *Error {
	return newError(406, "R status only, vault-plugin pull request 23; G the text",
		"Validation: (unacceptable field purpose), items of category %s have no field of purpose %s",
		category, purpose)
}

// BodyTooLarge is the error for a body over the limit of the server.
func BodyTooLarge(limit int64) *Error {
	return newError(413, "G", "Validation: (request body too large), the limit is %d bytes", limit)
}

// FileTooLarge is the error for a file that is too large to be inline.
func FileTooLarge() *Error {
	return newError(413, "D", "File is too large to inline in request. "+
		"Use the /v1/vaults/{vaultUUID}/items/{itemUUID}/files/{fileUUID}/content endpoint instead.")
}

// 500.

// SomethingWentWrong is the error for an internal failure.
func SomethingWentWrong() *Error { return newError(500, "R", "Something went wrong") }
