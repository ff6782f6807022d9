package expression

import (
	"slices"
	"strings"
	"testing"

	"github.com/expr-lang/expr/builtin"
)

func TestFunctionTables_DescribeEachFunction(t *testing.T) {
	t.Parallel()
	var names []string
	for _, f := range slices.Concat(OwnFunctions(), BuiltinFunctions()) {
		if slices.Contains(names, f.Name) {
			t.Errorf("%s is described twice", f.Name)
		}
		names = append(names, f.Name)
		if f.About == "" || !strings.HasPrefix(f.Signature, f.Name+"(") {
			t.Errorf("%s: the description or the signature is missing", f.Name)
		}
		if !IsReserved(f.Name) {
			t.Errorf("%s is not a reserved word", f.Name)
		}
	}
	for _, name := range builtin.Names {
		if !slices.Contains(names, name) {
			t.Errorf("the function %s of expr-lang has no description", name)
		}
	}
	scope := Scope{"secret": nil, "now": nil}
	for _, name := range knownFunctions(scope) {
		if !slices.Contains(names, name) {
			t.Errorf("%s has no description", name)
		}
	}
	for _, name := range names {
		if !slices.Contains(knownFunctions(scope), name) {
			t.Errorf("%s is described but does not exist", name)
		}
	}
}
