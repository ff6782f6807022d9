package backend

import (
	"iter"
	"sync"
)

// produceAhead returns the same sequence. A goroutine produces its values, a few before they are needed. It ends when
// the range over the sequence ends.
func produceAhead[T any](in iter.Seq[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		out, stop := make(chan T, batchesAhead), make(chan struct{})
		var running sync.WaitGroup
		running.Go(func() {
			defer close(out)
			for v := range in {
				select {
				case out <- v:
				case <-stop:
					return
				}
			}
		})
		defer running.Wait()
		defer close(stop)
		for v := range out {
			if !yield(v) {
				return
			}
		}
	}
}

// inBatches returns the values of a sequence in batches of n. Only the last batch may have fewer.
func inBatches[T any](in iter.Seq[T], n int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		var next []T
		for v := range in {
			if next == nil {
				next = make([]T, 0, n)
			}
			if next = append(next, v); len(next) == n {
				if !yield(next) {
					return
				}
				next = nil
			}
		}
		if len(next) > 0 {
			yield(next)
		}
	}
}
