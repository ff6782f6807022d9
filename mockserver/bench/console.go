package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"golang.org/x/sync/errgroup"
)

// The sizes of what the pages of the console are measured with, besides the large vault and the activity log of the
// main dataset.
const (
	consoleEntries  = 100_000 // in the journal, the oldest of them refused
	consoleRefused  = 8
	consoleAccounts = 1000 // besides the first
	consoleLoads    = 9    // of each page
)

// consolePage is a page of the console: its path below /console.
type consolePage struct{ name, path string }

// measureConsole measures how long the server takes for each page of its console.
func measureConsole(ctx context.Context, r *run) error {
	d, err := r.mainDataset(ctx)
	if err != nil {
		return err
	}
	store, err := r.copyStore(d.file)
	if err != nil {
		return err
	}
	mock, err := r.startMock(ctx, store, "--token", "bench="+plainToken, "--journal-size", fmt.Sprint(consoleEntries))
	if err != nil {
		return err
	}
	defer mock.stop()
	if err := mock.fillForConsole(ctx, d); err != nil {
		return err
	}
	b := &consoleBrowser{base: mock.control + "/console"}
	b.http.Jar, _ = cookiejar.New(nil) // never fails
	if _, _, err := b.load(ctx, mock.console); err != nil {
		return err
	}
	t := r.table("console", "page", "first", "median", "slowest", "size", "target")
	for _, p := range mock.consolePages(d) {
		var took []time.Duration
		var size int64
		for range consoleLoads {
			one, bytes, err := b.load(ctx, b.base+p.path)
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			took, size = append(took, one), bytes
		}
		first, slowest := took[0], slices.Max(took)
		t.add(p.name, short(first), short(median(took)), short(slowest), fmt.Sprintf("%.1f KiB", float64(size)/1024),
			atMost(0.1, "100 ms").verdict(slowest.Seconds()))
	}
	return nil
}

// consolePages returns the pages that depend on how much there is, and those of the navigation.
func (s *server) consolePages(d *dataset) []consolePage {
	vault := "?vault=" + d.vaultID()
	item := vault + "&item=" + d.ids[len(d.ids)/2]
	return []consolePage{
		{"overview", "/"}, {"vaults", "/vaults"}, {"items, newest", "/vaults/items" + vault},
		{"items, the last", "/vaults/items" + vault + "&offset=9950"},
		{"items, a search that finds none", "/vaults/items" + vault + "&search=none-of-them"},
		{"an item", "/vaults/item" + item}, {"edit an item", "/vaults/item/edit" + item},
		{"requests, newest", "/requests"}, {"requests, oldest", fmt.Sprint("/requests?offset=", consoleEntries-50)},
		{"requests, refused", "/requests?status=4xx"}, {"a request", "/requests/1"},
		{"activity, newest", "/activity"}, {"activity, oldest", fmt.Sprint("/activity?offset=", historySize)},
		{"faults", "/faults"}, {"accounts", "/accounts"}, {"accounts, the last", fmt.Sprint("/accounts?offset=", consoleAccounts-50)},
		{"accounts, a search", "/accounts?search=bench-account-77"}, {"tokens", "/accounts/tokens"},
		{"snapshots", "/snapshots"}, {"what changed since a snapshot", "/snapshots/diff?from=before"},
		{"clock", "/clock"}, {"scenarios", "/scenarios"}, {"contract", "/contract"}, {"rules", "/contract/rules"}, {"help", "/help"},
	}
}

// fillForConsole fills the journal, and adds the accounts and a snapshot.
func (s *server) fillForConsole(ctx context.Context, d *dataset) error {
	for range consoleRefused {
		if _, err := fetch(ctx, s.Addr, get("/v1/vaults", "unknown")); err == nil {
			return errors.New("a request with an unknown token was not refused")
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	for range connections {
		group.Go(func() error {
			c, err := dial(ctx, s.Addr)
			if err != nil {
				return err
			}
			defer c.conn.Close()
			for n := range (consoleEntries - consoleRefused) / connections {
				if err := c.send(get(d.items+"/"+d.ids[n%len(d.ids)], d.token), time.Now()); err != nil {
					return err
				}
			}
			return nil
		})
	}
	api := &controlapi.Client{URL: s.control, Token: s.controlToken}
	group.Go(func() error {
		if _, err := api.SaveSnapshot(ctx, controlapi.NewSnapshot{Name: "before"}); err != nil {
			return err
		}
		for n := range consoleAccounts {
			if _, err := api.CreateAccount(ctx, controlapi.NewAccount{Name: fmt.Sprint("bench-account-", n)}); err != nil {
				return err
			}
		}
		return nil
	})
	return group.Wait()
}

// consoleBrowser loads pages as a browser does that has opened the console.
type consoleBrowser struct {
	base string
	http http.Client
}

// load loads a page, and returns how long that took and how large it is.
func (b *consoleBrowser) load(ctx context.Context, address string) (took time.Duration, size int64, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, 0, err
	}
	start := time.Now()
	response, err := b.http.Do(r)
	if err != nil {
		return 0, 0, err
	}
	size, err = io.Copy(io.Discard, response.Body)
	took = time.Since(start)
	err = errors.Join(err, response.Body.Close())
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(response.Status)
	}
	return took, size, err
}
