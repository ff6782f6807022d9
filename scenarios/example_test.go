package scenarios_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing/fstest"

	"github.com/connectmock/connectmock/scenarios"
)

func ExampleLoad() {
	files := fstest.MapFS{"vaults.yaml": {Data: []byte(`scenario: 1
id: vaults
title: A token sees its vaults
steps:
  - {call: GetVault, expect: {status: 200}}
`)}}
	_, err := scenarios.Load(files, "vaults.yaml")
	fmt.Println(err)
	// Output:
	// vaults.yaml:5:12: unknown operation "GetVault" (did you mean "GetVaults"?)
	//     5 |   - {call: GetVault
	//                    ^
}

func ExampleRun() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("1Password-Connect-Version", "1.8.1")
		fmt.Fprint(w, `[]`)
	}))
	defer server.Close()

	files := fstest.MapFS{"vaults.yaml": {Data: []byte(`scenario: 1
id: vaults
title: A token sees its vaults
steps:
  - {id: list, call: GetVaults, expect: {status: 200, json: []}}
`)}}
	s, err := scenarios.Load(files, "vaults.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	target := scenarios.Target{Name: "an empty server", URL: server.URL, Token: "a-token-of-the-example"}
	run, err := scenarios.Run(context.Background(), target, []*scenarios.Scenario{s}, scenarios.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range run.Results {
		fmt.Println(r.ID, r.State, r.Failure)
	}
	// Output: vaults pass
}
