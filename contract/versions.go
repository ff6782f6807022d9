package contract

import (
	"errors"
	"fmt"

	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/openapi"
	"github.com/connectmock/connectmock/openapi/connect"
)

// hasSnakeKeys reports whether a version writes and reads keys in snake_case.
func hasSnakeKeys(version string) bool {
	return version != "" && rule.Exception{From: "1.5.1", Before: "1.5.4"}.Holds(version)
}

// documentOf returns our document as a version of Connect keeps it. An empty version
// is the newest one.
func documentOf(version string) (*openapi.Document, error) {
	if version == "" || connect.CompareVersions(version, "1.3.0") >= 0 {
		return openapi.Connect()
	}
	// Without the header every response would break the document, which hides
	// everything else. The document of openapi.Connect is shared, so this is a copy.
	document, _, err := openapi.Load(openapi.ConnectYAML())
	if err != nil {
		return nil, err
	}
	header := document.OpenAPI.Components.Headers["Version"]
	if header == nil {
		return nil, errors.New("the document does not describe the version header")
	}
	header.Value.Required = false
	return document, nil
}

// versionWarnings returns a warning if the server is not of the version that it is
// held to, or if it breaks rules that its version never promised.
func (r *run) versionWarnings(results []report.Result) []string {
	says, against := r.Server.Version, r.options.AgainstVersion
	switch {
	case says == "" || rule.CheckVersion(says) != nil || says == against:
		return nil
	case against != "":
		return []string{fmt.Sprintf("the server says that it is Connect %s, and was held to what %s promises",
			says, against)}
	}
	older := 0
	for _, x := range results {
		if x.State == report.Fail && (rule.Rule{ID: x.ID}.NotPromised(says) != "" || hasSnakeKeys(says)) {
			older++
		}
	}
	if older == 0 {
		return nil
	}
	return []string{fmt.Sprintf(
		"%d rules fail that Connect %s may not promise; --against-version %s holds it to what it does",
		older, says, says)}
}
