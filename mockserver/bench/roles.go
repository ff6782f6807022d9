package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/connectmock/connectmock/fixtures"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/labstack/echo/v4"
)

const roleVariable = "CONNECTMOCK_BENCH_ROLE"

// server is one of the two servers, in a process of its own, and what the load
// must know of it.
type server struct {
	Addr    string
	Token   string
	Large   string   // vault with all items
	Small   string   // vault with 100 items
	Items   []string // of Large
	Titles  []string
	History int

	process *exec.Cmd
}

// start runs this program again in a role and waits for its word.
func start(ctx context.Context, role, dir string, set settings) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), roleVariable+"="+role, "BENCH_DIR="+dir, "BENCH_ITEMS="+strconv.Itoa(set.items))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{process: cmd}
	if err := json.NewDecoder(bufio.NewReader(out)).Decode(s); err != nil {
		return nil, fmt.Errorf("%s did not start: %w", role, err)
	}
	return s, nil
}

func (s *server) stop() {
	_ = s.process.Process.Signal(syscall.SIGTERM) // it may have ended already
	_ = s.process.Wait()
}

// play is the other side of start.
func play(role string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	word := server{Addr: listener.Addr().String()}
	handler := http.Handler(bare())
	if role == "mock" {
		mock, err := mocked(&word)
		if err != nil {
			return err
		}
		defer mock.Close()
		handler = mock
	}
	if err := json.NewEncoder(os.Stdout).Encode(word); err != nil {
		return err
	}
	return (&http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}).Serve(listener)
}

// bare is the limit: a stored item, answered as it is.
func bare() *echo.Echo {
	stored := []byte(`{"category":"LOGIN","createdAt":"2025-03-03T08:00:00Z","fields":[{"id":"username","label":"username","purpose":"USERNAME","type":"STRING","value":"admin@example.com"},{"entropy":120.5,"id":"password","label":"password","purpose":"PASSWORD","type":"CONCEALED","value":"correct-horse-battery-staple"},{"id":"notesPlain","label":"notesPlain","purpose":"NOTES","type":"STRING"}],"id":"of33isvlzx5fh2lgbirptjjdml","lastEditedBy":"JJSIQQ4ATFWGFZ67TQODJ3NKYH","title":"Web Shop Admin","updatedAt":"2025-03-03T08:00:00Z","vault":{"id":"h3kvwphsg7jkstbxmdycavun3c","name":"Deployments"},"version":1}`)
	e := echo.New()
	e.GET("/item", func(c echo.Context) error {
		c.Response().Header().Set("Content-Length", strconv.Itoa(len(stored)))
		return c.Blob(http.StatusOK, "application/json", stored)
	})
	return e
}

// mocked is our server with everything on: signed tokens, validation, activity,
// metrics, a file store; the demo world, a vault of 100 items and a large one.
func mocked(word *server) (*mockserver.Server, error) {
	count, err := strconv.Atoi(os.Getenv("BENCH_ITEMS"))
	if err != nil {
		return nil, err
	}
	const history = 100_000
	world := fixtures.Demo()
	large := fixtures.Generate(fixtures.Options{Seed: 1, Vaults: 1, Items: count, Files: -1}).Accounts[0].Vaults[0]
	small := fixtures.Generate(fixtures.Options{Seed: 2, Vaults: 1, Items: 100, Files: -1}).Accounts[0].Vaults[0]
	account := &world.Accounts[0]
	account.History = history
	account.Vaults = append(account.Vaults, large, small)
	for _, it := range large.Items {
		if it.Category == "LOGIN" && len(word.Items) < 4000 {
			word.Items, word.Titles = append(word.Items, it.ID), append(word.Titles, it.Title)
		}
	}
	word.Large, word.Small, word.History = large.ID, small.ID, history
	mock, err := mockserver.New(mockserver.Config{
		Store: filepath.Join(os.Getenv("BENCH_DIR"), "bench.db"), World: world,
	})
	if err != nil {
		return nil, err
	}
	word.Token, err = mock.FirstToken(context.Background())
	return mock, err
}
