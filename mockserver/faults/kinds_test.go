package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
	"pgregory.net/rapid"
)

func TestAdd_RefusesInvalidFaults(t *testing.T) {
	t.Parallel()
	text := "x"
	delay := func(d controlapi.Delay) controlapi.Fault { return controlapi.Fault{Delay: &d} }
	abort := func(a controlapi.Abort) controlapi.Fault { return controlapi.Fault{Abort: &a} }
	one := int64(1)
	for want, f := range map[string]controlapi.Fault{
		"preset: the fault does nothing: give a preset (first-request-401,":            {Operation: "GetVaults"},
		`operations: "GetVault" is unknown; did you mean "GetVaults"?`:                 {Operation: "GetVault", MalformJSON: true},
		`operations: "getvaultitems" is unknown; did you mean "GetVault`:               {Operations: []string{"GetVaults", "getvaultitems"}, MalformJSON: true},
		`preset: "readonly" is unknown; did you mean "read-only"?`:                     {Preset: "readonly"},
		`preset: "xyz" is unknown; there are: first-request-401, write-visibility-lag`: {Preset: "xyz"},
		"nth: must not be negative":                                                    {Nth: -1, MalformJSON: true},
		"after: must not be negative":                                                  {After: -1, MalformJSON: true},
		"times: must not be negative":                                                  {Times: -1, MalformJSON: true},
		"nth: applies to one request; for 2 from request 3 on give after: 2":           {Nth: 3, Times: 2, MalformJSON: true},
		"nth: request 3 is one of the first 5, which after skips":                      {Nth: 3, After: 5, MalformJSON: true},
		"percentage: must be from 0 to 100":                                            {Percentage: 101, MalformJSON: true},
		"percentage: must be from 0":                                                   {Percentage: math.NaN(), MalformJSON: true},
		`per: "vault" is unknown; use "token"`:                                         {Per: "vault", MalformJSON: true},
		"name: must not have a slash":                                                  {Name: "a/b", MalformJSON: true},
		"name: must not be longer":                                                     {Name: strings.Repeat("a", 101), MalformJSON: true},
		`name: must not be "."`:                                                        {Name: "..", MalformJSON: true},
		"delay: needs exactly one of":                                                  delay(controlapi.Delay{}),
		"delay: needs exactly one":                                                     delay(controlapi.Delay{Fixed: 1, Uniform: &controlapi.Uniform{Max: 1}}),
		"delay.fixed: must not be negative":                                            delay(controlapi.Delay{Fixed: -1}),
		"delay: must not be longer than 1h":                                            delay(controlapi.Delay{Fixed: controlapi.Duration(2 * time.Hour)}),
		"delay.uniform: min must not be negative":                                      delay(controlapi.Delay{Uniform: &controlapi.Uniform{Min: 2, Max: 1}}),
		"delay.logNormal.median: must be more than 0":                                  delay(controlapi.Delay{LogNormal: &controlapi.LogNormal{Sigma: 1}}),
		"delay.logNormal.sigma: must be":                                               delay(controlapi.Delay{LogNormal: &controlapi.LogNormal{Median: 1, Sigma: math.NaN()}}),
		"abort.status: must be a status that ends":                                     abort(controlapi.Abort{Status: 103}),
		"abort.status: must be a status":                                               abort(controlapi.Abort{}),
		"abort: with a body the message is not sent":                                   abort(controlapi.Abort{Status: 400, Body: &text, Message: "m"}),
		"abort.body: a response with status 204 has no body":                           abort(controlapi.Abort{Status: 204, Body: &text}),
		`headers: "a b" can't be the name`:                                             {Headers: map[string]string{"a b": ""}},
		"headers.A: must be one line":                                                  {Headers: map[string]string{"A": "x\r\ny"}},
		`headers: "A" and "a" are the same header`:                                     {Headers: map[string]string{"A": "", "a": ""}},
		"headers.Content-Length: is set from the body":                                 {Headers: map[string]string{"Content-Length": "7"}},
		"headers.content-type: is given by contentType too":                            {Headers: map[string]string{"content-type": "a"}, ContentType: "b"},
		`dropHeaders: "" can't be the name`:                                            {DropHeaders: []string{""}},
		`dropHeaders: "transfer-encoding" can't be dropped`:                            {DropHeaders: []string{"transfer-encoding"}},
		"contentType: must be one line":                                                {ContentType: "a\nb"},
		`connection: "rest" is unknown; did you mean "reset"?`:                         {Connection: "rest"},
		"truncate: a response that is not sent can't":                                  {Connection: "empty", Truncate: &one},
		"drip.every: must be more than 0":                                              {Drip: &controlapi.Drip{}},
		"drip.bytes: must not be negative":                                             {Drip: &controlapi.Drip{Bytes: -1, Every: 1}},
		"drip.every: must not be longer":                                               {Drip: &controlapi.Drip{Every: controlapi.Duration(2 * time.Hour)}},
		"lag: must not be negative":                                                    {Lag: -1},
		"operations: a lag delays only writes: leave operations out or name some":      {Lag: 1, Operation: "GetVaults"},
		`sync: "up" is unknown; use "down"`:                                            {Sync: "up"},
		`phase: "aftre" is unknown; did you mean "after"?`:                             {Phase: "aftre", Connection: "reset"},
		`phase: "after" needs one of delay, abort, connection; other members have no`:  {Phase: "after", Headers: map[string]string{"A": "b"}, MalformJSON: true, Truncate: &one, Lag: 1},
		"phase: with sync writes fail before they are done":                            {Phase: "after", Sync: "down", Connection: "reset"},
		"phase: with sync writes":                                                      {Phase: "after", Preset: "sync-down"},
		`phase: "after" needs`:                                                         {Phase: "after", Preset: "missing-version-header"},
		"truncate: a connection that is closed before the request is handled":          {Phase: "before", Connection: "reset", Truncate: &one},
	} {
		_, err := New(operations()).Add(f)
		wantError(t, err, 400, want)
	}
}

func TestDelay_FollowsItsDistribution(t *testing.T) {
	t.Parallel()
	ms := func(n int) controlapi.Duration { return controlapi.Duration(time.Duration(n) * time.Millisecond) }
	delays := func(d controlapi.Delay, seed uint64) (all []time.Duration) {
		s := set(t, controlapi.Fault{Delay: &d, Seed: seed})
		for range 2000 {
			all = append(all, s.Effects(get("A", "t")).Before.Delay)
		}
		return all
	}
	for name, d := range map[string]controlapi.Delay{
		"fixed":      {Fixed: ms(10)},
		"uniform":    {Uniform: &controlapi.Uniform{Min: ms(5), Max: ms(15)}},
		"log-normal": {LogNormal: &controlapi.LogNormal{Median: ms(10), Sigma: 0.5}},
	} {
		all := delays(d, 3)
		if !slices.Equal(all, delays(d, 3)) {
			t.Errorf("%s: the same seed gives other delays", name)
		}
		if name != "fixed" && slices.Equal(all, delays(d, 4)) {
			t.Errorf("%s: another seed gives the same delays", name)
		}
		slices.Sort(all)
		if median := all[len(all)/2]; median < 9*time.Millisecond || median > 11*time.Millisecond {
			t.Errorf("%s: the median is %v", name, median)
		}
		shortest, longest := all[0], all[len(all)-1]
		switch name {
		case "uniform":
			if shortest < 5*time.Millisecond || longest > 15*time.Millisecond || longest-shortest < 9*time.Millisecond {
				t.Errorf("uniform: from %v to %v", shortest, longest)
			}
		case "log-normal": // a standard deviation above the median is a factor of e^0.5
			if above := all[len(all)*84/100]; shortest <= 0 || above < 15*time.Millisecond || above > 18*time.Millisecond {
				t.Errorf("log-normal: from %v, 84 %% are below %v", shortest, above)
			}
		}
	}
	wide := &controlapi.LogNormal{Median: controlapi.Duration(maxDelay), Sigma: 10}
	if longest := slices.Max(delays(controlapi.Delay{LogNormal: wide}, 1)); longest != maxDelay {
		t.Errorf("the longest delay of a wide distribution is %v", longest)
	}
}

func TestAbort_SendsErrorsOfConnect(t *testing.T) {
	t.Parallel()
	full := Request{Operation: "DeleteVaultItem", Vault: "v", Item: "i", File: ""}
	titled := full
	titled.Title = func() string { return "a title" }
	for _, test := range []struct {
		abort controlapi.Abort
		r     Request
		want  string
	}{
		{controlapi.Abort{Status: 401}, full, "Invalid bearer token"},
		{controlapi.Abort{Status: 403}, full, "Authorization: token does not have access to vault v"},
		{controlapi.Abort{Status: 403}, Request{}, "Authorization: token does not have access"},
		{controlapi.Abort{Status: 404}, full, "item i not found"},
		{controlapi.Abort{Status: 404}, Request{Vault: "v"}, "vault v not found"},
		{controlapi.Abort{Status: 404}, Request{File: "f", Item: "i"}, "file f not found"},
		{controlapi.Abort{Status: 404}, Request{}, "Not Found: no such route"},
		{controlapi.Abort{Status: 409}, full, "Conflict"},
		{controlapi.Abort{Status: 413}, full, "File is too large to inline in request. Use the /v1/vaults/{vaultUUID}/items/{itemUUID}/files/{fileUUID}/content endpoint instead."},
		{controlapi.Abort{Status: 415}, full, "Unsupported Media Type"},
		{controlapi.Abort{Status: 429}, full, "Too Many Requests"},
		{controlapi.Abort{Status: 500}, full, "Something went wrong"},
		{controlapi.Abort{Status: 999}, full, "Unknown Status"},
		{controlapi.Abort{Status: 500, Message: "{verb} {vault} {item} {file} {other}"}, full, "delete v i  {other}"},
		{controlapi.Abort{Status: 400, Message: "{title} in {vault}"}, titled, "a title in v"},
		{controlapi.Abort{Status: 400, Message: "{title} in {vault}"}, full, "i in v"},
		{controlapi.Abort{Status: 500, Message: "{verb}"}, Request{Operation: "PatchVaultItem"}, "update"},
		{controlapi.Abort{Status: 500, Message: "{verb}"}, Request{Operation: "GetVaults"}, "read"},
	} {
		got := abort(&test.abort, test.r)
		if got.Error == nil || got.Error.Status != test.abort.Status || got.Status != test.abort.Status || got.Error.Message != test.want {
			t.Errorf("%+v of %+v: %+v, want %q", test.abort, test.r, got.Error, test.want)
		}
	}
	if got := abort(&controlapi.Abort{Status: 304}, full); got.Error != nil || got.Body != nil {
		t.Errorf("304 has a body: %+v", got)
	}
}

func TestMalformJSON_ReturnsInvalidJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(
			rapid.Map(rapid.Int(), func(n int) any { return n }),
			rapid.Map(rapid.SliceOf(rapid.Int()), func(l []int) any { return l }),
			rapid.Map(rapid.MapOf(rapid.String(), rapid.String()), func(m map[string]string) any { return m }),
		).Draw(t, "value")
		body, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		got := MalformJSON(body)
		if json.Valid(got) || len(got) == 0 {
			t.Fatalf("%q became %q", body, got)
		}
		if len(body) > 2 && !bytes.HasPrefix(body, got) && string(got) != "{" {
			t.Fatalf("%q became %q, not a part of it", body, got)
		}
	})
	if got := MalformJSON(nil); len(got) != 0 {
		t.Errorf("an empty body became %q", got)
	}
}

func TestTruncatedSize_CountsFromEitherEnd(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		bytes, size, sent int64
		cut               bool
	}{
		{0, 10, 0, true}, {4, 10, 4, true}, {-4, 10, 6, true}, {10, 10, 10, false}, {11, 10, 10, false},
		{-11, 10, 0, true}, {0, 0, 0, false}, {-1, 0, 0, false},
	} {
		if sent, cut := (&Effects{Truncate: &test.bytes}).TruncatedSize(test.size); sent != test.sent || cut != test.cut {
			t.Errorf("%d of %d: %d, %t", test.bytes, test.size, sent, cut)
		}
	}
	if sent, cut := (&Effects{}).TruncatedSize(10); sent != 10 || cut {
		t.Errorf("without: %d, %t", sent, cut)
	}
}

func TestCopyBody_Throttles(t *testing.T) {
	t.Parallel()
	const body = "0123456789"
	for _, test := range []struct {
		drip  *controlapi.Drip
		size  int64
		parts string
	}{
		{&controlapi.Drip{Bytes: 4, Every: 1}, 10, "0123 4567 89"},
		{&controlapi.Drip{Bytes: 5, Every: 1}, 10, "01234 56789"},
		{&controlapi.Drip{Every: 1}, 3, "0 1 2"},
		{&controlapi.Drip{Bytes: 100, Every: 1}, 10, body},
		{&controlapi.Drip{Bytes: 4, Every: 1}, 0, ""},
		{nil, 7, ""},
	} {
		var w bytes.Buffer
		var parts []string
		at := 0
		flush := func() error {
			parts = append(parts, w.String()[at:])
			at = w.Len()
			return nil
		}
		s := &Effects{Throttle: test.drip}
		if err := s.CopyBody(t.Context(), &w, flush, strings.NewReader(body), test.size); err != nil {
			t.Error(err)
		}
		if got := strings.Join(parts, " "); got != test.parts || w.String() != body[:test.size] {
			t.Errorf("%+v: flushed %q, wrote %q", test.drip, got, w.String())
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	s := &Effects{Throttle: &controlapi.Drip{Every: controlapi.Duration(time.Hour)}}
	err := s.CopyBody(ctx, io.Discard, func() error { cancel(); return nil }, strings.NewReader(body), 10)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the client has disconnected: %v", err)
	}
}

func TestSetHeaders_SetsAndDropsHeaders(t *testing.T) {
	t.Parallel()
	h := http.Header{
		"Content-Type": {"application/json"}, "Retry-After": {"9"}, "1password-Connect-Version": {"1.8.1"},
	}
	(&Effects{
		Headers: []Header{{"Retry-After", "1"}, {"X-A", "b"}}, ContentType: "text/html",
		DropHeaders: []string{"1password-Connect-Version", "Date"},
	}).SetHeaders(h)
	for name, want := range map[string]string{
		"Content-Type": "text/html", "Retry-After": "1", "X-A": "b", "1Password-Connect-Version": "", "Date": "",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if values, ok := h["Date"]; !ok || values != nil {
		t.Error("net/http adds a dropped header again")
	}
}

func TestResetConnection_ShowsTheClientAReset(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if err := ResetConnection(server); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("the client sees %v, not a reset", err)
	}
}
