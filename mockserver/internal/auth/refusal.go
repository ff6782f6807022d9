package auth

// Refusal is the reason why a token is not valid. Clients get the same text for all
// reasons [R for bad and expired tokens, G for the rest]; the reason is for the
// log, and never contains a part of the header.
type Refusal struct {
	Reason string
	Token  *Token // a token that was or will be valid on its account's clock; nil: unknown
}

// Error returns the reason in a sentence.
func (r *Refusal) Error() string { return "token refused: " + r.Reason }

// The reasons of a Refusal.
const (
	NoHeader       = "no header"
	OtherScheme    = "other scheme than Bearer"
	NoToken        = "empty"
	Malformed      = "malformed"
	WrongSignature = "wrong signature"
	otherAlgorithm = "other algorithm than ES256"
	otherAudience  = "other audience"
	otherIssuer    = "other issuer"
	otherKeyID     = "other key id"
	otherType      = "other type than JWT"
	extension      = "unsupported header extension"
	Expired        = "expired"
	NotYetValid    = "not yet valid"
	Revoked        = "revoked"
	Unknown        = "unknown"
)
