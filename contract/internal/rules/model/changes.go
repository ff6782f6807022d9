package model

import (
	"math/rand/v2"
	"slices"
)

// Change is one step of a sequence. item and field select one of those that exist when
// the step runs.
type Change struct {
	Kind         string
	Item, Field  int
	Title, Value string
	Favorite     bool
	Labels       []string
}

// changes returns the sequence for a seed. It does not use a library for property
// tests, which would run many sequences to find the shortest one that fails, on a
// server that may be real, and needs a testing.T, which the command does not have.
// model_test.go uses such a library against the mock.
func changes(seed int) []Change {
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	kinds, letters, labels := ChangeKinds(), []rune(TitleLetters), FieldLabels()
	text := func() string {
		word := make([]rune, 1+random.IntN(20))
		for i := range word {
			word[i] = letters[random.IntN(len(letters))]
		}
		return "t" + string(word) + "t" // without spaces at the ends, which a server may remove
	}
	const minSteps, maxSteps = 12, 20
	list := make([]Change, minSteps+random.IntN(maxSteps-minSteps+1))
	for i := range list {
		random.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
		list[i] = Change{
			Kind: kinds[random.IntN(len(kinds))], Item: random.IntN(100), Field: random.IntN(100),
			Title: text(), Value: text(), Favorite: random.IntN(2) == 0,
			Labels: slices.Clone(labels[:random.IntN(len(labels))]),
		}
	}
	return list
}

// ChangeKinds returns the kinds of steps.
func ChangeKinds() []string {
	return []string{
		"create", "replace", "patch title", "patch favorite", "patch value", "patch add", "patch remove",
		"patch nothing", "delete",
	}
}

// FieldLabels returns the labels of fields in a sequence.
func FieldLabels() []string { return []string{"host", "port", "user", "realm"} }

// TitleLetters has the letters of titles and values, also some that are often encoded
// incorrectly.
const TitleLetters = `ABCXYZabcxyz0189"'&+%/\ ß中🔑`
