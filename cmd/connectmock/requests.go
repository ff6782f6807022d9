package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/connectmock/connectmock/mockserver"
	"github.com/spf13/cobra"
)

// logSettings decide what is written to standard error while serving. Neither
// the log nor the lines of requests are ever told a token or a value.
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

// onResponse writes a line for each answer: one to read, or a record of the log
// where that is JSON. The level of the log holds for both.
func (l *logSettings) onResponse(to io.Writer, log *slog.Logger) func(mockserver.ResponseInfo) {
	return func(a mockserver.ResponseInfo) {
		severity := slog.LevelInfo
		if a.Status >= 500 {
			severity = slog.LevelError
		}
		switch {
		case !log.Enabled(context.Background(), severity):
		case l.format.value == "json":
			log.LogAttrs(context.Background(), severity, "request", requestAttributes(a)...)
		default:
			_, _ = io.WriteString(to, requestLine(a, time.Now())) // nobody to tell
		}
	}
}

func requestAttributes(a mockserver.ResponseInfo) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("method", a.Method), slog.String("path", escapePath(a.Path)), slog.Int("status", a.Status),
		slog.Int64("bytes", a.Bytes), slog.Duration("took", a.Took),
	}
	if a.Operation != "" {
		attrs = append(attrs, slog.String("operation", a.Operation))
	}
	if a.Caller != "" {
		attrs = append(attrs, slog.String("token", a.Caller))
	}
	if a.Err != nil {
		attrs = append(attrs, slog.String("error", a.Err.Error()))
	}
	return attrs
}

// requestLine is an answer for people:
//
//	12:04:05 200 GET    /v1/vaults 0.3ms 712B read-write
//	12:04:05 401 GET    /v1/vaults 0.1ms 64B: Invalid bearer token (expired)
func requestLine(a mockserver.ResponseInfo, now time.Time) string {
	text := fmt.Sprintf("%s %d %-6s %s %.1fms %dB", now.Format(time.TimeOnly), a.Status, printable(a.Method),
		escapePath(a.Path), float64(a.Took.Microseconds())/1000, a.Bytes)
	if a.Caller != "" {
		text += " " + printable(a.Caller)
	}
	if a.Err != nil {
		text += ": " + printable(a.Err.Error())
	}
	return text + "\n"
}

// escapePath is a path as it was on the wire, without control characters that
// would make a second line or colour the terminal.
func escapePath(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// printable is a text on one line, control characters escaped.
func printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}
