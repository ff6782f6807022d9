package browsertest

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// make screenshots sets these flags.
var (
	screenshotsOf = flag.String("screenshots-of", "", "connectmock `binary` whose console TestScreenshots takes pictures of")
	screenshotsTo = flag.String("screenshots-to", "", "`folder` that gets them")
)

// picture is a picture of a page.
type picture struct {
	name, path   string
	width, tall  int
	theme        string
	click, ready string // what is clicked first, and the text that the page shows then
	plain        bool   // without faults and with the clock of the machine, from here on
}

// TestScreenshots writes the pictures of the documentation: of the program that people start, with the demo data, some
// requests of an invented shop, and a clock that is always the same.
func TestScreenshots(t *testing.T) {
	if *screenshotsOf == "" {
		t.Skip("only make screenshots writes them")
	}
	p := startProgram(t, *screenshotsOf)
	p.play()
	b := newTab(t)
	b.open(p.Console)
	b.waitHeading("Overview")
	for _, shot := range p.pictures() {
		if shot.plain {
			_, err := p.api.SetClock(t.Context(), "", controlapi.ClockChange{Real: true})
			p.check(errors.Join(err, p.api.ResetFaults(t.Context(), "")))
		}
		b.show(shot.width, shot.tall, shot.theme)
		b.open(p.Control + "/console" + shot.path)
		if shot.click != "" {
			b.click(shot.click)
		}
		b.waitText(cmp.Or(shot.ready, "not made by 1Password"))
		if complaints := b.complaints(); len(complaints) > 0 {
			t.Fatalf("%s: %s", shot.path, complaints)
		}
		b.write(filepath.Join(*screenshotsTo, shot.name+".png"), shot.width, shot.tall)
	}
}

// pictures returns what is taken.
func (p *program) pictures() []picture {
	vault := p.vault("Deployments")
	items := "/vaults/items?vault=" + vault
	item := "/vaults/item?vault=" + vault + "&item=" + p.item(vault, "Orders Database")
	edit := "/vaults/item/edit?vault=" + vault + "&item=" + p.item(vault, "Web Shop Admin")
	office := p.vault("Office")
	login := "/vaults/item?vault=" + office + "&item=" + p.item(office, "Time Tracker")
	refused := fmt.Sprint("/requests/", p.refused())
	return []picture{
		{name: "overview", path: "/", width: desk, tall: 950, theme: "light"},
		{name: "overview-dark", path: "/", width: desk, tall: 950, theme: "dark"},
		{name: "overview-phone", path: "/", width: phone, tall: 1100, theme: "light"},
		{name: "vaults", path: "/vaults", width: desk, tall: 560, theme: "light"},
		{name: "items", path: items, width: desk, tall: 760, theme: "light"},
		{name: "items-phone", path: items, width: phone, tall: 900, theme: "light"},
		{name: "item", path: item, width: desk, tall: 900, theme: "light"},
		{name: "item-code", path: login, width: desk, tall: 900, theme: "light", click: "Show secret values", ready: "s left"},
		{name: "item-edit", path: edit, width: desk, tall: 800, theme: "light"},
		{name: "requests", path: "/requests", width: desk, tall: 800, theme: "light"},
		{name: "requests-dark", path: "/requests", width: desk, tall: 800, theme: "dark"},
		{name: "requests-phone", path: "/requests", width: phone, tall: 900, theme: "dark"},
		{name: "request", path: refused, width: desk, tall: 950, theme: "light"},
		{name: "activity", path: "/activity", width: desk, tall: 640, theme: "light"},
		{name: "faults", path: "/faults", width: desk, tall: 820, theme: "light"},
		{name: "faults-phone", path: "/faults", width: phone, tall: 900, theme: "light"},
		{name: "accounts", path: "/accounts", width: desk, tall: 560, theme: "light"},
		{name: "tokens", path: "/accounts/tokens", width: desk, tall: 600, theme: "light"},
		{name: "snapshots", path: "/snapshots", width: desk, tall: 560, theme: "light"},
		{name: "snapshot-diff", path: "/snapshots/diff?from=before-release", width: desk, tall: 560, theme: "light"},
		{name: "clock", path: "/clock", width: desk, tall: 740, theme: "light"},
		{name: "scenarios", path: "/scenarios", width: desk, tall: 740, theme: "light", click: "Run audit-trail", ready: "passed", plain: true},
		{name: "contract", path: "/contract", width: desk, tall: 800, theme: "light", click: "Run", ready: "Save the report"},
		{name: "help", path: "/help", width: desk, tall: 760, theme: "light"},
	}
}

// program is a running connectmock.
type program struct {
	t                                   *testing.T
	URL, Console, Control, ControlToken string
	Tokens                              map[string]string
	api                                 *controlapi.Client
}

// startProgram starts the binary with a store in memory.
func startProgram(t *testing.T, binary string) *program {
	t.Helper()
	c := exec.Command(binary, "serve", "--json", "--store", "memory:", "--seed", "7", "--addr", "127.0.0.1:8080",
		"--control", "127.0.0.1:8081")
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait()
	})
	p := &program{t: t}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, p)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.api = &controlapi.Client{URL: p.Control, Token: p.ControlToken}
	return p
}

// play sends the requests of ten minutes, by a clock that the test moves, and makes some changes.
func (p *program) play() {
	p.t.Helper()
	ctx, frozen := p.t.Context(), true
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	_, err := p.api.SetClock(ctx, "", controlapi.ClockChange{Set: start, Frozen: &frozen})
	p.check(err)
	vault := p.vault("Deployments")
	database := "/v1/vaults/" + vault + "/items/" + p.item(vault, "Orders Database")
	for i := range 60 {
		for range 3 + (i*7)%5 + 6*(i/40) {
			p.call("GET", database, "read-write", "orders-service/3.2")
		}
		if i%6 == 0 {
			p.call("GET", "/v1/vaults", "read-write", "connect-sdk-go/1.5.3")
			p.call("GET", "/v1/vaults/"+vault+"/items?filter=title+eq+%22Mail+Relay+API%22", "read-only", "connect-sdk-go/1.5.3")
		}
		if i%9 == 4 {
			p.call("GET", "/v1/vaults/"+vault, "expired", "deploy-job/1.0")
		}
		_, err := p.api.SetClock(ctx, "", controlapi.ClockChange{Advance: controlapi.Duration(10 * time.Second)})
		p.check(err)
	}
	_, err = p.api.SaveSnapshot(ctx, controlapi.NewSnapshot{Name: "before-release"})
	p.check(err)
	p.call("GET", "/v1/vaults/"+vault+"/item", "read-write", "curl/8.9.1")
	p.call("DELETE", database, "read-only", "deploy-job/1.0")
	p.call("DELETE", "/v1/vaults/"+vault+"/items/"+p.item(vault, "Build Agent"), "read-write", "deploy-job/1.0")
	_, err = p.api.AddFault(ctx, controlapi.Fault{Preset: "throttled-429", Times: 20})
	p.check(err)
	for range 3 {
		p.call("GET", "/v1/vaults", "read-write", "deploy-job/1.0")
	}
	_, err = p.api.CreateAccount(ctx, controlapi.NewAccount{Name: "pull-request-128"})
	p.check(err)
	running := false
	_, err = p.api.SetClock(ctx, "", controlapi.ClockChange{Frozen: &running})
	p.check(err)
}

// call sends a request with a token by its name.
func (p *program) call(method, path, token, userAgent string) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.URL+path, nil)
	p.check(err)
	r.Header.Set("Authorization", "Bearer "+p.Tokens[token])
	r.Header.Set("User-Agent", userAgent)
	response, err := http.DefaultClient.Do(r)
	p.check(err)
	p.check(response.Body.Close())
}

// refused returns the number of the newest request for an unknown path.
func (p *program) refused() uint64 {
	p.t.Helper()
	journal, err := p.api.Journal(p.t.Context(), controlapi.JournalQuery{Status: "404"})
	if err == nil && len(journal.Entries) == 0 {
		err = fmt.Errorf("no request was refused")
	}
	p.check(err)
	return journal.Entries[len(journal.Entries)-1].ID
}

func (p *program) vault(name string) string {
	p.t.Helper()
	all, err := p.api.Vaults(p.t.Context(), "")
	p.check(err)
	i := slices.IndexFunc(all, func(v controlapi.Vault) bool { return v.Name == name })
	if i < 0 {
		p.t.Fatalf("there is no vault %s", name)
	}
	return all[i].ID
}

func (p *program) item(vault, title string) string {
	p.t.Helper()
	list, err := p.api.Items(p.t.Context(), controlapi.ItemQuery{Vault: vault, Search: title, Limit: 1})
	if err == nil && len(list.Items) == 0 {
		err = fmt.Errorf("there is no item %s", title)
	}
	p.check(err)
	return list.Items[0].ID
}

func (p *program) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// write writes a picture of the page from its top, at most so tall.
func (b *tab) write(file string, width, tall int) {
	b.t.Helper()
	height := min(evaluate[int](b, "document.documentElement.scrollHeight"), tall)
	shot, err := chromedp.Run(b.ctx, func(ctx context.Context, _ *chromedp.Target) ([]byte, error) {
		result, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
			Clip: &page.Viewport{Width: float64(width), Height: float64(height), Scale: 1}, CaptureBeyondViewport: new(true),
		})
		return result.Data, err
	})
	if err == nil {
		shot, err = fewColors(shot)
	}
	if err == nil {
		err = os.WriteFile(file, shot, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// maxColors is the size of a palette: enough for the shades of text and a few accents.
const maxColors = 96

// fewColors returns a picture with the most frequent colours, which is a third as large.
func fewColors(data []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	count := map[color.RGBA]int{}
	bounds := full.Bounds()
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(full.At(x, y)).(color.RGBA) }
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	frequent := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	var palette color.Palette
	for _, c := range frequent[:min(len(frequent), maxColors)] {
		palette = append(palette, c)
	}
	small := image.NewPaletted(bounds, palette)
	nearest := map[color.RGBA]uint8{}
	for c := range count {
		nearest[c] = uint8(palette.Index(c))
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			small.SetColorIndex(x, y, nearest[at(x, y)])
		}
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(&out, small)
	return out.Bytes(), err
}
