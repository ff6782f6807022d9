package textenc

import "testing"

func TestCut_KeepsWholeLetters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"", 0, ""}, {"short", 5, "short"}, {"longer", 5, "longe..."}, {"für", 2, "f..."}, {"für", 3, "fü..."},
	} {
		if got := Cut(c.text, c.most); got != c.want {
			t.Errorf("%q, %d bytes: %q, want %q", c.text, c.most, got, c.want)
		}
	}
}
