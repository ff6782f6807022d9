package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mutationsOf returns the mutations of a function with these results and this body, as "operator: changed body".
func mutationsOf(t *testing.T, results, body string) (all []string) {
	t.Helper()
	const head = "package p\nfunc f() "
	source := []byte(head + results + "{" + body + "}")
	found, err := fileMutations("p.go", source)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range found {
		changed := string(m.apply(source))
		all = append(all, m.operator+": "+changed[len(head+results)+1:len(changed)-1])
	}
	return all
}

func TestOperators_ChangeSource(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, results, body string
		want                []string
	}{
		{"condition", "", "if ok { g() }", []string{
			"negate: if !(ok) { g() }", "remove: ", "remove: if ok {  }"}},
		{"condition with else", "", "if ok { i++ } else { i-- }", []string{
			"negate: if !(ok) { i++ } else { i-- }", "remove: if ok {  } else { i-- }", "remove: if ok { i++ } else {  }"}},
		{"comparison that is a condition", "", "if a == b { g() }", []string{
			"negate: if !(a == b) { g() }", "remove: ", "remove: if a == b {  }"}},
		{"comparison elsewhere", "", "x := a != b", []string{"compare: x := a == b"}},
		{"bounds", "", "x, y, z, u := a < b, a <= b, a > b, a >= b", []string{
			"bound: x, y, z, u := a <= b, a <= b, a > b, a >= b",
			"bound: x, y, z, u := a < b, a < b, a > b, a >= b",
			"bound: x, y, z, u := a < b, a <= b, a >= b, a >= b",
			"bound: x, y, z, u := a < b, a <= b, a > b, a > b"}},
		{"bound in a condition", "", "if a < b { return }", []string{
			"negate: if !(a < b) { return }", "remove: ", "bound: if a <= b { return }"}},
		{"and, or", "", "x := a && b || c", []string{"and-or: x := a && b && c", "and-or: x := a || b || c"}},
		{"statements", "", "g(x); a = b; a += b; ch <- v", []string{
			"remove: ; a = b; a += b; ch <- v", "remove: g(x); ; a += b; ch <- v",
			"remove: g(x); a = b; ; ch <- v", "remove: g(x); a = b; a += b; "}},
		{"append, delete", "", "a = append(a, b...); delete(m, k)", []string{
			"append: a = a; delete(m, k)", "append: a = append(a, b...); "}},
		{"results", "(int, T, *T, error)", "return n, t, &t, err", []string{
			"return-zero: return *new(int), t, &t, err", "return-zero: return n, *new(T), &t, err",
			"return-zero: return n, t, nil, err", "return-zero: return n, t, &t, nil"}},
		{"value beside an error", "(T, error)", `return t, errors.New("bad")`, []string{"return-zero: return t, nil"}},
		{"results of one type", "(a, b bool)", "return true, g()", []string{
			"return-zero: return false, g()", "return-zero: return true, false"}},
		{"results of a function literal", "error", `return func() string { return s }`, []string{
			"return-zero: return nil", `return-zero: return func() string { return "" }`}},
		{"zero results", "(bool, error, string, T)", `return false, nil, "", T{}`, []string{`string: return false, nil, "x", T{}`}},
		{"constants", "", `x, y := 0x10, "ab"`, []string{`number: x, y := 17, "ab"`, `string: x, y := 0x10, "abx"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, mutationsOf(t, test.results, test.body)); diff != "" {
				t.Errorf("mutations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOperators_LeaveOutWhatNoTestSees(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`s.log.Error("lost", "n", 1)`,
		`h.options.Log.Warn("slow " + name)`,
		`slog.Info("ready")`,
		`panic("no " + name)`,
		`x := errors.New("no name")`,
		`x := fmt.Errorf("read %d: %w", 1, err)`,
		`x := make([]byte, 0, 64)`,
		`b.Grow(128)`,
		`mu.Lock(); mu.Unlock(); f.Close()`,
		`defer g("x", 1)`,
		`m.calls.WithLabelValues().Inc()`,
		`_ = x`,
		`x := y`,
		"x := `SELECT`",
		"type t struct { A int `json:\"a\"` }",
	} {
		if got := mutationsOf(t, "", body); len(got) > 0 {
			t.Errorf("%s has mutations: %q", body, got)
		}
	}
	if got := mutationsOf(t, "", "if bad { log.Error(`bad`) }"); len(got) != 1 {
		t.Errorf("a condition of a log line has mutations other than its negation: %q", got)
	}
}

func TestOperators_KeepStringsOfTheStore(t *testing.T) {
	t.Parallel()
	found, err := fileMutations("p.go", []byte("package store\nvar query = \"SELECT 1\"\nvar n = 1"))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].operator != "number" {
		t.Errorf("mutations are not those of the number alone: %v", found)
	}
}
