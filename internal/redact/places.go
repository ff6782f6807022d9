package redact

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// isSecretMember reports whether a member of an object is secret by its place. Names are those of foldCase.
func isSecretMember(members map[string]element, name string, in place) bool {
	e := members[name]
	switch name {
	case "TOTP", "CONTENT", "HISTORY":
		return true
	case "VALUE":
		if path, ok := members["PATH"]; ok {
			return isSecretPatch(path, e)
		}
		return isSecretValue(members)
	case "FIELDS":
		return e.isScalar()
	}
	return in.fields && !slices.Contains(openMembers(), name)
}

// openMembers returns the members of a field that are not secret.
func openMembers() []string {
	return []string{
		"ENTROPY", "GENERATE", "ID", "LABEL", "PASSWORDDETAILS", "PASSWORD_DETAILS", "PURPOSE", "RECIPE", "REFERENCE",
		"SECTION", "TYPE",
	}
}

// isSecretValue reports whether the value of a field is secret. It is not if the type is known to be open and the field
// has no purpose except that of a user name.
func isSecretValue(field map[string]element) bool {
	open := []string{
		"STRING", "EMAIL", "URL", "DATE", "MONTH_YEAR", "MENU", "PHONE", "ADDRESS", "GENDER", "REFERENCE",
	}
	kind, purpose := strings.ToUpper(field["TYPE"].text), strings.ToUpper(field["PURPOSE"].text)
	if purpose == "USERNAME" {
		return kind != "" && !slices.Contains(open, kind)
	}
	return purpose != "" || !slices.Contains(open, kind)
}

// isSecretPatch reports whether the value of a patch operation is secret. The members of an object or a list are
// examined instead, unless the operation is within a field.
func isSecretPatch(path, value element) bool {
	open := []string{
		"TITLE", "TAGS", "FAVORITE", "URLS", "CATEGORY", "SECTIONS", "VAULT", "ID", "VERSION", "STATE",
	}
	segments := strings.Split(strings.TrimPrefix(foldCase(path.text), "/"), "/")
	switch {
	case path.kind != '"':
		return true
	case slices.Contains(open, segments[0]):
		return false
	case len(segments) < 3: // the item, its fields, or one of them
		return value.isScalar()
	}
	open = openMembers()
	return segments[0] != "FIELDS" || !slices.Contains(open, segments[2]) || slices.Contains(segments, "HISTORY")
}

// secretNames matches the names of members that may have secrets, with the quote after them.
var secretNames = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(value|totp|content|history|fields)\\*["']`)
})

// quotesDocument reports whether a text contains a part of a document that may have secrets.
func quotesDocument(text string) bool {
	if !strings.ContainsAny(text, "{[:") || !strings.ContainsAny(text, `"'&`) {
		return false
	}
	names := secretNames()
	plain := unescape(text)
	return names.MatchString(plain) || names.MatchString(html.UnescapeString(plain))
}

// canHaveSecrets reports whether requests or responses of an operation can have values that Connect conceals. "" is an
// unknown operation, which can.
func canHaveSecrets(operation string) bool {
	return !slices.Contains([]string{
		"GetApiActivity", "GetHeartbeat", "GetPrometheusMetrics", "GetServerHealth", "GetVaultById", "GetVaults",
	}, operation)
}

// isKnownText reports whether a body is one that servers send for unknown routes. It is shown although it is not JSON.
func isKnownText(body []byte) bool {
	text := strings.TrimSpace(string(body))
	return text == "404 page not found" || text == "405 method not allowed" || text == "Method Not Allowed"
}
