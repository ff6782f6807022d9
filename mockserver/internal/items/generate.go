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

// The sets a generated password is drawn from. A recorded password of the
// default recipe has 189.7836 bits, which is 32 times the logarithm of 61 [R]:
// what letters, digits and 1Password's six usual symbols are without the seven
// characters people mistake for one another (0 O, 1 I l, 5 S) [the sets: G].
const (
	letters = "ABCDEFGHJKLMNPQRTUVWXYZabcdefghijkmnopqrstuvwxyz"
	digits  = "2346789"
	symbols = "!@.-_*"
)

const (
	defaultLength = 32 // [D]
	longest       = 64 // [D]
)

// generate draws a password by a recipe; nil means the default one. member
// names the field in the request, for refusals. The entropy returned is in
// bits.
func generate(recipe *connect.Recipe, rand io.Reader, member string) (value string, entropy float64, err error) {
	if recipe == nil {
		recipe = &connect.Recipe{}
	}
	length := recipe.Length
	switch {
	case length == 0:
		length = defaultLength
	case length < 0 || length > longest:
		return "", 0, connect.InvalidBody(member+".recipe.length", "must be between 1 and 64")
	}
	sets, err := characterSets(recipe, member)
	if err != nil {
		return "", 0, err
	}
	alphabet := strings.Join(sets, "")
	drawn := make([]byte, length)
	// Every set asked for should show [G], but a source of chance that cannot
	// provide that must not hang the server.
	for range 100 {
		if err := draw(drawn, alphabet, rand); err != nil {
			return "", 0, err
		}
		if length < len(sets) || showsAll(string(drawn), sets) {
			break
		}
	}
	return string(drawn), float64(length) * math.Log2(float64(len(alphabet))), nil
}

// characterSets are the sets of a recipe without its excluded characters and
// without sets of which nothing is left. All three are used if it names none
// [D].
func characterSets(recipe *connect.Recipe, member string) ([]string, error) {
	names := recipe.CharacterSets
	if len(names) == 0 {
		names = connect.CharacterSets()
	}
	chosen := map[string]bool{}
	for _, name := range names {
		name = ascii.ToUpper(name)
		if !slices.Contains(connect.CharacterSets(), name) {
			return nil, connect.InvalidBody(member+".recipe.characterSets", "must be one of "+strings.Join(connect.CharacterSets(), ", ")+" each")
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

func draw(into []byte, alphabet string, rand io.Reader) error {
	var chance [8]byte
	for i := range into {
		if _, err := io.ReadFull(rand, chance[:]); err != nil {
			return connect.SomethingWentWrong()
		}
		into[i] = alphabet[binary.BigEndian.Uint64(chance[:])%uint64(len(alphabet))]
	}
	return nil
}

func showsAll(value string, sets []string) bool {
	return !slices.ContainsFunc(sets, func(set string) bool { return !strings.ContainsAny(value, set) })
}

// estimate is the entropy in bits of a password that was not generated here:
// its length times the logarithm of the size of the classes of characters it
// uses [R that passwords have one, G how it is estimated].
func estimate(value string) float64 {
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
			other = 33 // the printable rest of ASCII, as good a measure as any
		}
	}
	if length == 0 {
		return 0
	}
	return float64(length) * math.Log2(lower+upper+digit+other)
}
