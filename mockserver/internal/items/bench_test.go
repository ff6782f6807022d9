package items_test

import (
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/items"
)

func BenchmarkCreate(b *testing.B) {
	in, r := body(b, everything), options()
	for b.Loop() {
		if _, err := items.Create(in, vault(), r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPatch(b *testing.B) {
	old, r := create(b, everything), later()
	ops := operations(b, `[{"op":"replace","path":"/fields/username/value","value":"x"}]`)
	for b.Loop() {
		if _, err := items.Patch(old, ops, r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWithCodes(b *testing.B) {
	it, now := create(b, everything), time.Unix(59, 0)
	for b.Loop() {
		items.WithCodes(it, now)
	}
}
