package backend

import (
	"context"
	"sync"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/quirks"
	"github.com/connectmock/connectmock/mockserver/internal/store"
)

// images has the newest image of the process: a store in memory as the demo data fills it. A server that starts from
// one takes a third of the time, and tests start hundreds.
var images struct {
	mu     sync.Mutex
	starts int // servers that could start from an image
	data   *store.Image
	quirks quirks.Set // of the server that filled the store
	madeAt time.Time
}

// maxImageAge bounds how old an image is, because the times of the demo data are relative to the start of a server.
const maxImageAge = time.Minute

// seedImage returns the image that the store starts from, nil if it is to be filled.
func (o Options) seedImage() *store.Image {
	if !o.SharesDemo {
		return nil
	}
	images.mu.Lock()
	defer images.mu.Unlock()
	images.starts++
	if images.quirks != o.Quirks || time.Since(images.madeAt) > maxImageAge {
		return nil
	}
	return images.data
}

// keepImage keeps an image of the store, which was just filled, for the next servers. The first server of a process
// keeps none: most processes have no other.
func (b *Backend) keepImage(ctx context.Context) error {
	images.mu.Lock()
	defer images.mu.Unlock()
	if !b.options.SharesDemo || images.starts == 1 {
		return nil
	}
	data, err := b.store.Image(ctx)
	if err == nil {
		images.data, images.quirks, images.madeAt = data, b.options.Quirks, time.Now()
	}
	return err
}

// adoptImage makes a store that started from an image the server's own: it gets another signing key, so that the
// tokens of one server are not valid on another.
func (b *Backend) adoptImage(ctx context.Context) error {
	for _, a := range b.options.Fixture.Accounts {
		for _, t := range a.Tokens {
			b.Mask.add(t.Value)
		}
	}
	return b.store.Update(ctx, b.Tokens.createKey)
}
