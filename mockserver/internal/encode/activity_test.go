package encode

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

func TestActivity_EndsPagesThatAreTooLarge(t *testing.T) {
	t.Parallel()
	const records = 10_000
	agent := strings.Repeat("\x7f<", 120) // each < takes six bytes in JSON
	page := make([]connect.Activity, records)
	for i := range page {
		page[i] = connect.Activity{Action: "READ", Result: "SUCCESS", Actor: connect.Actor{UserAgent: agent}}
	}
	var e Encoder
	body, n := e.Activity(page)
	var read []connect.Activity
	err := json.Unmarshal(body, &read)
	if err != nil || len(read) != n || n == 0 || n == records || len(body) > MaxPageBytes+4096 {
		t.Errorf("%v: %d records of %d, %d bytes", err, len(read), n, len(body))
	}
	if whole, n := e.Activity(page[:3]); n != 3 || !json.Valid(whole) {
		t.Errorf("%d records, %.100s", n, whole)
	}
}
