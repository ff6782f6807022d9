// Command connectmock runs a stand-in for the 1Password Connect server and
// looks after its worlds, tokens and documents.
//
// It holds flags, listeners, signals and what people read; how Connect behaves
// is the business of package mockserver, of which this is one caller.
package main

import (
	"context"
	"os"
	_ "time/tzdata" // --quirk date-zone=ZONE means the same on machines without a zone database
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], &streams{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, environ: os.Environ(),
	}))
}
