package main

import "fmt"

// target is what a figure is held to. The zero value is no target.
type target struct {
	limit float64
	most  bool // the figure must not exceed limit; otherwise not fall below it
	text  string
}

func atLeast(limit float64, text string) target { return target{limit: limit, text: text} }

func atMost(limit float64, text string) target { return target{limit: limit, most: true, text: text} }

// verdict is the last cell of a row: the target, and whether got meets it or by
// how much it does not.
func (t target) verdict(got float64) string {
	if t.text == "" {
		return ""
	}
	missed := 1 - got/t.limit
	if t.most {
		missed = -missed
	}
	if missed <= 0 {
		return t.text + ": met"
	}
	return fmt.Sprintf("%s: missed by %.0f %%", t.text, max(1, 100*missed))
}
