package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The same seed returns the same sequence, another seed a different one.
func TestChanges_DependOnlyOnTheSeed(t *testing.T) {
	same := cmp.AllowUnexported(Change{})
	if d := cmp.Diff(changes(4), changes(4), same); d != "" {
		t.Error(d)
	}
	if cmp.Equal(changes(4), changes(5), same) {
		t.Error("seeds 4 and 5 return the same sequence")
	}
	kinds := map[string]bool{}
	for seed := range 3 {
		for _, c := range changes(seed) {
			kinds[c.Kind] = true
		}
	}
	if len(kinds) < 7 {
		t.Errorf("three sequences have only the steps %v", kinds)
	}
}
