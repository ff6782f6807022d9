package expression

import (
	"strings"
	"testing"
)

func TestCompile_RefusesLongExpressions(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]string{
		"parentheses": strings.Repeat("(", 100_000) + "1" + strings.Repeat(")", 100_000),
		"not":         strings.Repeat("!", 100_000) + "true",
		"comparisons": "1" + strings.Repeat(" == 1", 100_000),
	} {
		if _, m := Compile(code, nil); m == nil || m.Message != "an expression of more than 4096 bytes" {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestCompile_ReadsDeepExpressionsWithinTheLimit(t *testing.T) {
	t.Parallel()
	f, m := Compile(strings.Repeat("(", 2000)+"1"+strings.Repeat(")", 2000)+" == 2", nil)
	if m != nil {
		t.Fatal(m.Message)
	}
	if left, right, ok := f.Operands(nil); left != 1 || right != 2 || !ok {
		t.Error(left, right, ok)
	}
}
