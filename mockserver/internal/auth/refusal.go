package auth

// Refusal is why a request is not let in. The client is told the same text for
// all of them [R for bad and expired tokens, G for the rest]; the reason is for
// the log, and never has a part of the header.
type Refusal struct {
	Reason string
	Token  *Token // that was good or will be, by its account's clock; nil: nobody's
}

// Error is the reason in a sentence.
func (r *Refusal) Error() string { return "token refused: " + r.Reason }

// The reasons there are.
const (
	noHeader       = "no header"
	otherScheme    = "other scheme than Bearer"
	empty          = "empty"
	malformed      = "malformed"
	wrongSignature = "wrong signature"
	otherAlgorithm = "other algorithm than ES256"
	otherAudience  = "other audience"
	otherIssuer    = "other issuer"
	otherKeyID     = "other key id"
	otherType      = "other type than JWT"
	extension      = "unsupported header extension"
	expired        = "expired"
	notYetValid    = "not yet valid"
	revoked        = "revoked"
	unknown        = "unknown"
)
