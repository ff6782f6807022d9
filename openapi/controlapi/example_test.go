package controlapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// A mock rejects a request with an *Error; other errors are problems of the connection.
func ExampleClient() {
	mock := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(controlapi.Header, "1")
		w.Header().Set("Content-Type", "application/json")
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
