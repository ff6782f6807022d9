// Package expression compiles and evaluates the expressions of scenarios: conditions, and the {{ templates }} in texts.
// The language is that of expr-lang, with one difference: a missing member is an error, never null.
//
// The package does not know what the names in an expression stand for. Its callers say which names exist, so that an
// unknown one is found before anything runs.
package expression

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"
)

// Scope holds the names that an expression may use, with their members. nil means that the members are known only
// during the run.
type Scope map[string][]string

// SyntaxError describes an invalid expression.
type SyntaxError struct {
	Offset  int // bytes from its beginning
	Message string
	Hint    string
	Wrong   string   // the unknown word, if that is the problem
	Valid   []string // valid words in its place
}

// Expression is a compiled expression. It may be used by many goroutines.
type Expression struct {
	code    string
	uses    []string
	program *vm.Program
	left    *Expression // of a comparison
	right   *Expression
}

// String returns the source of the expression.
func (f *Expression) String() string { return f.code }

// Variables returns the names that the expression uses, functions included, sorted.
func (f *Expression) Variables() []string { return f.uses }

// maxCode is the maximum length of an expression in bytes: the parser recurses for each parenthesis.
const maxCode = 4096

// Compile compiles an expression that may use the names in scope.
func Compile(code string, names Scope) (*Expression, *SyntaxError) {
	f, tree, mistake := compile(code, names)
	if mistake != nil {
		return nil, mistake
	}
	if b, ok := tree.Node.(*ast.BinaryNode); ok && slices.Contains([]string{"==", "!=", "<", "<=", ">", ">=", "in",
		"contains", "matches", "startsWith", "endsWith"}, b.Operator) {
		f.left, _, _ = compile(b.Left.String(), names)
		f.right, _, _ = compile(b.Right.String(), names)
	}
	return f, nil
}

// compile does what Compile does, except for the operands of a comparison.
func compile(code string, names Scope) (*Expression, *parser.Tree, *SyntaxError) {
	if len(code) > maxCode {
		return nil, nil, &SyntaxError{Message: fmt.Sprintf("an expression of more than %d bytes", maxCode),
			Hint: "capture parts of it in earlier steps"}
	}
	tree, err := parser.Parse(code)
	if err != nil {
		return nil, nil, syntaxError(err, code, names)
	}
	check := &checker{names: names, code: code}
	ast.Walk(&tree.Node, check)
	if check.mistake != nil {
		return nil, nil, check.mistake
	}
	env := types.Map{}
	for name := range names {
		env[name] = types.Any
	}
	options := append(functions(), expr.Env(env), expr.Patch(strict{}), expr.DisableBuiltin("now"))
	program, err := expr.Compile(code, options...)
	if err != nil {
		return nil, nil, syntaxError(err, code, names)
	}
	slices.Sort(check.uses)
	return &Expression{code: code, uses: slices.Compact(check.uses), program: program}, tree, nil
}

// Operands returns the values that a comparison compares, to explain why it is false. ok is false for other
// expressions.
func (f *Expression) Operands(env map[string]any) (left, right any, ok bool) {
	if f.left == nil || f.right == nil {
		return nil, nil, false
	}
	left, leftErr := f.left.Eval(env)
	right, rightErr := f.right.Eval(env)
	return left, right, leftErr == nil && rightErr == nil
}

// Eval evaluates the expression. env must have the names it uses.
func (f *Expression) Eval(env map[string]any) (any, error) {
	out, err := expr.Run(f.program, env)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", f.code, message(err))
	}
	return asJSON(out), nil
}

// asJSON converts a value to the types that JSON values have.
func asJSON(v any) any {
	switch x := v.(type) {
	case time.Time:
		return x.UTC().Format(time.RFC3339)
	case time.Duration:
		return x.String()
	case []int:
		return listOf(x)
	case []string:
		return listOf(x)
	case int64:
		return int(x)
	}
	return v
}

func listOf[T any](all []T) []any {
	list := make([]any, len(all))
	for i, one := range all {
		list[i] = one
	}
	return list
}

// IsTrue evaluates a condition. Any result except true and false is an error.
func (f *Expression) IsTrue(env map[string]any) (bool, error) {
	out, err := f.Eval(env)
	if err != nil {
		return false, err
	}
	b, ok := out.(bool)
	if !ok {
		return false, fmt.Errorf("%s: is %s, not true or false", f.code, kind(out))
	}
	return b, nil
}

// message returns the text of an error without the excerpt of the code that expr adds.
func message(err error) string {
	var e *file.Error
	if errors.As(err, &e) {
		if inner := e.Unwrap(); inner != nil {
			return inner.Error()
		}
		return e.Message
	}
	return err.Error()
}

// syntaxError converts an error of expr.
func syntaxError(err error, code string, names Scope) *SyntaxError {
	m := &SyntaxError{Message: message(err)}
	var e *file.Error
	if errors.As(err, &e) {
		m.Message = e.Message
		m.Offset = len(string([]rune(code)[:min(e.From, len([]rune(code)))]))
	}
	if name, ok := strings.CutPrefix(m.Message, "unknown name "); ok {
		m.Message, m.Wrong, m.Valid = fmt.Sprintf("unknown variable %q", name), name, sortedNames(names)
		if after := strings.TrimSpace(code[min(m.Offset+len(name), len(code)):]); strings.HasPrefix(after, "(") {
			m.Message, m.Valid = fmt.Sprintf("unknown function %q", name), knownFunctions(names)
		}
	}
	return m
}

// sortedNames returns all names, sorted.
func sortedNames(names Scope) []string {
	var all []string
	for name := range names {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// knownFunctions returns the functions that an expression with these names may call, sorted.
func knownFunctions(names Scope) []string {
	all := slices.Clone(builtin.Names)
	for _, f := range OwnFunctions() {
		all = append(all, f.Name)
	}
	all = slices.DeleteFunc(all, func(name string) bool { return slices.Contains(Functions(), name) })
	for _, name := range Functions() {
		if _, ok := names[name]; ok {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// IsReserved reports whether a name is a word of the language or one of its functions.
func IsReserved(name string) bool {
	words := []string{"true", "false", "nil", "not", "and", "or", "in", "let", "if", "else", "matches", "contains",
		"startsWith", "endsWith", "unique"}
	for _, f := range OwnFunctions() {
		words = append(words, f.Name)
	}
	if slices.Contains(words, name) {
		return true
	}
	return slices.Contains(builtin.Names, name)
}

// checker checks an expression before it is compiled.
type checker struct {
	names   Scope
	code    string
	uses    []string
	mistake *SyntaxError
}

func (l *checker) fail(n ast.Node, message, hint string) {
	if l.mistake == nil {
		l.mistake = &SyntaxError{Message: message, Hint: hint, Offset: len(string([]rune(l.code)[:n.Location().From]))}
	}
}

func (l *checker) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		l.uses = append(l.uses, n.Value)
	case *ast.ChainNode:
		l.fail(n, `"?." hides what is missing`, "write has(value, '/member') or get(value, '/member', otherwise)")
	case *ast.MemberNode:
		owner, ok := n.Node.(*ast.IdentifierNode)
		member, named := n.Property.(*ast.StringNode)
		if !ok || !named {
			return
		}
		if members := l.names[owner.Value]; members != nil && !slices.Contains(members, member.Value) {
			l.fail(n.Property, fmt.Sprintf("%s has no member %q", owner.Value, member.Value), "")
			if l.mistake.Wrong == "" {
				l.mistake.Wrong, l.mistake.Valid = member.Value, members
			}
		}
	}
}
