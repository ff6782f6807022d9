package report

import (
	"errors"
	"net/http"
	"time"

	"github.com/connectmock/connectmock/internal/coverage"
	"github.com/connectmock/connectmock/internal/exchange"
)

var noon = time.Date(2026, 3, 21, 12, 0, 0, 0, time.UTC)

// sample returns a run that has everything at least once.
func sample() *Run {
	created := &exchange.Exchange{
		Operation: "CreateVaultItem", Method: "POST", URL: "http://127.0.0.1:8080/v1/vaults/vaultaaaaaaaaaaaaaaaaaaaaa/items",
		RequestHeader: http.Header{"Authorization": {"Bearer $OP_CONNECT_TOKEN"}, "Content-Type": {"application/json"}},
		RequestBody:   []byte(`{"title":"It's <b>bold</b>","category":"LOGIN","fields":[{"purpose":"PASSWORD","value":"[redacted]"}]}`), RequestSize: 104,
		Status:         201,
		ResponseHeader: http.Header{"Content-Type": {"application/json"}, "1password-Connect-Version": {"1.8.1"}},
		ResponseBody:   []byte(`{"id":"itemaaaaaaaaaaaaaaaaaaaaaa","version":1}`), ResponseSize: 47,
		Began: noon, Took: 12 * time.Millisecond, Violations: []string{"CreateVaultItem answered 201: the status is not documented"},
	}
	hung := &exchange.Exchange{
		Operation: "GetServerHealth", Method: "GET", URL: "http://127.0.0.1:8080/health", RequestHeader: http.Header{},
		Began: noon, Took: 2 * time.Second, Err: errors.New("no complete response within 2s: context deadline exceeded"),
	}
	return &Run{
		Suite: "contract", Target: "http://127.0.0.1:8080", Version: "1.8.1", Document: "1Password Connect 1.8.1", Seed: 42,
		Began: noon, Took: 8340 * time.Millisecond,
		Results: []Result{
			{ID: "vaults/list", Title: "The list has the vaults the token may see", Tag: "Vaults", Level: "MUST", Evidence: "[D]", State: Pass, Took: 3 * time.Millisecond},
			{
				ID: "items/create-answers-200", Title: "Creating an item answers 200, not 201", Tag: "Items", Level: "MUST", Evidence: "[D] [C] the Go SDK compares exactly",
				State: Fail, Took: 15 * time.Millisecond, Expected: "status 200", Failure: "Expected\n    <int>: 201\nto equal\n    <int>: 200 | `x` ```",
				Exchanges: []*exchange.Exchange{created}, Curl: []string{exchange.Curl(created)},
			},
			{
				ID: "health/answers", Title: "Health answers without a token", Tag: "Health", Level: "MUST", Evidence: "[D]",
				State: Error, Reason: "the server did not answer", Failure: hung.Err.Error(), Took: 2 * time.Second, Exchanges: []*exchange.Exchange{hung}, Curl: []string{exchange.Curl(hung)},
			},
			{ID: "files/content", Title: "A file's content is what was stored", Tag: "Files", Level: "MUST", Evidence: "[T]", State: Skip, Reason: "no item with files is visible to the token"},
			{ID: "files/list", Title: "A document lists its files", Tag: "Files", Level: "MUST", Evidence: "[D]", State: NotRun, Reason: "the run did not end within 10m0s"},
			{ID: "auth/revoked", Title: "A revoked token is refused", Tag: "Auth", Level: "SHOULD", Evidence: "[R]", State: Disabled, Reason: "left out with --skip auth/*"},
			{ID: "items/put-version", Title: "PUT answers the version before", Tag: "Items", Level: "OBSERVED", Evidence: "[T]", State: KnownDeviation, Reason: "old servers | expires 2027-01-01, owner: qa@example.com", Took: time.Millisecond},
			{ID: "filters/case", Title: "Vault filters ignore case", Tag: "Filters", Level: "OBSERVED", Evidence: "[T]", State: UnexpectedPass, Reason: "listed as a known deviation of 1.7, but passes: take it off the list", Took: time.Millisecond},
			{ID: "item-lifecycle", Title: "An item survives create, read and delete", Tag: "Scenarios", State: Partial, Reason: "step throttle needs mock.faults", Took: 40 * time.Millisecond},
		},
		Coverage: []coverage.Row{
			{Operation: "CreateVaultItem", Status: "200", MediaType: "application/json", Reason: "called once, never answered 200"},
			{Operation: "CreateVaultItem", Status: "500", MediaType: "application/json", Excused: true, Reason: "cannot be provoked from outside"},
			{Operation: "DeleteVaultItem", Status: "204", Reason: "never called"},
			{Operation: "GetVaults", Status: "200", MediaType: "application/json", Attempts: 3, Matches: 3},
			{Operation: "CreateVaultItem", Status: "201", MediaType: "application/json", Attempts: 1, Undocumented: true, Reason: "not in the document"},
		},
		Capabilities: []Capability{
			{Name: "write", Have: true, Why: "--allow-writes, and the token may"},
			{Name: "files", Why: "no item with files was found"},
		},
		Warnings: []string{"DeleteVaultItem never answered 2xx"},
		Errors:   []string{"2 items could not be deleted: run sweep"},
	}
}
