package connect_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/connectmock/connectmock/openapi/connect"
)

func TestIsID_AgreesWithItsPattern(t *testing.T) {
	t.Parallel()
	id, userID := regexp.MustCompile(connect.IDPattern), regexp.MustCompile(connect.UserIDPattern)
	const lower = "abcdefghijklmnopqrstuvwx09"
	texts := []string{
		"", lower, strings.ToUpper(lower), lower[1:], lower + "a", lower + "\n", strings.Repeat("7", connect.IDLength),
		"\u212a" + lower[1:], "\u212a" + lower[3:], "\u017f" + lower[2:], // letters that Unicode folds to k and s
		strings.ToUpper(lower[:1]) + lower[1:],
	}
	for c := range 256 {
		for _, s := range []string{lower, strings.ToUpper(lower)} {
			texts = append(texts, s[:12]+string([]byte{byte(c)})+s[13:])
		}
	}
	found, foundUsers := 0, 0
	for _, s := range texts {
		if got, want := connect.IsID(s), id.MatchString(s); got != want {
			t.Errorf("IsID(%q) is %v, the pattern says %v", s, got, want)
		}
		if got, want := connect.IsUserID(s), userID.MatchString(s); got != want {
			t.Errorf("IsUserID(%q) is %v, the pattern says %v", s, got, want)
		}
		if connect.IsID(s) {
			found++
		}
		if connect.IsUserID(s) {
			foundUsers++
		}
	}
	if found != 38 || foundUsers != 38 {
		t.Errorf("%d ids and %d ids of users among the texts", found, foundUsers)
	}
}

func TestIsID_AllocatesNothing(t *testing.T) {
	id := strings.Repeat("a", connect.IDLength)
	if n := testing.AllocsPerRun(100, func() { _ = connect.IsID(id) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
