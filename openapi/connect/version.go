package connect

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// VersionRange is a range of versions of Connect.
type VersionRange struct {
	From   string // the first; empty: the oldest
	Before string // the first after the range
}

// Holds reports whether a version is in the range. Versions must be valid.
func (r VersionRange) Holds(version string) bool {
	return (r.From == "" || CompareVersions(r.From, version) <= 0) && CompareVersions(version, r.Before) < 0
}

// String returns the range in words: "before 1.5.0" or "from 1.5.4, before 1.5.6".
func (r VersionRange) String() string {
	if r.From == "" {
		return "before " + r.Before
	}
	return "from " + r.From + ", before " + r.Before
}

// IsVersion reports whether a text is a version of Connect: three numbers.
func IsVersion(text string) bool {
	return regexp.MustCompile(`^\d{1,9}\.\d{1,9}\.\d{1,9}$`).MatchString(text)
}

// CompareVersions compares two valid versions number by number.
func CompareVersions(a, b string) int {
	numbers := func(version string) (list []int) {
		for part := range strings.SplitSeq(version, ".") {
			n, _ := strconv.Atoi(part) // IsVersion allows digits only
			list = append(list, n)
		}
		return list
	}
	return slices.CompareFunc(numbers(a), numbers(b), cmp.Compare[int])
}
