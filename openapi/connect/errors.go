package connect

import "fmt"

// Error is the only error body of the API: {"status":404,"message":"..."}, the
// status equal to the HTTP status [R]. The message never contains a value that
// came with a request, other than an id that is part of the path.
type Error struct {
	Status  int    `json:"status"`
	Message string `json:"message"`
}

// Error is the message with its status in front.
func (e *Error) Error() string { return fmt.Sprintf("status %d: %s", e.Status, e.Message) }

func fault(status int, format string, args ...any) *Error {
	return &Error{Status: status, Message: fmt.Sprintf(format, args...)}
}

// Every text of the API follows, once each, with the evidence for it. A real
// server composes its texts as "Kind: (reason), Kind: (reason), text" [R];
// texts nobody has recorded are guesses in that grammar, marked [G].

// 400: addresses.

// InvalidVaultUUID answers a vault id that is not 26 of [a-z0-9] [R].
func InvalidVaultUUID() *Error { return fault(400, "Invalid Vault UUID") }

// InvalidItemUUID answers an item id that is not 26 of [a-z0-9] [R].
func InvalidItemUUID() *Error { return fault(400, "Invalid Item UUID") }

// InvalidFileUUID is the same for files [G].
func InvalidFileUUID() *Error { return fault(400, "Invalid File UUID") }

// InvalidParameter names a query parameter and the rule it breaks [G].
func InvalidParameter(name, rule string) *Error {
	return fault(400, "Validation: (invalid query parameter), %s %s", name, rule)
}

// InvalidFilter says why a filter cannot be used; the reason must not quote it
// [G; that it is a 400 and not a 500: D, changelog 1.5.2].
func InvalidFilter(reason string) *Error {
	return fault(400, "Validation: (invalid filter), %s", reason)
}

// 400: bodies.

// InvalidBody names a member of the body ("fields[0].type") and the rule it
// breaks. An empty member means the body as a whole [G].
func InvalidBody(member, rule string) *Error {
	if member == "" {
		return fault(400, "Validation: (invalid request body), the body %s", rule)
	}
	return fault(400, "Validation: (invalid request body), %s %s", member, rule)
}

// InvalidCategory answers a category that is missing or unknown [D].
func InvalidCategory() *Error { return fault(400, "Invalid item category") }

// UncreatableCategory answers CUSTOM and DOCUMENT [D that they are refused, G
// the text].
func UncreatableCategory(category string) *Error {
	return fault(400, "Validation: (Invalid item category), items of category %s can't be created", category)
}

// CategoryChanged answers an update that names another category than the item
// has [G].
func CategoryChanged() *Error {
	return fault(400, "Validation: (Invalid item category), the category of an item can't be changed")
}

// ItemInvalid wraps what the item validator found, in its own numbering
// [R connect pull request 26].
func ItemInvalid(findings ...string) *Error {
	list := ""
	for i, f := range findings {
		list += fmt.Sprintf("%d. %s", i+1, f)
	}
	return fault(400, "Validation: (validateVaultItem failed to Validate), Couldn't validate the item: %q",
		fmt.Sprintf("[ItemValidator] has found %d errors, 0 warnings: \nErrors:{%s}", len(findings), list))
}

// TooManyPurposeFields answers a second field of one purpose [R for password,
// python SDK issue 71; G for the others].
func TooManyPurposeFields(name string) *Error {
	return fault(400, "Logic: (Unable to parse Item), Validation: (too many %q fields in Apply()), You can only use one %q field.", name, name)
}

// PasswordRequired answers an item of category PASSWORD without a field of that
// purpose, where the server demands one [D ansible pull request 28 that it is
// refused, G the text].
func PasswordRequired() *Error {
	return ItemInvalid("details.password is required for items of category PASSWORD")
}

// InvalidMonthYear answers a MONTH_YEAR value of another form [R terraform 311].
func InvalidMonthYear() *Error {
	return fault(400, "values for field type monthYear must be in YYYYMM or YYYY/MM format")
}

// InvalidDate answers a DATE value of another form [G, after the text for
// MONTH_YEAR].
func InvalidDate() *Error {
	return fault(400, "values for field type date must be in YYYY-MM-DD format or seconds since 1970")
}

// InvalidOTP answers an OTP value no code can be made from [G].
func InvalidOTP() *Error {
	return fault(400, "values for field type otp must be an otpauth:// URL or a base32 secret")
}

// DocumentNotUpdatable is what servers before 1.7.2 said to an update of a
// DOCUMENT item [R python SDK issue 57, with 1.5.7].
func DocumentNotUpdatable() *Error {
	return ItemInvalid(`Field of unexpected type "" at "item.details.documentAttributes". Requires one of ["object"]`)
}

// NoSuchField answers an update or a patch of a field the item does not have [D].
func NoSuchField(name string) *Error {
	return fault(400, "The item doesn't have a %s field.", name)
}

// InvalidPatch says why operation number index (from 0) cannot be applied [G].
func InvalidPatch(index int, reason string) *Error {
	return fault(400, "Validation: (invalid patch operation), operation %d: %s", index, reason)
}

// ItemMismatch answers a body whose id or vault is not that of the path [G]. The
// vault's name is as good as its id [R external-secrets 3129].
func ItemMismatch(member string) *Error {
	return fault(400, "Validation: (invalid request body), %s must be that of the path", member)
}

// 401.

// InvalidToken answers a token that is malformed, expired, revoked, of another
// server or missing [R for bad and expired tokens, terraform 24; G for the
// rest].
func InvalidToken() *Error { return fault(401, "Invalid bearer token") }

// InvalidTokenDocumented is the text of the published document [D].
func InvalidTokenDocumented() *Error { return fault(401, "Invalid token signature") }

// WriteDeniedLegacy is what servers up to 1.1.1 said to a read-only token [R
// terraform 24].
func WriteDeniedLegacy() *Error {
	return fault(401, "Unauthorized Request, token does not have write access to the Vault")
}

// 403.

// VaultDenied answers a vault outside the token's scope, and one that does not
// exist [R].
func VaultDenied(vault string) *Error {
	return fault(403, "Authorization: token does not have access to vault %s", vault)
}

// VaultDeniedDocumented is the text of the published document [D].
func VaultDeniedDocumented(vault string) *Error {
	return fault(403, "vault %s is not in scope", vault)
}

// PermissionDenied answers a token that sees the vault but may not do this
// there; verb is read, create, update or delete [R for create, prefix and id
// inferred; G for the other verbs].
func PermissionDenied(verb, vault string) *Error {
	return fault(403, "Authorization: token does not have permission to perform %s on vault %s", verb, vault)
}

// 404, 405, 406, 413.

// VaultNotFound [D].
func VaultNotFound(id string) *Error { return fault(404, "vault %s not found", id) }

// ItemNotFound [D; that the text holds "not found": T].
func ItemNotFound(id string) *Error { return fault(404, "item %s not found", id) }

// FileNotFound [D].
func FileNotFound(id string) *Error { return fault(404, "file %s not found", id) }

// PageNotFound is how a server answers a path the API does not have: as text,
// not as JSON [R terraform 42, external-secrets 1948, inferred: clients report
// "invalid character 'p' after top-level value"].
const PageNotFound = "404 page not found"

// RouteNotFound answers a path the API does not have, for those who want every
// error to be JSON [G].
func RouteNotFound() *Error { return fault(404, "Not Found: no such route") }

// DoubleSlash answers a path with an empty segment, which comes from a base
// URL with a slash at its end [G].
func DoubleSlash() *Error {
	return fault(404, "Not Found: no such route; the path has an empty segment (//), see that the host has no slash at its end")
}

// MethodNotAllowed answers a known path with a method it does not have [G].
func MethodNotAllowed() *Error { return fault(405, "Method Not Allowed") }

// PurposeNotAcceptable answers USERNAME and PASSWORD purposes in a category
// whose items have no such field [R status only, vault-plugin pull request 23;
// G the text].
func PurposeNotAcceptable(category, purpose string) *Error {
	return fault(406, "Validation: (unacceptable field purpose), items of category %s have no field of purpose %s", category, purpose)
}

// BodyTooLarge answers a body over the server's limit [G].
func BodyTooLarge(limit int64) *Error {
	return fault(413, "Validation: (request body too large), the limit is %d bytes", limit)
}

// FileTooLarge answers a file too large to be sent inline [D].
func FileTooLarge() *Error {
	return fault(413, "File is too large to inline in request. Use the /v1/vaults/{vaultUUID}/items/{itemUUID}/files/{fileUUID}/content endpoint instead.")
}

// 500.

// SomethingWentWrong is all a client is told of an internal failure [R].
func SomethingWentWrong() *Error { return fault(500, "Something went wrong") }
