package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// snakeKeys is a transport to a server that writes and reads keys in snake_case, as
// Connect 1.5.1 to 1.5.3 did [R]. The client has camelCase on both sides, so that the
// rules can check everything else; reports show the keys as the client has them.
type snakeKeys struct{ base http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (s snakeKeys) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	if req.Body != nil && req.Header.Get("Content-Type") != "" {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		// The other keys of bodies are one word.
		for camel, snake := range map[string]string{
			"characterSets": "character_sets", "excludeCharacters": "exclude_characters",
		} {
			body = bytes.ReplaceAll(body, []byte(`"`+camel+`":`), []byte(`"`+snake+`":`))
		}
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	res, err := s.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); media != "application/json" {
		return res, nil
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	var document any
	if json.Unmarshal(body, &document) == nil {
		if body, err = json.Marshal(withCamelKeys(document)); err != nil {
			return nil, err
		}
		res.Header.Set("Content-Length", fmt.Sprint(len(body)))
	}
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return res, nil
}

// withCamelKeys returns a decoded document with camelCase keys, but for
// content_path, which is written so in every version.
func withCamelKeys(document any) any {
	switch v := document.(type) {
	case map[string]any:
		renamed := make(map[string]any, len(v))
		for key, member := range v {
			renamed[camelKey(key)] = withCamelKeys(member)
		}
		return renamed
	case []any:
		for i := range v {
			v[i] = withCamelKeys(v[i])
		}
	}
	return document
}

// camelKey returns a key in camelCase: "createdAt" for "created_at".
func camelKey(key string) string {
	if key == "content_path" {
		return key
	}
	words := strings.Split(key, "_")
	for i, word := range words[1:] {
		if word != "" {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}
