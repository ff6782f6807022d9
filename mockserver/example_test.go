package mockserver_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// A Server is an http.Handler. The zero Config is a server in memory with the demo
// fixture.
func ExampleNew() {
	mock, err := mockserver.New(context.Background(), mockserver.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer mock.Close()
	server := httptest.NewServer(mock)
	defer server.Close()

	response, err := http.Get(server.URL + "/heartbeat")
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	fmt.Println(response.Status)
	// Output:
	// 200 OK
}

// A fault makes requests fail on purpose, here the first request of GetVaults.
func ExampleServer_AddFault() {
	ctx := context.Background()
	mock, err := mockserver.New(ctx, mockserver.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer mock.Close()
	_, err = mock.AddFault(ctx, controlapi.Fault{
		Operation: "GetVaults", Times: 1, Abort: &controlapi.Abort{Status: http.StatusTooManyRequests},
	})
	if err != nil {
		log.Fatal(err)
	}
	token, err := mock.FirstToken(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		request := httptest.NewRequest(http.MethodGet, "/v1/vaults", nil)
		request.Header.Set("Authorization", "Bearer "+token)
		response := httptest.NewRecorder()
		mock.ServeHTTP(response, request)
		fmt.Println(response.Code)
	}
	// Output:
	// 429
	// 200
}
