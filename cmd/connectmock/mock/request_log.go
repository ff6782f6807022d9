package mock

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/cmd/connectmock/cliflag"
	"github.com/connectmock/connectmock/mockserver"
	"github.com/spf13/cobra"
)

// logSettings are the flags for the log and the lines of requests on standard
// error. Neither contains a token or a value.
type logSettings struct {
	level            slog.Level
	asJSON, Requests bool
}

func (l *logSettings) bind(c *cobra.Command) {
	f := c.Flags()
	f.Func("log-level", "the lowest `level` to log: debug, info, warn or error (default info)", l.setLevel)
	cliflag.BindServerVariable(f, "log-level", "OP_LOG_LEVEL")
	f.Func("log-format", "how to log: `text|json` (default text)", l.setFormat)
	f.BoolVarP(&l.Requests, "log-requests", "v", false, "write a line for each request")
}

// setLevel accepts the words of a real server and of slog. "trace" is the same as
// "debug".
func (l *logSettings) setLevel(text string) error {
	known := map[string]slog.Level{
		"trace": slog.LevelDebug, "debug": slog.LevelDebug, "info": slog.LevelInfo,
		"warn": slog.LevelWarn, "warning": slog.LevelWarn, "error": slog.LevelError,
	}
	level, ok := known[strings.ToLower(text)]
	if !ok {
		return fmt.Errorf("%q is not one of debug, info, warn, error", text)
	}
	l.level = level
	return nil
}

func (l *logSettings) setFormat(text string) error {
	if text != "text" && text != "json" {
		return fmt.Errorf("%q is not one of text, json", text)
	}
	l.asJSON = text == "json"
	return nil
}

func (l *logSettings) logger(to io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: l.level}
	if l.asJSON {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

// onResponse returns a function that writes a line for each response, or a record
// of the log if that is JSON. The level of the log applies to both.
func (l *logSettings) onResponse(to io.Writer, log *slog.Logger) func(mockserver.ResponseInfo) {
	return func(r mockserver.ResponseInfo) {
		severity := slog.LevelInfo
		if r.Status >= 500 {
			severity = slog.LevelError
		}
		switch {
		case !log.Enabled(context.Background(), severity):
		case l.asJSON:
			log.LogAttrs(context.Background(), severity, "request", requestAttributes(r)...)
		default:
			_, _ = io.WriteString(to, requestLine(r, time.Now())) // nobody can be told about an error
		}
	}
}

func requestAttributes(r mockserver.ResponseInfo) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("method", r.Method), slog.String("path", cli.EscapePath(r.Path)), slog.Int("status", r.Status),
		slog.Int64("bytes", r.Bytes), slog.Duration("took", r.Took),
	}
	if r.Operation != "" {
		attrs = append(attrs, slog.String("operation", r.Operation))
	}
	if r.Caller != "" {
		attrs = append(attrs, slog.String("token", r.Caller))
	}
	if r.Err != nil {
		attrs = append(attrs, slog.String("error", r.Err.Error()))
	}
	return attrs
}

// requestLine describes a response:
//
//	12:04:05 200 GET    /v1/vaults 0.3ms 712B read-write
//	12:04:05 401 GET    /v1/vaults 0.1ms 64B: Invalid bearer token (expired)
func requestLine(r mockserver.ResponseInfo, now time.Time) string {
	text := fmt.Sprintf("%s %d %-6s %s %.1fms %dB", now.Format(time.TimeOnly), r.Status, cli.Printable(r.Method),
		cli.EscapePath(r.Path), float64(r.Took.Microseconds())/1000, r.Bytes)
	if r.Caller != "" {
		text += " " + cli.Printable(r.Caller)
	}
	if r.Err != nil {
		text += ": " + cli.Printable(r.Err.Error())
	}
	return text + "\n"
}
