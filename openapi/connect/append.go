package connect

import (
	"encoding/json"
	"strconv"
	"time"
)

// AppendJSON appends the record as encoding/json writes it, byte for byte. A page of the log has many records, and
// reflection would cost more than writing them.
func (a *Activity) AppendJSON(b []byte) []byte {
	b = appendMember(b, `{"action":`, a.Action)
	b = appendMember(b, `,"actor":{"account":`, a.Actor.Account)
	b = appendMember(b, `,"id":`, a.Actor.ID)
	if a.Actor.IP != "" {
		b = appendMember(b, `,"ip":`, a.Actor.IP)
	}
	b = appendMember(b, `,"jti":`, a.Actor.JTI)
	if a.Actor.RequestIP != "" {
		b = appendMember(b, `,"requestIp":`, a.Actor.RequestIP)
	}
	b = appendMember(b, `,"userAgent":`, a.Actor.UserAgent)
	b = appendMember(b, `},"requestId":`, a.RequestID)
	b = append(b, `,"resource":`...)
	b = a.Resource.appendJSON(b)
	b = appendMember(b, `,"result":`, a.Result)
	b = append(b, `,"timestamp":"`...)
	b = a.Timestamp.UTC().Truncate(time.Second).AppendFormat(b, time.RFC3339)
	return append(b, `"}`...)
}

func (r *Resource) appendJSON(b []byte) []byte {
	b = append(b, '{')
	open := len(b) // members from the second on begin with a comma
	if r.Item != nil {
		b = append(appendMember(b, `"item":{"id":`, r.Item.ID), '}')
	}
	if r.ItemVersion != 0 {
		b = appendComma(b, open)
		b = strconv.AppendInt(append(b, `"itemVersion":`...), int64(r.ItemVersion), 10)
	}
	if r.Type != "" {
		b = appendMember(appendComma(b, open), `"type":`, r.Type)
	}
	if r.Vault != nil {
		b = append(appendMember(appendComma(b, open), `"vault":{"id":`, r.Vault.ID), '}')
	}
	return append(b, '}')
}

func appendComma(b []byte, open int) []byte {
	if len(b) > open {
		return append(b, ',')
	}
	return b
}

// appendMember appends lead and a text in quotes. encoding/json encodes a text that has characters to escape.
func appendMember(b []byte, lead, text string) []byte {
	b = append(b, lead...)
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ', c >= 0x80, c == '"', c == '\\', c == '<', c == '>', c == '&':
			escaped, _ := json.Marshal(text) // a text always encodes
			return append(b, escaped...)
		}
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}
