// Command connectmock runs a stand-in for the 1Password Connect server and
// manages its accounts, tokens and documents.
//
// This package has the list of commands. Each group of them is a package whose
// name ends in cmd; what they share is in the other packages beside it. None
// knows how Connect behaves: that is package mockserver.
package main

import (
	"context"
	"os"
	_ "time/tzdata" // for --quirk date-zone=ZONE on machines without a zone database

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	_ "github.com/connectmock/connectmock/internal/startgc" // a mock starts with a quarter less processor time
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], &cli.Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Environ: os.Environ(),
	}))
}
