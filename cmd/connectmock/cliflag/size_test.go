package cliflag

import (
	"testing"
)

func TestSize_ReadsUnits(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"1": 1, "512B": 512, "16MiB": 16 << 20, "1 GiB": 1 << 30, "100KiB": 100 << 10, "1048576": 1 << 20,
		"": 0, "0": 0, "-1": 0, "1MB": 0, "MiB": 0, "1.5MiB": 0, "9223372036854775807GiB": 0,
	} {
		var s Size
		if err := s.Set(text); (err == nil) != (want > 0) || s.Bytes != want {
			t.Errorf("%q: %d, %v; want %d", text, s.Bytes, err, want)
		}
	}
	for n, want := range map[int64]string{0: "0", 1: "1B", 16 << 20: "16MiB", 1536: "1536B", 2048: "2KiB"} {
		if s := (Size{Bytes: n}); s.String() != want {
			t.Errorf("%d is shown as %s, want %s", n, &s, want)
		}
	}
}
