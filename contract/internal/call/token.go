package call

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// ReadJWT returns the header and the claims of a JWT.
func ReadJWT(token string) (head, claims map[string]any, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, nil, false
	}
	for i, into := range []*map[string]any{&head, &claims} {
		data, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(data, into) != nil {
			return nil, nil, false
		}
	}
	return head, claims, true
}
