// Command go reads an item with the official Go SDK.
//
//	connectmock exec -- go run .
package main

import (
	"fmt"
	"log"

	"github.com/1Password/connect-sdk-go/connect"
)

func main() {
	client, err := connect.NewClientFromEnvironment() // OP_CONNECT_HOST, OP_CONNECT_TOKEN
	if err != nil {
		log.Fatal(err)
	}
	item, err := client.GetItem("Orders Database", "Deployments")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s logs in to %s\n", item.GetValue("username"), item.GetValue("server"))
}
