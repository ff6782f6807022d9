package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/spf13/cobra"
)

// logSettings are the flags for the log and the lines of requests on standard
// error. Neither contains a token or a value.
type logSettings struct {
	level    level
	format   choice
	requests bool
}

func (l *logSettings) bind(c *cobra.Command) {
	f := c.Flags()
	l.level = level{slog.LevelInfo}
	f.Var(&l.level, "log-level", "what to log: debug, info, warn or error")
	bindServerVariable(f, "log-level", "OP_LOG_LEVEL")
	l.format = choice{value: "text", of: []string{"text", "json"}}
	f.Var(&l.format, "log-format", "how to log: text or json")
	f.BoolVarP(&l.requests, "log-requests", "v", false, "write a line for each request")
}

func (l *logSettings) logger(to io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: l.level.Level}
	if l.format.value == "json" {
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
		case l.format.value == "json":
			log.LogAttrs(context.Background(), severity, "request", requestAttributes(r)...)
		default:
			_, _ = io.WriteString(to, requestLine(r, time.Now())) // nobody can be told about an error
		}
	}
}

func requestAttributes(r mockserver.ResponseInfo) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("method", r.Method), slog.String("path", escapePath(r.Path)), slog.Int("status", r.Status),
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
	text := fmt.Sprintf("%s %d %-6s %s %.1fms %dB", now.Format(time.TimeOnly), r.Status, printable(r.Method),
		escapePath(r.Path), float64(r.Took.Microseconds())/1000, r.Bytes)
	if r.Caller != "" {
		text += " " + printable(r.Caller)
	}
	if r.Err != nil {
		text += ": " + printable(r.Err.Error())
	}
	return text + "\n"
}
