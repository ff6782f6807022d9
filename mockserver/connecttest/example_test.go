package connecttest_test

import (
	"fmt"
	"log"

	"github.com/1Password/connect-sdk-go/connect"
	"github.com/connectmock/connectmock/mockserver/connecttest"
)

// The official Go SDK against a server of the test's own.
func ExampleStart() {
	server, err := connecttest.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	client := connect.NewClient(server.URL, server.Token)
	vaults, err := client.GetVaults()
	if err != nil {
		log.Fatal(err)
	}
	for _, vault := range vaults {
		fmt.Println(vault.Name)
	}
	// Output:
	// Deployments
	// Office
	// Ada's Own
}

// Without a socket: only the server's own client reaches it.
func ExampleWithoutSocket() {
	server, err := connecttest.Start(connecttest.WithoutSocket())
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	answer, err := server.Client.Get(server.URL + "/v1/vaults")
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	fmt.Println(answer.Status)
	// Output:
	// 200 OK
}
