package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi"
)

// TestVersions_BreakOnlyTheListedRules runs all rules against a mock of each version that
// differs from the one before. A rule that fails must be listed by a change of the
// version, and a listed rule must fail.
func TestVersions_BreakOnlyTheListedRules(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the contract against every version")
	}
	t.Parallel()
	for _, version := range distinctVersions() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			results := runVersion(t, version, mockserver.VersionQuirks(version)["key-case"] == "snake")
			var listed []string
			for _, change := range mockserver.VersionChanges() {
				if change.Quirk == "" || !change.Holds(version) {
					continue
				}
				for _, pattern := range change.Breaks {
					listed = append(listed, pattern)
					failed := func(r report.Result) bool { return r.State == report.Fail && isMatch(t, pattern, r.ID) }
					if !slices.ContainsFunc(results, failed) {
						t.Errorf("the change %s lists %s, but no such rule fails", change.Quirk, pattern)
					}
				}
			}
			for _, r := range results {
				isListed := func(pattern string) bool { return isMatch(t, pattern, r.ID) }
				if isPassed(r) || r.State == report.Fail && slices.ContainsFunc(listed, isListed) {
					continue
				}
				t.Errorf("%s %s, which no change of the version lists: %s%s", r.ID, r.State, r.Failure, r.Reason)
			}
		})
	}
}

// The rules fail on snake_case keys. The test above converts them to camelCase, to test
// what else such a version does.
func TestVersions_SnakeCaseKeysBreakTheContract(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the contract against one more version")
	}
	t.Parallel()
	failed := 0
	for _, r := range runVersion(t, "1.5.2", false) {
		switch {
		case r.State == report.Error:
			t.Errorf("%s: %s", r.ID, r.Reason)
		case r.State == report.Fail:
			failed++
		}
	}
	if failed < len(Rules())/4 {
		t.Errorf("only %d of %d rules fail on snake_case keys", failed, len(Rules()))
	}
}

// distinctVersions returns the oldest known version of each set of switches.
func distinctVersions() (list []string) {
	var last map[string]string
	for i, version := range mockserver.KnownVersions() {
		on := mockserver.VersionQuirks(version)
		if i == 0 || !maps.Equal(on, last) {
			list = append(list, version)
		}
		last = on
	}
	return list
}

// runVersion runs all rules against a mock of a version. If camel is set, it converts
// snake_case keys to camelCase and back.
func runVersion(t *testing.T, version string, camel bool) (results []report.Result) {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }
	target := mockTargetWithClock(t, now, connecttest.WithSeed(11), connecttest.WithConnectVersion(version))
	if camel {
		target.Client = &http.Client{Transport: camelKeys{target.Client.Transport}}
	}
	options := Options{Timing: noWaiting(), Now: now}
	if mockserver.VersionQuirks(version)["version-header"] == "absent" {
		options.Document = documentWithoutVersion(t)
	}
	r, err := newRun(target, options)
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range rules() {
		results = append(results, r.runRule(t.Context(), rule))
	}
	return results
}

// documentWithoutVersion returns our document with a version header that is not
// required: otherwise every response of a version without the header would break it,
// which would hide everything else.
func documentWithoutVersion(t *testing.T) *openapi.Document {
	t.Helper()
	const required = "    Version:\n" +
		"      description: Version of the server. The Go SDK refuses files without it.\n      required: true\n"
	text := strings.Replace(string(openapi.ConnectYAML()), required, strings.Replace(required, "true", "false", 1), 1)
	if text == string(openapi.ConnectYAML()) {
		t.Fatal("the document does not describe the version header in the expected way")
	}
	document, _, err := openapi.Load([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// isPassed reports whether a result is a pass, or a skip because the version or a mock
// in the process lacks something.
func isPassed(r report.Result) bool {
	return r.State == report.Pass || r.State == report.Skip
}

// isMatch reports whether a pattern matches the id of a rule.
func isMatch(t *testing.T, pattern, id string) bool {
	t.Helper()
	ok, err := path.Match(pattern, id)
	if err != nil {
		t.Errorf("pattern %q: %v", pattern, err)
	}
	return ok
}

// camelKeys is a transport between a client with camelCase and a server with snake_case.
type camelKeys struct{ base http.RoundTripper }

func (c camelKeys) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	if req.Body != nil && req.Header.Get("Content-Type") != "" {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		for camel, snake := range map[string]string{
			"characterSets": "character_sets", "excludeCharacters": "exclude_characters",
		} {
			body = bytes.ReplaceAll(body, []byte(`"`+camel+`":`), []byte(`"`+snake+`":`))
		}
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	res, err := c.base.RoundTrip(req)
	if err != nil || res.Header.Get("Content-Type") != "application/json" {
		return res, err
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
			words := strings.Split(key, "_")
			for i := 1; key != "content_path" && i < len(words); i++ {
				words[i] = strings.ToUpper(words[i][:1]) + words[i][1:]
			}
			separator := ""
			if key == "content_path" {
				separator = "_"
			}
			renamed[strings.Join(words, separator)] = withCamelKeys(member)
		}
		return renamed
	case []any:
		for i := range v {
			v[i] = withCamelKeys(v[i])
		}
	}
	return document
}
