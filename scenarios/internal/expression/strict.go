package expression

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// strict replaces each access to a member by a function call, so that a missing member is an error.
type strict struct{}

const memberFunction = "__member"

func (strict) Visit(node *ast.Node) {
	n, ok := (*node).(*ast.MemberNode)
	if !ok || n.Method {
		return
	}
	ast.Patch(node, &ast.CallNode{
		Callee:    &ast.IdentifierNode{Value: memberFunction},
		Arguments: []ast.Node{n.Node, n.Property},
	})
}

// member returns value.key or value[key].
func member(value, key any) (any, error) {
	switch v := value.(type) {
	case map[string]any:
		name, ok := key.(string)
		if !ok {
			return nil, fmt.Errorf("a member's name must be text, not %s", kind(key))
		}
		if got, ok := v[name]; ok {
			return got, nil
		}
		return nil, fmt.Errorf("there is no member %q", name)
	case []any:
		return element(v, key)
	case []int: // ranges
		return element(listOf(v), key)
	case []string:
		return element(listOf(v), key)
	}
	return nil, fmt.Errorf("%s has no member %q", kind(value), fmt.Sprint(key))
}

// element returns an element of a list; negative indexes count from the end.
func element(list []any, key any) (any, error) {
	i, ok := key.(int)
	if !ok {
		return nil, fmt.Errorf("a list has no member %q, only numbers", fmt.Sprint(key))
	}
	at := i
	if at < 0 {
		at += len(list)
	}
	if at < 0 || at >= len(list) {
		return nil, fmt.Errorf("there is no element %d in a list of %d", i, len(list))
	}
	return list[at], nil
}

// Pointer returns the value at a JSON pointer; "" is the value itself.
func Pointer(value any, pointer string) (any, error) {
	if pointer == "" {
		return value, nil
	}
	if !strings.HasPrefix(pointer, "/") {
		return nil, fmt.Errorf("%q is not a JSON pointer: it must start with /", pointer)
	}
	done := ""
	for token := range strings.SplitSeq(pointer[1:], "/") {
		name := strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		done += "/" + token
		switch v := value.(type) {
		case map[string]any:
			got, ok := v[name]
			if !ok {
				return nil, fmt.Errorf("there is no %s", done)
			}
			value = got
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(v) {
				return nil, fmt.Errorf("there is no %s in a list of %d", done, len(v))
			}
			value = v[i]
		default:
			return nil, fmt.Errorf("there is no %s within %s", done, kind(value))
		}
	}
	return value, nil
}

// kind describes the type of a value in words.
func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "text"
	case bool:
		return "true or false"
	case int, int64, float64:
		return "a number"
	case []any, []int, []string:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return fmt.Sprintf("a %T", v)
}
