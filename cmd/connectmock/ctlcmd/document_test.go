package ctlcmd

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/cmd/connectmock/cli"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

func TestCtlDocument_RefusesDeepNesting(t *testing.T) {
	t.Parallel()
	k := &ctl{std: &cli.Streams{In: strings.NewReader(strings.Repeat(`{"expect":[`, 10_000))}}
	err := k.document("-", &controlapi.Verification{})
	if err == nil || !strings.Contains(err.Error(), "nested too deeply") {
		t.Errorf("%.300v", err)
	}
}

func TestCtlDocument_RefusesAliasesThatMultiply(t *testing.T) {
	t.Parallel()
	text := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 9 {
		alias := fmt.Sprintf("*a%d", i)
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.Join(slices.Repeat([]string{alias}, 10), ", "))
	}
	k := &ctl{std: &cli.Streams{In: strings.NewReader(text)}}
	err := k.document("-", &controlapi.Verification{})
	if err == nil || !strings.Contains(err.Error(), "aliases make too much of this text") {
		t.Errorf("%.300v", err)
	}
}

func TestCtlDocument_KeepsLargeNumbers(t *testing.T) {
	t.Parallel()
	var fault controlapi.Fault
	k := &ctl{std: &cli.Streams{In: strings.NewReader("{abort: {status: 503}, seed: 18446744073709551615}")}}
	if err := k.document("-", &fault); err != nil || fault.Seed != math.MaxUint64 {
		t.Errorf("seed %d: %v", fault.Seed, err)
	}
}
