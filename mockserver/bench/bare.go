package main

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

// The command starts itself again with these variables: the role of the new process, and the file that the bare handler
// serves.
const (
	roleVariable = "CONNECTMOCK_BENCH_ROLE"
	fileVariable = "CONNECTMOCK_BENCH_FILE"
)

// runRole runs a process that startBare or measureTests has started.
func runRole(role string) error {
	if role == "tests" {
		return startServers()
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(server{Addr: listener.Addr().String()}); err != nil {
		return err
	}
	return (&http.Server{Handler: bareHandler(), ReadHeaderTimeout: time.Minute}).Serve(listener)
}

// bareHandler returns the handler that the mock is compared with: it sends a stored item unchanged, and a file as
// net/http serves it.
func bareHandler() *echo.Echo {
	stored := []byte(`{"category":"LOGIN","createdAt":"2025-03-03T08:00:00Z","fields":[{"id":"username","label":"username","purpose":"USERNAME","type":"STRING","value":"admin@example.com"},{"entropy":120.5,"id":"password","label":"password","purpose":"PASSWORD","type":"CONCEALED","value":"correct-horse-battery-staple"},{"id":"notesPlain","label":"notesPlain","purpose":"NOTES","type":"STRING"}],"id":"of33isvlzx5fh2lgbirptjjdml","lastEditedBy":"JJSIQQ4ATFWGFZ67TQODJ3NKYH","title":"Web Shop Admin","updatedAt":"2025-03-03T08:00:00Z","vault":{"id":"h3kvwphsg7jkstbxmdycavun3c","name":"Deployments"},"version":1}`)
	e := echo.New()
	e.GET("/item", func(c echo.Context) error {
		c.Response().Header().Set("Content-Length", strconv.Itoa(len(stored)))
		return c.Blob(http.StatusOK, "application/json", stored)
	})
	e.GET("/file", func(c echo.Context) error {
		file, err := os.Open(os.Getenv(fileVariable))
		if err != nil {
			return err
		}
		defer file.Close()
		c.Response().Header().Set("Content-Type", "application/octet-stream")
		http.ServeContent(c.Response(), c.Request(), "", time.Time{}, file)
		return nil
	})
	return e
}

// bareItem requests the item of the bare handler with the token that the mock gets: reading a header is no cost of the
// mock.
func bareItem(token string) requests { return same(get("/item", token)) }
