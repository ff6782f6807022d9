package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// ReadJSON decodes a JSON file into a value. Its errors name the place in the file, and no Go types.
func ReadJSON(data []byte, into any) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return errors.New("it is empty")
	}
	err := json.Unmarshal(data, into)
	invalid, wrong, moment := new(json.SyntaxError), new(json.UnmarshalTypeError), new(time.ParseError)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &invalid):
		return fmt.Errorf("%s: %w", placeOf(data, int(invalid.Offset)-1), err)
	case errors.As(err, &wrong) && wrong.Field != "":
		return fmt.Errorf("%s: %s can't be %s", placeOf(data, int(wrong.Offset)-1), wrong.Field, kindOf(wrong.Value))
	case errors.As(err, &wrong):
		return fmt.Errorf("it is %s, not an object", kindOf(wrong.Value))
	case errors.As(err, &moment):
		at := max(bytes.Index(data, []byte(moment.Value)), 0)
		return fmt.Errorf("%s: %.40q is not a moment as 2026-03-21T12:00:00Z", placeOf(data, at), moment.Value)
	}
	return errors.New("a moment is not a text as 2026-03-21T12:00:00Z") // no other value decodes itself
}

// placeOf returns the line and column of the byte at an offset.
func placeOf(data []byte, offset int) string {
	before := data[:min(max(offset, 0), len(data))]
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("line %d, column %d", bytes.Count(before, []byte{'\n'})+1, column)
}

// kindOf returns the kind of a JSON value as a sentence has it. Of a number the decoder also gives the value.
func kindOf(value string) string {
	kind, _, _ := strings.Cut(value, " ")
	switch kind {
	case "array":
		return "a list"
	case "object":
		return "an object"
	}
	return "a " + kind
}
