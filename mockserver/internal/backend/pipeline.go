package backend

import (
	"iter"
	"sync"
)

// ahead is the same sequence, made by a goroutine of its own a few values ahead
// of who ranges over it. The goroutine has ended when the range has.
func produceAhead[T any](in iter.Seq[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		out, gone := make(chan T, batchesAhead), make(chan struct{})
		var running sync.WaitGroup
		running.Go(func() {
			defer close(out)
			for v := range in {
				select {
				case out <- v:
				case <-gone:
					return
				}
			}
		})
		defer running.Wait()
		defer close(gone)
		for v := range out {
			if !yield(v) {
				return
			}
		}
	}
}

// inBatches is a sequence in pieces of n; only the last may be shorter.
func inBatches[T any](in iter.Seq[T], n int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		var piece []T
		for v := range in {
			if piece == nil {
				piece = make([]T, 0, n)
			}
			if piece = append(piece, v); len(piece) == n {
				if !yield(piece) {
					return
				}
				piece = nil
			}
		}
		if len(piece) > 0 {
			yield(piece)
		}
	}
}
