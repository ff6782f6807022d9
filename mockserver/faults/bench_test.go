package faults

import (
	"fmt"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// Without faults a request costs one atomic load.
func BenchmarkEmpty(b *testing.B) {
	s := New(operations())
	b.ReportAllocs()
	for b.Loop() {
		if !s.IsEmpty() {
			b.Fatal("there are faults")
		}
	}
}

func BenchmarkEffects(b *testing.B) {
	many := make([]controlapi.Fault, 200)
	for i := range many {
		many[i] = throttled(func(f *controlapi.Fault) { f.Account = fmt.Sprint(i) })
	}
	r := get("A", "t")
	for name, s := range map[string]*Set{
		"without faults":        {},
		"another operation":     set(b, throttled(func(f *controlapi.Fault) { f.Operation = "GetVaultById" })),
		"200 of other accounts": set(b, many...),
		"one that delays by 0":  set(b, controlapi.Fault{Delay: &controlapi.Delay{Uniform: &controlapi.Uniform{}}}),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Effects(r)
			}
		})
	}
}
