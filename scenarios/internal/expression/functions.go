package expression

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/expr-lang/expr"
)

// Functions returns the names of the functions whose result depends on the run. They are looked up in the environment.
func Functions() []string { return []string{"secret", "now"} }

// functions returns the functions that every expression may call.
func functions() []expr.Option {
	return []expr.Option{
		expr.Function(memberFunction, func(args ...any) (any, error) { return member(args[0], args[1]) }),
		expr.Function("sha256", func(args ...any) (any, error) {
			sum := sha256.Sum256([]byte(fmt.Sprint(args[0])))
			return hex.EncodeToString(sum[:]), nil
		}, new(func(string) string)),
		// id returns a random id in the format of Connect, which nothing has.
		expr.Function("id", func(...any) (any, error) { return strings.ToLower(rand.Text()), nil }, new(func() string)),
		expr.Function("has", func(args ...any) (any, error) {
			_, err := Pointer(args[0], args[1].(string))
			return err == nil, nil
		}, new(func(any, string) bool)),
		expr.Function("get", func(args ...any) (any, error) {
			if v, err := Pointer(args[0], args[1].(string)); err == nil {
				return v, nil
			}
			return args[2], nil
		}, new(func(any, string, any) any)),
	}
}
