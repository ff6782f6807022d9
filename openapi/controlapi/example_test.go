package controlapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// A test makes two requests fail, lets a program run, and checks that the program tried again.
func ExampleClient() {
	ctx := context.Background()
	client := &controlapi.Client{URL: "http://127.0.0.1:8081", Token: os.Getenv("CONNECTMOCK_CONTROL_TOKEN")}

	account, err := client.CreateAccount(ctx, controlapi.NewAccount{Name: "retry test"})
	if err != nil {
		log.Fatal(err)
	}
	defer client.DeleteAccount(ctx, account.ID)
	if _, err := client.AddFault(ctx, controlapi.Fault{
		Account: account.ID, Operation: "GetVaults", Times: 2,
		Abort: &controlapi.Abort{Status: http.StatusServiceUnavailable},
	}); err != nil {
		log.Fatal(err)
	}

	// Here the program runs with account.Token as OP_CONNECT_TOKEN.

	two, one := 2, 1
	result, err := client.VerifyJournal(ctx, controlapi.Verification{Account: account.ID, InOrder: true,
		Expect: []controlapi.Expectation{
			{Operation: "GetVaults", Status: "503", Count: &two},
			{Operation: "GetVaults", Status: "200", Count: &one},
		}})
	if err != nil {
		log.Fatal(err)
	}
	for _, problem := range result.Problems {
		fmt.Println(problem)
	}
}

// A token expires while the account's clock moves on.
func ExampleClient_SetClock() {
	ctx := context.Background()
	client := &controlapi.Client{URL: "http://127.0.0.1:8081", Token: os.Getenv("CONNECTMOCK_CONTROL_TOKEN")}

	token, err := client.IssueToken(ctx, controlapi.Token{Name: "short", ExpiresIn: controlapi.Duration(time.Hour)})
	if err != nil {
		log.Fatal(err)
	}
	advance := controlapi.ClockChange{Advance: controlapi.Duration(2 * time.Hour)}
	if _, err := client.SetClock(ctx, token.Account, advance); err != nil {
		log.Fatal(err)
	}
}

// A mock rejects a request with an *Error; other errors are problems of the connection.
func ExampleError() {
	mock := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(controlapi.Header, controlapi.Version)
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"status": 404, "message": "no fault is named \"busy\""}`)
	}))
	defer mock.Close()

	client := &controlapi.Client{URL: mock.URL, Token: "control-token-of-the-example"}
	err := client.RemoveFault(context.Background(), "busy")
	var rejected *controlapi.Error
	if errors.As(err, &rejected) {
		fmt.Println(rejected.Status, rejected.Message)
	}
	// Output: 404 no fault is named "busy"
}

// A fault is the same in Go, in the body of a request and in a scenario.
func ExampleFault() {
	fault := controlapi.Fault{
		Operations: []string{"GetVaultItems"},
		Times:      2,
		Abort:      &controlapi.Abort{Status: http.StatusTooManyRequests},
		Headers:    map[string]string{"Retry-After": "1"},
	}
	text, err := json.Marshal(fault)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
	// Output: {"operations":["GetVaultItems"],"times":2,"abort":{"status":429},"headers":{"Retry-After":"1"}}
}

// CheckNames finds a name that is empty because a variable was.
func ExampleCheckNames() {
	var body any
	if err := json.Unmarshal([]byte(`{"account": "", "preset": "sync-down"}`), &body); err != nil {
		log.Fatal(err)
	}
	fmt.Println(controlapi.CheckNames(body))
	// Output: account is empty; leave it out to go without it
}
