// Package textenc reads texts of a bounded size, and converts the encodings that Windows tools write to UTF-8.
//
// Windows PowerShell 5 writes UTF-16 with a byte order mark when output is
// redirected, and UTF-8 with one on request [D]; some editors do the same.
package textenc

import (
	"bytes"
	"encoding/binary"
	"errors"
	"unicode/utf16"
)

// errUTF16 is returned for a text that starts as UTF-16 but is not valid UTF-16.
var errUTF16 = errors.New("the text starts as UTF-16 but is not valid UTF-16: save it as UTF-8")

// ToUTF8 returns data as UTF-8 without a byte order mark. It detects UTF-16 by its byte order mark or, as YAML does,
// by a zero byte in the first two. Any other text is returned unchanged, without checking that it is UTF-8.
func ToUTF8(data []byte) ([]byte, error) {
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		return rest, nil
	}
	switch {
	case len(data) < 2:
		return data, nil
	case data[0] == 0xff && data[1] == 0xfe:
		return fromUTF16(data[2:], binary.LittleEndian)
	case data[0] == 0xfe && data[1] == 0xff:
		return fromUTF16(data[2:], binary.BigEndian)
	case data[0] != 0 && data[1] == 0:
		return fromUTF16(data, binary.LittleEndian)
	case data[0] == 0 && data[1] != 0:
		return fromUTF16(data, binary.BigEndian)
	}
	return data, nil
}

func fromUTF16(data []byte, order binary.ByteOrder) ([]byte, error) {
	if len(data)%2 != 0 {
		return nil, errUTF16
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	for i := 0; i < len(units); i++ {
		if !utf16.IsSurrogate(rune(units[i])) {
			continue
		}
		if i+1 == len(units) || utf16.DecodeRune(rune(units[i]), rune(units[i+1])) == '\ufffd' {
			return nil, errUTF16
		}
		i++
	}
	return []byte(string(utf16.Decode(units))), nil
}
