package controlapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func TestCheckNames_RejectsEmptyNames(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{}`: "", `{"account":"a","abort":{"status":503,"message":"","body":""},"headers":{"X":""}}`: "",
		`[{"vault":"v"},{"token":"t"}]`: "", `"text"`: "", `null`: "", `{"times":0}`: "",
		`{"account":""}`: "account", `{"vault":null}`: "vault", `[{"token":"t"},{"token":""}]`: "token",
		`{"expect":[{"status":"4xx"},{"status":""}]}`: "status", `{"from":"a","to":""}`: "to",
	} {
		var document any
		if err := json.Unmarshal([]byte(text), &document); err != nil {
			t.Fatal(err)
		}
		err := controlapi.CheckNames(document)
		if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want+" is empty") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
