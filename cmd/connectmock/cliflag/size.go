package cliflag

import (
	"fmt"
	"strconv"
	"strings"
)

// Size is the value of a flag for a number of bytes, with or without a unit.
type Size struct {
	Bytes     int64
	CanBeNone bool // 0 is valid
}

type unit struct {
	name string
	size int64
}

func units() []unit { return []unit{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}} }

func (s *Size) Set(text string) error {
	if s.CanBeNone && text == "0" {
		s.Bytes = 0
		return nil
	}
	number, unit := text, int64(1)
	for _, u := range units() {
		if rest, ok := strings.CutSuffix(text, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.size
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n <= 0 || n > (1<<62)/unit {
		return fmt.Errorf("%q is not a size as 16MiB, 512KiB or 1048576", text)
	}
	s.Bytes = n * unit
	return nil
}

func (s *Size) String() string {
	for _, u := range units() {
		if s.Bytes >= u.size && s.Bytes%u.size == 0 {
			return strconv.FormatInt(s.Bytes/u.size, 10) + u.name
		}
	}
	return "0"
}

func (s *Size) Type() string { return "size" }
