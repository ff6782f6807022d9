package backend

import "testing"

func TestIsPlainParameter_AcceptsNumbersAndBooleans(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"": true, "0": true, "50": true, "+1": true, "-1": true, "-": true, "1234567890123456789": true,
		"true": true, "FALSE": true, "12345678901234567890": false, "+-1": false, "1-": false, "1e3": false, "0x10": false,
		"truth": false, " 1": false, "1\n": false, "secret": false, "٣": false,
	} {
		if got := isPlainParameter(value); got != want {
			t.Errorf("%q: %t, want %t", value, got, want)
		}
	}
}
