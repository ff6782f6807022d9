package connect_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Whatever is in a record, it is appended as encoding/json writes it.
func FuzzActivityAppendJSON(f *testing.F) {
	f.Add("READ", "SUCCESS", "127.0.0.1", "connect-sdk-go/1.5.3", "ITEM", "id", int64(1_700_000_000), 3, 7)
	f.Add("", "", "", "", "", "", int64(-62135596800), 0, 0)
	f.Add("a\"b", "a\\b", "<a&b>", "\x00\x1f\x7f", "\u2028\u2029", "\xff\xc3", int64(253402300799), -5, 1)
	f.Add("é", "日本", "😀", "\t\n\r", "/", "'", int64(1), 1<<40, 2)
	f.Fuzz(func(t *testing.T, action, result, ip, agent, kind, id string, seconds int64, version, refs int) {
		a := connect.Activity{
			Action: action, Result: result, RequestID: id,
			Timestamp: connect.Time{Time: time.Unix(seconds%(1<<40), 999_999_999)},
			Actor:     connect.Actor{Account: id, ID: kind, IP: ip, JTI: result, UserAgent: agent},
			Resource:  connect.Resource{Type: kind, ItemVersion: version},
		}
		if refs&1 != 0 {
			a.Resource.Item = &connect.Ref{ID: id}
		}
		if refs&2 != 0 {
			a.Resource.Vault = &connect.Ref{ID: agent}
		}
		if refs&4 != 0 {
			a.Actor.RequestIP, a.Actor.IP = ip, ""
		}
		want, err := json.Marshal(a)
		if err != nil {
			t.Skip(err) // a year that no JSON can have
		}
		if got := string(a.AppendJSON([]byte("["))); got != "["+string(want) {
			t.Errorf("got  %s\nwant [%s", got, want)
		}
	})
}
