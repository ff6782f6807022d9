package main

import (
	"log"
	"os"

	"github.com/connectmock/connectmock/mockserver/connecttest"
)

func Example() {
	server, err := connecttest.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	os.Setenv("OP_CONNECT_HOST", server.URL)
	os.Setenv("OP_CONNECT_TOKEN", server.Token)

	main()
	// Output:
	// orders_app logs in to db.orders.example.com
}
