//go:build !linux

package main

import (
	"context"
	"errors"
	"time"
)

// run returns an error: the load generator uses what only Linux has.
func (l load) run(context.Context) (result, error) {
	return result{}, errors.New("the load generator needs Linux 5.11 or later")
}

// processorTime returns 0: it is not known of another process.
func processorTime(int) time.Duration { return 0 }
