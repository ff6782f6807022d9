package journal

import (
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

type expect = controlapi.Expectation

func n(i int) *int { return &i }

func TestVerify_AcceptsWhatHappened(t *testing.T) {
	t.Parallel()
	j := sample()
	for name, v := range map[string]controlapi.Verification{
		"at least once":      {Expect: []expect{{Operation: "GetVaultItemById"}}},
		"exactly":            {Expect: []expect{{Operation: "GetVaultItemById", Count: n(3)}}},
		"never":              {Expect: []expect{{Operation: "CreateVaultItem", Count: n(0)}}},
		"at most":            {Expect: []expect{{Status: "4xx", Max: n(4)}}},
		"at most, and never": {Expect: []expect{{Status: "5xx", Max: n(4)}}},
		"between":            {Expect: []expect{{Status: "4xx", Min: n(2), Max: n(4)}}},
		"of a fault":         {Expect: []expect{{Fault: "throttle", Count: n(1)}}},
		"of an account":      {Account: "B", Only: true, Expect: []expect{{Status: "200"}}},
		"nothing at all":     {Account: "C", Only: true},
		"after":              {After: 6, Only: true, Expect: []expect{{Operation: "DeleteVaultItem", Count: n(1)}}},
		"order":              {InOrder: true, Expect: []expect{{Operation: "GetVaults"}, {Status: "429"}, {Operation: "DeleteVaultItem"}}},
		"order of the same":  {InOrder: true, Expect: []expect{{Status: "404"}, {Status: "429"}, {Status: "404"}}},
		"order without some": {InOrder: true, Expect: []expect{{Status: "404"}, {Status: "500", Count: n(0)}, {Status: "429"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := j.Verify(v)
			if err != nil || !got.OK || len(got.Problems) > 0 {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestVerify_DescribesWhatWasSeen(t *testing.T) {
	t.Parallel()
	j := sample()
	for name, c := range map[string]struct {
		verification controlapi.Verification
		want         []string
	}{
		"another status": {
			controlapi.Verification{Account: "A", Expect: []expect{{Operation: "GetVaultItemById", Status: "403"}}},
			[]string{"GetVaultItemById with status 403: expected at least once, seen never; nearest: #3 GetVaultItemById responded with 429 by reader, with fault slow, throttle"},
		},
		"another caller": {
			controlapi.Verification{Expect: []expect{{Operation: "GetVaults", Caller: "reader"}}},
			[]string{"GetVaults by reader: expected at least once, seen never; nearest: #4 GetVaultItemById responded with 200 by reader"},
		},
		"a message": {
			controlapi.Verification{After: 1, Expect: []expect{{Operation: "GetVaultItemById", Status: "404", Count: n(2)}}},
			[]string{"GetVaultItemById with status 404: expected twice, seen once; nearest: #5 GET /v1/vault responded with 404"},
		},
		"misspelt": {
			controlapi.Verification{Account: "A", Expect: []expect{{Operation: "DownloadFileById"}}},
			[]string{"DownloadFileById: expected at least once, seen never; nearest: #6 DownloadFileByID without a response by writer, with fault reset after it was done"},
		},
		"too often": {
			controlapi.Verification{Expect: []expect{{Operation: "GetVaultItemById", Count: n(1)}}},
			[]string{"GetVaultItemById: expected once, seen 3 times, the last of them #4 GetVaultItemById responded with 200 by reader"},
		},
		"more than the most": {
			controlapi.Verification{Expect: []expect{{Status: "4xx", Max: n(3)}}},
			[]string{"any request with status 4xx: expected at most 3 times, seen 4 times, the last of them #7 DeleteVaultItem responded with 409 by writer"},
		},
		"fewer than the least": {
			controlapi.Verification{Expect: []expect{{Fault: "throttle", Min: n(2), Max: n(3)}}},
			[]string{"any request with fault throttle: expected 2 to 3 times, seen once; nearest: #7 DeleteVaultItem responded with 409 by writer"},
		},
		"nothing happened": {
			controlapi.Verification{Account: "C", Expect: []expect{{Operation: "GetVaults"}}},
			[]string{"GetVaults: expected at least once, seen never; there was no request"},
		},
		"only": {
			controlapi.Verification{Only: true, Expect: []expect{{Operation: "GetVaultItemById"}}},
			[]string{"only: no other request was expected, seen 4 requests: #1 GetVaults responded with 200 by writer; " +
				"#5 GET /v1/vault responded with 404; #6 DownloadFileByID without a response by writer, with fault reset after it was done; " +
				"#7 DeleteVaultItem responded with 409 by writer"},
		},
		"only, and many": {
			controlapi.Verification{Only: true},
			[]string{"seen 7 requests: #1", "; and 2 more"},
		},
		"order": {
			controlapi.Verification{InOrder: true, Expect: []expect{{Operation: "DeleteVaultItem"}, {Status: "429"}}},
			[]string{"order: DeleteVaultItem was expected before any request with status 429, but its first request is #7 and the other's #3"},
		},
		"order of the same": {
			controlapi.Verification{InOrder: true, Expect: []expect{{Operation: "GetVaults"}, {Status: "429"}, {Operation: "GetVaults"}}},
			[]string{"order: GetVaults was expected again after any request with status 429 (#3) and was not seen after it"},
		},
		"everything at once": {
			controlapi.Verification{InOrder: true, Only: true, Expect: []expect{{Operation: "PatchVaultItem"}, {Operation: "DeleteVaultItem"}, {Operation: "GetVaults"}}},
			[]string{"PatchVaultItem: expected", "order: DeleteVaultItem", "only: no other request"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := j.Verify(c.verification)
			if err != nil || got.OK {
				t.Fatalf("%+v, %v", got, err)
			}
			text := strings.Join(got.Problems, "\n")
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("%s\nlacks %s", text, want)
				}
			}
		})
	}
}

// The text about other requests names five of them and says how many more there are, if there are any.
func TestVerify_NamesFiveOtherRequests(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{5: "; #5 GetVaults responded with 200", 6: "; and 1 more"} {
		j := New(10, nil)
		for range n {
			j.Add(controlapi.Entry{Operation: "GetVaults", Status: 200}, Details{})
		}
		got, err := j.Verify(controlapi.Verification{Only: true})
		if err != nil || len(got.Problems) != 1 || !strings.HasSuffix(got.Problems[0], want) {
			t.Errorf("%d requests: %q, %v; want an end of %q", n, got.Problems, err, want)
		}
	}
}

// A dropped entry may have been an expected one, or one too many.
func TestVerify_IsUncertainAboutDroppedEntries(t *testing.T) {
	t.Parallel()
	j := New(2, nil)
	for _, operation := range []string{"GetVaults", "GetVaultItems", "CreateVaultItem"} {
		j.Add(controlapi.Entry{Account: "A", Operation: operation, Status: 200}, Details{})
	}
	const dropped = "1 request was dropped from the journal"
	for name, c := range map[string]struct {
		verification controlapi.Verification
		want         []string // none: it passes
	}{
		"too few":         {controlapi.Verification{Expect: []expect{{Operation: "GetVaults"}}}, []string{"uncertain: expected at least once, seen never, but " + dropped}},
		"never":           {controlapi.Verification{Expect: []expect{{Operation: "GetVaults", Count: n(0)}}}, []string{"uncertain: seen never, as expected, but " + dropped}},
		"at most":         {controlapi.Verification{Expect: []expect{{Operation: "GetVaultItems", Max: n(1)}}}, []string{"uncertain: seen once"}},
		"order":           {controlapi.Verification{InOrder: true, Expect: []expect{{Operation: "GetVaultItems"}, {Operation: "CreateVaultItem"}}}, []string{"order: uncertain: " + dropped}},
		"only":            {controlapi.Verification{Only: true, Expect: []expect{{Operation: "GetVaultItems"}, {Operation: "CreateVaultItem"}}}, []string{"only: uncertain: " + dropped}},
		"too many":        {controlapi.Verification{Expect: []expect{{Operation: "GetVaultItems", Max: n(0)}}}, []string{"expected never, seen once"}},
		"enough":          {controlapi.Verification{Expect: []expect{{Operation: "GetVaultItems", Min: n(1)}}}, nil},
		"after it":        {controlapi.Verification{After: 1, Expect: []expect{{Operation: "GetVaults", Count: n(0)}}}, nil},
		"another account": {controlapi.Verification{Account: "B", Only: true}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := j.Verify(c.verification)
			if err != nil || got.OK != (c.want == nil) {
				t.Fatalf("%+v, %v", got, err)
			}
			for _, want := range c.want {
				if text := strings.Join(got.Problems, "\n"); !strings.Contains(text, want) {
					t.Errorf("%s\nlacks %s", text, want)
				}
			}
		})
	}
}

func TestVerify_RejectsInvalidVerifications(t *testing.T) {
	t.Parallel()
	j := sample()
	for name, c := range map[string]struct {
		verification controlapi.Verification
		want         string
	}{
		"nothing":        {controlapi.Verification{}, "expect is empty"},
		"status":         {controlapi.Verification{Expect: []expect{{}, {Status: "4x"}}}, `expect[1]: status "4x" is invalid`},
		"negative":       {controlapi.Verification{Expect: []expect{{Min: n(-1)}}}, "expect[0]: min is -1"},
		"exact and most": {controlapi.Verification{Expect: []expect{{Count: n(1), Max: n(2)}}}, "count is exact"},
		"min over max":   {controlapi.Verification{Expect: []expect{{Min: n(3), Max: n(2)}}}, "min is 3 and max only 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := j.Verify(c.verification)
			if message := messageOf(t, err); !strings.Contains(message, c.want) {
				t.Errorf("%s\nlacks %s", message, c.want)
			}
		})
	}
}
