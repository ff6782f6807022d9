// Package browsertest opens the console in Chromium, as a person does: what its handlers send is tested beside them.
//
// All tests share one browser, and each has a context of its own in it, with its own cookies. Without a Chromium they
// are skipped.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long a condition may take: a machine with much else to do is slow, and only a failing test waits.
const patience = 2 * time.Minute

// foreignHost is a name that the browser resolves to this machine, as an attacker's name server would.
const foreignHost = "rebound.example"

// browser is the one browser, started by the first test that needs it.
var browser = sync.OnceValues(startBrowser)

// stopBrowser ends the browser and removes its files.
var stopBrowser = func() {}

func TestMain(m *testing.M) {
	code := m.Run()
	stopBrowser()
	os.Exit(code)
}

// errNoBrowser is returned where none is installed.
var errNoBrowser = errors.New("no Chromium is installed: none of chromium, chromium-browser, google-chrome is in PATH")

// findBrowser returns the program of the browser.
func findBrowser() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoBrowser
}

// startBrowser starts the browser.
func startBrowser() (context.Context, error) {
	path, err := findBrowser()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.WindowSize(1200, 800), chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("no-proxy-server", true), chromedp.Flag("force-device-scale-factor", "1"),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("in-process-gpu", true),
		chromedp.Flag("host-resolver-rules", "MAP "+foreignHost+" 127.0.0.1"),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium has none for root
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(allocator)
	stopBrowser = func() { stop(); stopAllocator() }
	if err := chromedp.Do(ctx); err != nil {
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return ctx, nil
}

// newBrowserContext returns a context of the browser with cookies of its own. It ends with the test.
func newBrowserContext(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	parent, err := browser()
	if errors.Is(err, errNoBrowser) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	return ctx
}
