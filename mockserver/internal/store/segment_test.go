package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/connectmock/connectmock/openapi/connect"
)

func activities() *rapid.Generator[connect.Activity] {
	text := rapid.SampledFrom([]string{"", "a", "b", "READ", "x\x00y", "00000000-0000-4000-8000-000000000001",
		"00000000-0000-4000-8000-00000000000A", "00000000-0000-4000-8000-00000000000", "00000000x0000x4000x8000x000000000001"})
	ref := rapid.Custom(func(t *rapid.T) *connect.Ref {
		if rapid.Bool().Draw(t, "there") {
			return &connect.Ref{ID: text.Draw(t, "id")}
		}
		return nil
	})
	return rapid.Custom(func(t *rapid.T) connect.Activity {
		return connect.Activity{
			Action: text.Draw(t, "action"), Result: text.Draw(t, "result"), RequestID: text.Draw(t, "request"),
			Actor: connect.Actor{Account: text.Draw(t, "account"), ID: text.Draw(t, "actor"), IP: text.Draw(t, "ip"),
				JTI: text.Draw(t, "jti"), RequestIP: text.Draw(t, "requestIp"), UserAgent: text.Draw(t, "agent")},
			Resource: connect.Resource{Item: ref.Draw(t, "item"), Vault: ref.Draw(t, "vault"), Type: text.Draw(t, "type"),
				ItemVersion: rapid.IntRange(-3, 1<<40).Draw(t, "version")},
			Timestamp: connect.At(time.Unix(rapid.Int64Range(-62135596800, 253402300799).Draw(t, "seconds"), 0)),
		}
	})
}

func TestSegment_DecodesWhatWasEncoded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(activities(), 0, 40).Draw(t, "records")
		e := newEncoder()
		for i := range want {
			e.add(&want[i])
		}
		got, err := decodeSegment(string(e.data), int64(len(want)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		if _, err := decodeSegment(string(e.data), int64(len(want))+1); err == nil {
			t.Fatal("one record too many was read")
		}
		// Damage is an error or other records, but no panic and no huge allocation.
		damaged := e.data[:rapid.IntRange(0, len(e.data)).Draw(t, "length")]
		for range rapid.IntRange(0, 3).Draw(t, "damages") {
			if len(damaged) > 0 {
				damaged[rapid.IntRange(0, len(damaged)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
			}
		}
		decodeSegment(string(damaged), rapid.Int64().Draw(t, "count"))
		decodeSegment(string(damaged), int64(len(want)))
	})
}

func TestSegment_IsSmall(t *testing.T) {
	t.Parallel()
	e := newEncoder()
	for i := range maxSegment {
		a := record(i)
		e.add(&a)
	}
	if per := len(e.data) / maxSegment; per > 60 {
		t.Errorf("%d bytes a record", per)
	}
}

func FuzzSegment(f *testing.F) {
	e := newEncoder()
	for i := range 5 {
		a := record(i)
		e.add(&a)
		f.Add(append([]byte{}, e.data...), int64(i+1))
	}
	f.Add([]byte{segmentFormat}, int64(0))
	f.Add([]byte{}, int64(-1))
	f.Fuzz(func(t *testing.T, data []byte, count int64) {
		records, err := decodeSegment(string(data), count)
		if err == nil && int64(len(records)) != count {
			t.Errorf("%d records of %d", len(records), count)
		}
	})
}
