package connect

// IDLength is the length of every id but those of requests, which are UUIDs [R].
const IDLength = 26

// The two forms of ids, as the document describes them. IsID and IsUserID check the same without a regular expression.
const (
	IDPattern     = `^[a-z0-9]{26}$`
	UserIDPattern = `^[A-Z0-9]{26}$`
)

// IsID reports whether s is the id of a vault, an item, a file or a token: 26 of a-z and 0-9 [R].
func IsID(s string) bool { return isID(s, 'a') }

// IsUserID reports whether s is the id of a user, an account or a server: 26 of A-Z and 0-9 [R].
func IsUserID(s string) bool { return isID(s, 'A') }

// isID reports whether s has the length of an id, of digits and the 26 letters from first on.
func isID(s string, first byte) bool {
	if len(s) != IDLength {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < first || c > first+25) && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
