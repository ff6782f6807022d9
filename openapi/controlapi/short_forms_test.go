package controlapi_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"github.com/google/go-cmp/cmp"
)

func TestParseExpectation_ParsesStatusAndCount(t *testing.T) {
	t.Parallel()
	two, three := 2, 3
	for text, want := range map[string]controlapi.Expectation{
		"GetVaults":          {Operation: "GetVaults"},
		"*=2":                {Count: &two},
		"GetVaults:4xx=2..3": {Operation: "GetVaults", Status: "4xx", Min: &two, Max: &three},
		"GetVaults=2..":      {Operation: "GetVaults", Min: &two},
		"GetVaults=..3":      {Operation: "GetVaults", Max: &three},
	} {
		got, err := controlapi.ParseExpectation(text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", text, err, diff)
		}
	}
	for _, text := range []string{"", "=2", ":404", "GetVaults=", "GetVaults=x", "GetVaults=-1", "GetVaults=1..x"} {
		if e, err := controlapi.ParseExpectation(text); err == nil {
			t.Errorf("%q is parsed as %+v", text, e)
		}
	}
}

func TestUnmarshal_AcceptsShortForms(t *testing.T) {
	t.Parallel()
	two := 2
	second := controlapi.Duration(time.Second)
	for text, want := range map[string]any{
		`{"delay": "1s"}`:            controlapi.Fault{Delay: &controlapi.Delay{Fixed: second}},
		`{"delay": {"fixed": "1s"}}`: controlapi.Fault{Delay: &controlapi.Delay{Fixed: second}},
		`{"delay": "0s..1s"}`:        controlapi.Fault{Delay: &controlapi.Delay{Uniform: &controlapi.Uniform{Max: second}}},
		`{"delay": "1s~0.5"}`: controlapi.Fault{
			Delay: &controlapi.Delay{LogNormal: &controlapi.LogNormal{Median: second, Sigma: 0.5}},
		},
		`{"drip": "16/1s"}`:               controlapi.Fault{Drip: &controlapi.Drip{Bytes: 16, Every: second}},
		`{"drip": {"every": "1s"}}`:       controlapi.Fault{Drip: &controlapi.Drip{Every: second}},
		`{"expect": ["GetVaults:200=2"]}`: expectation("GetVaults", "200", &two),
		`{"expect": [{"operation": "GetVaults", "status": 200, "count": 2}]}`: expectation("GetVaults", "200", &two),
		`{"expect": [{"status": "4xx"}]}`:                                     expectation("", "4xx", nil),
		`{"expect": [{"operation": "GetVaults"}]}`:                            expectation("GetVaults", "", nil),
	} {
		got, err := unmarshalLike(want, text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", text, err, diff)
		}
	}
	for text, want := range map[string]string{
		`{"delay": "soon"}`:              `"soon" is not a delay`,
		`{"drip": "16"}`:                 `"16" is not a number of bytes and a time between them`,
		`{"expect": [":200"]}`:           `":200" names no operation`,
		`{"expect": [{"statsu": 200}]}`:  `unknown field "statsu"`,
		`{"expect": [{"status": true}]}`: "cannot unmarshal",
		`{"delay": {"fxied": "1s"}}`:     `unknown field "fxied"`,
	} {
		_, err := unmarshalLike(controlapi.Fault{}, text)
		if strings.Contains(text, "expect") {
			_, err = unmarshalLike(controlapi.Verification{}, text)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func expectation(operation, status string, count *int) controlapi.Verification {
	return controlapi.Verification{
		Expect: []controlapi.Expectation{{Operation: operation, Status: status, Count: count}},
	}
}

// unmarshalLike decodes a text into a new value of the type of like.
func unmarshalLike(like any, text string) (any, error) {
	if _, ok := like.(controlapi.Fault); ok {
		var f controlapi.Fault
		err := json.Unmarshal([]byte(text), &f)
		return f, err
	}
	var v controlapi.Verification
	err := json.Unmarshal([]byte(text), &v)
	return v, err
}
