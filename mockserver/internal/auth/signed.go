package auth

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"time"
)

// signedClaims are the claims of a signed token that the server uses.
type signedClaims struct {
	id        string
	notBefore time.Time // zero: not set
	expiresAt time.Time // zero: not set
}

// members are the members of a JSON object by their exact names. JWTs compare
// names with regard to case (RFC 7519, section 10.1.1) [D].
type members map[string]json.RawMessage

// UnmarshalJSON decodes an object, and refuses one that has a member twice, as
// RFC 7515 (section 4) and RFC 7519 (section 4) allow [D]: two readers of the
// same token must not see different values.
func (m *members) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return errors.New("auth: not a JSON object")
	}
	*m = members{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string) // always a string in an object
		if _, twice := (*m)[name]; twice {
			return errors.New("auth: a member occurs twice")
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		(*m)[name] = value
	}
	_, err := d.Token()
	return err
}

// text returns a member that must be a string, "" if it is missing. It returns
// false for a member of another type.
func (m members) text(name string) (string, bool) {
	raw, ok := m[name]
	if !ok {
		return "", true
	}
	var value *string
	if json.Unmarshal(raw, &value) != nil || value == nil {
		return "", false
	}
	return *value, true
}

// maxSeconds is the last second of the year 9999. Later times cannot be written in
// RFC 3339, and calculations with them overflow.
const maxSeconds = 253402300799

// time returns a member that must be a number of seconds since 1970, the zero time
// if it is missing. It returns false for any other member.
func (m members) time(name string) (time.Time, bool) {
	raw, ok := m[name]
	if !ok {
		return time.Time{}, true
	}
	var seconds *float64
	if json.Unmarshal(raw, &seconds) != nil || seconds == nil || *seconds < 0 || *seconds > maxSeconds {
		return time.Time{}, false
	}
	whole, part := math.Modf(*seconds)
	return time.Unix(int64(whole), int64(part*1e9)), true
}

// audiences returns "aud": a string or a list of strings (RFC 7519, section
// 4.1.3) [D].
func (m members) audiences() ([]string, bool) {
	if one, ok := m.text("aud"); ok && one != "" {
		return []string{one}, true
	}
	var list []*string
	if json.Unmarshal(m["aud"], &list) != nil || len(list) == 0 || slices.Contains(list, nil) {
		return nil, false
	}
	texts := make([]string, len(list))
	for i, text := range list {
		texts[i] = *text
	}
	return texts, true
}

// checkHeader checks the members of a header other than the algorithm, which was
// checked with the signature.
func (k *Key) checkHeader(raw string) *Refusal {
	first, _, _ := strings.Cut(raw, ".")
	data, err := base64.RawURLEncoding.DecodeString(first)
	var header members
	if err != nil || json.Unmarshal(data, &header) != nil {
		return &Refusal{Reason: Malformed}
	}
	for _, name := range []string{"crit", "b64"} {
		// An unknown critical extension makes the token invalid (RFC 7515, section
		// 4.1.11); b64 changes what was signed (RFC 7797) [D].
		if _, ok := header[name]; ok {
			return &Refusal{Reason: extension}
		}
	}
	id, isText := header.text("kid")
	kind, isTextToo := header.text("typ")
	switch {
	case !isText || !isTextToo:
		return &Refusal{Reason: Malformed}
	case header["kid"] != nil && id != k.id: // real tokens without a kid are known [R]
		return &Refusal{Reason: otherKeyID}
	case header["typ"] != nil && !strings.EqualFold(kind, "JWT"):
		return &Refusal{Reason: otherType}
	}
	return nil
}

// checkClaims returns the claims of a token whose signature is valid. Each claim of
// RFC 7519 must have its type, whether the server uses it or not [G].
func checkClaims(all members) (c signedClaims, _ *Refusal) {
	audiences, aud := all.audiences()
	tokenIssuer, iss := all.text("iss")
	_, sub := all.text("sub")
	_, iat := all.time("iat")
	var jti, nbf, exp bool
	c.id, jti = all.text("jti")
	c.notBefore, nbf = all.time("nbf")
	c.expiresAt, exp = all.time("exp")
	switch {
	case !aud || !iss || !sub || !iat || !jti || !nbf || !exp || c.id == "" || tokenIssuer == "":
		return c, &Refusal{Reason: Malformed}
	case !slices.Contains(audiences, audience):
		return c, &Refusal{Reason: otherAudience}
	case tokenIssuer != issuer:
		return c, &Refusal{Reason: otherIssuer}
	}
	return c, nil
}
