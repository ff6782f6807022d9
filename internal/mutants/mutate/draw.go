package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// draw returns the mutations to run, in their order, and of how many they were drawn.
func (set settings) draw() (drawn []mutation, from int, err error) {
	if set.at != "" {
		drawn, err = mutationsAt(set.at)
		return drawn, len(drawn), err
	}
	var all []mutation
	for _, dir := range set.packages {
		dir, err := filepath.Abs(dir)
		if err != nil {
			return nil, 0, err
		}
		found, err := packageMutations(dir)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, found...)
	}
	return shuffle(all, set.seed), len(all), nil
}

// mutationsAt returns all mutations that begin at the places of a list, such as "a.go:12,b.go:3".
func mutationsAt(list string) (all []mutation, err error) {
	for at := range strings.SplitSeq(list, ",") {
		name, number, _ := strings.Cut(at, ":")
		line, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("%q is not FILE:LINE, as mockserver/internal/items/otp.go:40", at)
		}
		file, err := filepath.Abs(name)
		if err != nil {
			return nil, err
		}
		found, err := packageMutations(filepath.Dir(file))
		if err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(found, func(m mutation) bool { return m.file != file || m.line != line })
		if len(found) == 0 {
			return nil, fmt.Errorf(
				"nothing at %s can be changed; -dry-run with the directory lists some places that can", at)
		}
		all = append(all, found...)
	}
	return all, nil
}
