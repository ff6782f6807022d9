package controlapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/mockserver/control"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// startMock starts a mock with a control API, as connectmock serve does. It returns a
// client of the control API and the address of the Connect API.
func startMock() (client *controlapi.Client, address string, stop func()) {
	mock, err := connecttest.Start()
	if err != nil {
		log.Fatal(err)
	}
	handler, err := control.New(mock.Mock, "control-token-of-the-example", nil)
	if err != nil {
		log.Fatal(err)
	}
	listener := httptest.NewServer(handler)
	client = &controlapi.Client{URL: listener.URL, Token: "control-token-of-the-example"}
	return client, mock.URL, func() {
		listener.Close()
		mock.Close()
	}
}

// A test makes two requests fail, lets a program run, and checks whether the program tried again.
func ExampleClient() {
	ctx := context.Background()
	client, address, stop := startMock()
	defer stop()

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

	// The program runs with the account's token. This one does not try again.
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/v1/vaults", nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+account.Token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	response.Body.Close()

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
	// Output:
	// GetVaults with status 503: expected twice, seen once
	// GetVaults with status 200: expected once, seen never; nearest: #1 GetVaults responded with 503 by main (Service Unavailable), with fault abort
}

// A token expires while the account's clock moves on.
func ExampleClient_SetClock() {
	ctx := context.Background()
	client, _, stop := startMock()
	defer stop()

	token, err := client.IssueToken(ctx, controlapi.Token{Name: "short", ExpiresIn: controlapi.Duration(time.Hour)})
	if err != nil {
		log.Fatal(err)
	}
	advance := controlapi.ClockChange{Advance: controlapi.Duration(2 * time.Hour)}
	clock, err := client.SetClock(ctx, token.Account, advance)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("expired:", clock.Now.After(token.ExpiresAt))
	// Output: expired: true
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
