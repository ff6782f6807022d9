package synth

import (
	"encoding/base64"
	"math"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/connectmock/connectmock/openapi/connect"
)

func (m *maker) number(s *openapi3.Schema) (any, bool) {
	low, high := 0.0, 1000.0
	switch {
	case s.Min != nil && s.Max != nil:
		low, high = *s.Min, *s.Max
	case s.Min != nil:
		low, high = *s.Min, *s.Min+1000
	case s.Max != nil:
		low, high = *s.Max-1000, *s.Max
	}
	step := 0.0 // any number
	if s.Type.Is(openapi3.TypeInteger) {
		step = 1
	}
	if s.MultipleOf != nil && *s.MultipleOf > 0 {
		step = *s.MultipleOf
	}
	if step == 0 {
		return math.Round(m.fake.Float64Range(low, high)*100) / 100, true
	}
	first, last := math.Ceil(low/step), math.Floor(high/step)
	if s.ExclusiveMin.IsTrue() && first*step == low {
		first++
	}
	if s.ExclusiveMax.IsTrue() && last*step == high {
		last--
	}
	if first > last {
		return nil, false
	}
	span := min(last-first, 1000)
	return (first + float64(m.fake.Number(0, int(span)))) * step, true
}

// text returns the first valid text of those that fit the format, the pattern and
// the name, in this order.
func (m *maker) text(s *openapi3.Schema, name string) (any, bool) {
	for range attempts {
		candidates := []string{m.textOfFormat(s.Format)}
		if s.Pattern != "" {
			candidates = append(candidates, m.fake.Regex(s.Pattern))
		}
		candidates = append(candidates, m.textForName(name))
		for _, c := range candidates {
			if c == "" {
				continue
			}
			if c = m.resize(c, s); s.VisitJSON(c) == nil {
				return c, true
			}
		}
		if s.VisitJSON("") == nil {
			return "", true
		}
	}
	return nil, false
}

// resize returns a text with a length that the schema allows.
func (m *maker) resize(text string, s *openapi3.Schema) string {
	if s.Pattern != "" || s.Format != "" && s.Format != "password" {
		return text
	}
	for len(text) < int(s.MinLength) {
		text += " " + m.fake.Word()
	}
	if s.MaxLength != nil && len(text) > int(*s.MaxLength) {
		text = text[:*s.MaxLength]
	}
	return text
}

// textOfFormat returns a text of a format, "" for an unknown one.
func (m *maker) textOfFormat(format string) string {
	switch format {
	case "date-time":
		return m.instant().Format(time.RFC3339)
	case "date":
		return m.instant().Format(time.DateOnly)
	case "uuid":
		return m.fake.UUID()
	case "email":
		return m.mail()
	case "uri", "url":
		return "https://www.example.com/" + m.letters()
	case "hostname":
		return m.letters() + ".example.com"
	case "ipv4":
		return "192.0.2." + m.fake.DigitN(1)
	case "ipv6":
		return "2001:db8::" + m.fake.DigitN(1)
	case "byte":
		return base64.StdEncoding.EncodeToString([]byte(m.fake.Word()))
	default:
		return ""
	}
}

// textForName returns a text that fits the name of a member. Addresses are only at
// example.com, so that they belong to nobody.
func (m *maker) textForName(name string) string {
	switch lower := strings.ToLower(name); {
	case strings.HasSuffix(lower, "email"):
		return m.mail()
	case strings.HasSuffix(lower, "url") || strings.HasSuffix(lower, "href"):
		return "https://www.example.com/" + m.letters()
	case strings.HasSuffix(name, "At") || strings.HasSuffix(name, "Time"):
		return m.instant().Format(time.RFC3339)
	case lower == "id" || strings.HasSuffix(name, "Id") || strings.HasSuffix(lower, "uuid"):
		return m.fake.Regex(strings.Trim(connect.IDPattern, "^$"))
	case lower == "description" || lower == "message" || lower == "summary":
		return m.fake.Sentence(6)
	case lower == "name" || lower == "title" || lower == "label":
		return m.fake.Noun()
	default:
		return m.fake.Word()
	}
}

func (m *maker) mail() string { return m.letters() + "@example.com" }

// letters returns letters for an address; words may have spaces.
func (m *maker) letters() string { return strings.ToLower(m.fake.LetterN(6)) }

// instant returns a time in a fixed year, so that it does not depend on the present
// time.
func (m *maker) instant() time.Time {
	start := time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)
	return start.Add(time.Duration(m.fake.Number(0, 365*24*3600-1)) * time.Second)
}
