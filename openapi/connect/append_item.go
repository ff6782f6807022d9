package connect

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"strconv"
)

// AppendJSON appends the item as encoding/json writes it, byte for byte. Each write of an item encodes it several times,
// and reflection takes three times as long.
func (it *Item) AppendJSON(b []byte) []byte {
	b = append(b, '{')
	open := len(b)
	b = appendOptional(b, open, `"additionalInformation":`, it.AdditionalInformation)
	b = appendMember(appendComma(b, open), `"category":`, it.Category)
	b = appendTime(append(b, `,"createdAt":`...), it.CreatedAt)
	b = appendTrue(b, open, `"favorite":true`, it.Favorite)
	if it.Fields == nil {
		b = append(b, `,"fields":null`...)
	} else {
		b = appendList(append(b, `,"fields":`...), it.Fields, (*Field).appendJSON)
	}
	if len(it.Files) > 0 {
		b = appendList(append(b, `,"files":`...), it.Files, (*File).appendJSON)
	}
	b = appendMember(b, `,"id":`, it.ID)
	b = appendMember(b, `,"lastEditedBy":`, it.LastEditedBy)
	if len(it.Sections) > 0 {
		b = appendList(append(b, `,"sections":`...), it.Sections, (*Section).appendJSON)
	}
	b = appendTags(b, it.Tags)
	b = appendMember(b, `,"title":`, it.Title)
	b = appendTrue(b, open, `"trashed":true`, it.Trashed)
	return appendItemEnd(b, it.UpdatedAt, it.URLs, it.Vault, it.Version)
}

// AppendJSON appends the summary as encoding/json writes it, byte for byte.
func (s *Summary) AppendJSON(b []byte) []byte {
	b = append(b, '{')
	open := len(b)
	b = appendOptional(b, open, `"additionalInformation":`, s.AdditionalInformation)
	b = appendMember(appendComma(b, open), `"category":`, s.Category)
	b = appendTime(append(b, `,"createdAt":`...), s.CreatedAt)
	b = appendTrue(b, open, `"favorite":true`, s.Favorite)
	b = appendMember(b, `,"id":`, s.ID)
	b = appendMember(b, `,"lastEditedBy":`, s.LastEditedBy)
	b = appendTags(b, s.Tags)
	b = appendMember(b, `,"title":`, s.Title)
	return appendItemEnd(b, s.UpdatedAt, s.URLs, s.Vault, s.Version)
}

// appendItemEnd appends the last members of an item or a summary.
func appendItemEnd(b []byte, updated Time, urls []URL, vault VaultRef, version int) []byte {
	b = appendTime(append(b, `,"updatedAt":`...), updated)
	if len(urls) > 0 {
		b = appendList(append(b, `,"urls":`...), urls, (*URL).appendJSON)
	}
	b = appendMember(b, `,"vault":{"id":`, vault.ID)
	b = appendOptional(b, 0, `"name":`, vault.Name)
	b = append(b, `},"version":`...)
	return append(strconv.AppendInt(b, int64(version), 10), '}')
}

func appendTags(b []byte, tags []string) []byte {
	if len(tags) == 0 {
		return b
	}
	return appendTexts(append(b, `,"tags":`...), tags)
}

func (f *Field) appendJSON(b []byte) []byte {
	b = append(b, '{')
	open := len(b)
	if f.Entropy != 0 {
		b = appendFloat(append(b, `"entropy":`...), f.Entropy)
	}
	b = appendMember(appendComma(b, open), `"id":`, f.ID)
	b = appendOptional(b, open, `"label":`, f.Label)
	if f.PasswordDetails != nil {
		b = f.PasswordDetails.appendJSON(append(b, `,"passwordDetails":`...))
	}
	b = appendOptional(b, open, `"purpose":`, f.Purpose)
	if f.Section != nil {
		b = f.Section.appendJSON(append(b, `,"section":`...))
	}
	b = appendOptional(b, open, `"totp":`, f.TOTP)
	b = appendMember(b, `,"type":`, f.Type)
	b = appendOptional(b, open, `"value":`, f.Value)
	return append(b, '}')
}

func (d *PasswordDetails) appendJSON(b []byte) []byte {
	b = append(b, '{')
	open := len(b)
	if d.Entropy != 0 {
		b = strconv.AppendInt(append(b, `"entropy":`...), int64(d.Entropy), 10)
	}
	b = appendTrue(b, open, `"generated":true`, d.Generated)
	if len(d.History) > 0 {
		b = appendTexts(append(appendComma(b, open), `"history":`...), d.History)
	}
	b = appendOptional(b, open, `"strength":`, d.Strength)
	return append(b, '}')
}

func (f *File) appendJSON(b []byte) []byte {
	b = append(b, '{')
	open := len(b)
	if len(f.Content) > 0 {
		b = base64.StdEncoding.AppendEncode(append(b, `"content":"`...), f.Content)
		b = append(b, '"')
	}
	b = appendMember(appendComma(b, open), `"content_path":`, f.ContentPath)
	b = appendMember(b, `,"id":`, f.ID)
	b = appendMember(b, `,"name":`, f.Name)
	if f.Section != nil {
		b = f.Section.appendJSON(append(b, `,"section":`...))
	}
	return append(strconv.AppendInt(append(b, `,"size":`...), f.Size, 10), '}')
}

func (s *Section) appendJSON(b []byte) []byte {
	b = appendMember(b, `{"id":`, s.ID)
	return append(appendOptional(b, 0, `"label":`, s.Label), '}')
}

func (u *URL) appendJSON(b []byte) []byte {
	b = appendMember(b, `{"href":`, u.Href)
	b = appendOptional(b, 0, `"label":`, u.Label)
	return append(appendTrue(b, 0, `"primary":true`, u.Primary), '}')
}

// appendList appends a list. encode appends an entry.
func appendList[T any](b []byte, list []T, encode func(*T, []byte) []byte) []byte {
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = encode(&list[i], b)
	}
	return append(b, ']')
}

func appendTexts(b []byte, list []string) []byte {
	return appendList(b, list, func(text *string, b []byte) []byte { return appendMember(b, "", *text) })
}

// appendOptional appends a member, with a comma if the object that was opened there has members already. It leaves out
// an empty text.
func appendOptional(b []byte, open int, lead, text string) []byte {
	if text == "" {
		return b
	}
	return appendMember(appendComma(b, open), lead, text)
}

// appendTrue appends a whole member if it is set.
func appendTrue(b []byte, open int, member string, set bool) []byte {
	if !set {
		return b
	}
	return append(appendComma(b, open), member...)
}

func appendTime(b []byte, t Time) []byte {
	return append(t.UTC().AppendFormat(append(b, '"'), timeLayout), '"')
}

// appendFloat appends a number that is not infinite.
func appendFloat(b []byte, n float64) []byte {
	if size := math.Abs(n); size < 1e-6 || size >= 1e21 {
		encoded, _ := json.Marshal(n) // with an exponent
		return append(b, encoded...)
	}
	return strconv.AppendFloat(b, n, 'f', -1, 64)
}
