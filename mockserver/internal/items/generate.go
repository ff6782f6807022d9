package items

import (
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/connectmock/connectmock/openapi/connect"
)

// The characters of generated passwords. A recorded password of the default
// recipe has 189.7836 bits, which is 32 times the logarithm of 61 [R]: the number
// of letters, digits and 1Password's six usual symbols, without the seven
// characters that look like others (0 O, 1 I l, 5 S) [the sets: G].
const (
	letters = "ABCDEFGHJKLMNPQRTUVWXYZabcdefghijkmnopqrstuvwxyz"
	digits  = "2346789"
	symbols = "!@.-_*"
)

const (
	defaultLength = 32 // [D]
	maxLength     = 64 // [D]
)

// generate returns a random password by a recipe, nil for the default one, and
// its entropy in bits. member is the name of the field for errors.
func generate(recipe *connect.Recipe, rand io.Reader, member string) (value string, entropy float64, err error) {
	if recipe == nil {
		recipe = &connect.Recipe{}
	}
	length := recipe.Length
	switch {
	case length == 0:
		length = defaultLength
	case length < 0 || length > maxLength:
		return "", 0, connect.InvalidBody(member+".recipe.length", "must be between 1 and 64")
	}
	sets, err := characterSets(recipe, member)
	if err != nil {
		return "", 0, err
	}
	alphabet := strings.Join(sets, "")
	password := make([]byte, length)
	// The password should have characters of every set [G], but a source of bytes
	// that are not random must not block the server.
	for range 100 {
		if err := fillRandom(password, alphabet, rand); err != nil {
			return "", 0, err
		}
		if length < len(sets) || hasAllSets(string(password), sets) {
			break
		}
	}
	return string(password), float64(length) * math.Log2(float64(len(alphabet))), nil
}

// characterSets returns the sets of a recipe without its excluded characters, and
// without sets that become empty. A recipe without sets has all three [D].
func characterSets(recipe *connect.Recipe, member string) ([]string, error) {
	names := recipe.CharacterSets
	if len(names) == 0 {
		names = connect.CharacterSets()
	}
	chosen := map[string]bool{}
	for _, name := range names {
		name = ascii.ToUpper(name)
		if !slices.Contains(connect.CharacterSets(), name) {
			return nil, connect.InvalidBody(member+".recipe.characterSets",
				"must be one of "+strings.Join(connect.CharacterSets(), ", ")+" each")
		}
		chosen[name] = true
	}
	var sets []string
	for _, set := range []struct{ name, characters string }{
		{"LETTERS", letters}, {"DIGITS", digits}, {"SYMBOLS", symbols},
	} {
		left := strings.Map(func(r rune) rune {
			if strings.ContainsRune(recipe.ExcludeCharacters, r) {
				return -1
			}
			return r
		}, set.characters)
		if chosen[set.name] && left != "" {
			sets = append(sets, left)
		}
	}
	if sets == nil {
		return nil, connect.InvalidBody(member+".recipe.excludeCharacters", "must leave characters to choose from")
	}
	return sets, nil
}

// fillRandom fills a password with random characters of an alphabet.
func fillRandom(into []byte, alphabet string, rand io.Reader) error {
	var random [8]byte
	for i := range into {
		if _, err := io.ReadFull(rand, random[:]); err != nil {
			return connect.SomethingWentWrong()
		}
		into[i] = alphabet[binary.BigEndian.Uint64(random[:])%uint64(len(alphabet))]
	}
	return nil
}

// hasAllSets reports whether a password has a character of each set.
func hasAllSets(value string, sets []string) bool {
	return !slices.ContainsFunc(sets, func(set string) bool { return !strings.ContainsAny(value, set) })
}

// estimateEntropy estimates the entropy of a password that was not generated
// here, in bits: its length times the logarithm of the size of the classes of
// characters it has [R that passwords have one, G how it is estimated].
func estimateEntropy(value string) float64 {
	var lower, upper, digit, other float64
	length := 0
	for _, r := range value {
		length++
		switch {
		case r >= 'a' && r <= 'z':
			lower = 26
		case r >= 'A' && r <= 'Z':
			upper = 26
		case r >= '0' && r <= '9':
			digit = 10
		default:
			other = 33 // the number of other printable ASCII characters
		}
	}
	if length == 0 {
		return 0
	}
	return float64(length) * math.Log2(lower+upper+digit+other)
}
