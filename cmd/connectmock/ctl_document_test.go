package main

import (
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

func TestCtlDocument_RefusesDeepNesting(t *testing.T) {
	t.Parallel()
	k := &ctl{std: &streams{in: strings.NewReader(strings.Repeat(`{"expect":[`, 10_000))}}
	err := k.document("-", &controlapi.Verification{})
	if err == nil || !strings.Contains(err.Error(), "nested too deeply") {
		t.Errorf("%.300v", err)
	}
}
