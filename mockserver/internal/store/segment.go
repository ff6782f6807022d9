package store

import (
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

// A segment is a row with many activity records. It has its own format because a
// log of millions of records repeats the same few actors, vaults and items: a
// text is written once in a segment and then referred to by its number. A record
// takes 30 to 60 bytes instead of 400.
//
//	segment = format, record ...
//	record  = flags, request id, seconds since the record before (signed varint),
//	          11 texts, item version (varint)
//	text    = varint 0, length (varint), bytes    a new text: it gets the next number
//	        | varint number                       a known text; numbers start at 1
//	request id = 16 bytes with flagUUID, else length (varint), bytes
const segmentFormat = 1

const (
	flagUUID = 1 << iota
	flagItem
	flagVault
)

var errSegment = errors.New("a segment of the activity log is damaged")

// textsPerRecord is the number of texts in a record.
const textsPerRecord = 11

// encoder encodes a segment.
type encoder struct {
	data    []byte
	texts   map[string]uint64
	seconds int64
	last    [textsPerRecord]numberedText // texts of the previous record, which are often the same
}

// numberedText is a text with its number, 0 if it has none yet.
type numberedText struct {
	text   string
	number uint64
}

func newEncoder() *encoder {
	return &encoder{data: []byte{segmentFormat}, texts: map[string]uint64{}}
}

// add appends a record.
func (e *encoder) add(a *connect.Activity) {
	var flags byte
	var item, vault string
	if a.Resource.Item != nil {
		flags, item = flags|flagItem, a.Resource.Item.ID
	}
	if a.Resource.Vault != nil {
		flags, vault = flags|flagVault, a.Resource.Vault.ID
	}
	if id, ok := packUUID(a.RequestID); ok {
		e.data = append(e.data, flags|flagUUID)
		e.data = append(e.data, id[:]...)
	} else {
		e.data = append(e.data, flags)
		e.appendString(a.RequestID)
	}
	seconds := a.Timestamp.Unix()
	e.data = binary.AppendVarint(e.data, seconds-e.seconds)
	e.seconds = seconds
	for i, text := range [textsPerRecord]string{a.Action, a.Result, a.Actor.Account, a.Actor.ID, a.Actor.IP, a.Actor.JTI,
		a.Actor.RequestIP, a.Actor.UserAgent, a.Resource.Type, vault, item} {
		if last := &e.last[i]; last.number > 0 && last.text == text {
			e.data = binary.AppendUvarint(e.data, last.number)
		} else {
			*last = numberedText{text, e.text(text)}
		}
	}
	e.data = binary.AppendVarint(e.data, int64(a.Resource.ItemVersion))
}

// text appends a text or its number, and returns the number.
func (e *encoder) text(s string) uint64 {
	if n, ok := e.texts[s]; ok {
		e.data = binary.AppendUvarint(e.data, n)
		return n
	}
	n := uint64(len(e.texts) + 1)
	e.texts[s] = n
	e.data = append(e.data, 0)
	e.appendString(s)
	return n
}

// appendString appends the length and the bytes of a text.
func (e *encoder) appendString(s string) {
	e.data = binary.AppendUvarint(e.data, uint64(len(s)))
	e.data = append(e.data, s...)
}

// decodeSegment decodes a segment of count records. It returns errSegment for
// invalid data, and never panics.
func decodeSegment(data string, count int64) ([]connect.Activity, error) {
	d, err := newDecoder(data, count)
	if err != nil {
		return nil, err
	}
	records := d.records(make([]connect.Activity, 0, count), count)
	if d.bad || d.at != len(d.data) {
		return nil, errSegment
	}
	return records, nil
}

// decoder decodes a segment. The texts of its records share the memory of data,
// unless data is large.
type decoder struct {
	data      string
	at        int
	texts     []string
	seconds   int64
	bad       bool // the data is invalid; later results are meaningless
	copyTexts bool // copy texts, so that they do not keep data in memory
}

// largeSegment is the size in bytes from which on texts are copied: older
// versions stored user agents of any length.
const largeSegment = 1 << 18

// newDecoder returns a decoder of a segment with count records.
func newDecoder(data string, count int64) (*decoder, error) {
	const minRecord = 1 + 1 + 1 + textsPerRecord + 1 // bytes; a larger count is damage, and must not be allocated
	if len(data) == 0 || data[0] != segmentFormat || count < 0 || count > int64(len(data)/minRecord) {
		return nil, errSegment
	}
	return &decoder{data: data, at: 1, texts: make([]string, 0, 64), copyTexts: len(data) > largeSegment}, nil
}

// skip skips the next n records. It has to read them: later ones refer to their
// texts.
func (d *decoder) skip(n int64) {
	var r packedRecord
	for range n {
		d.next(&r)
	}
}

// records appends the next n records to a list.
func (d *decoder) records(list []connect.Activity, n int64) []connect.Activity {
	refs := make([]connect.Ref, 2*n) // one allocation instead of two for each record
	var r packedRecord
	for i := range n {
		list = append(list, connect.Activity{})
		d.record(&r, &list[len(list)-1], &refs[2*i], &refs[2*i+1])
	}
	return list
}

// record reads a record. It uses r, and item and vault if the record has them.
func (d *decoder) record(r *packedRecord, a *connect.Activity, item, vault *connect.Ref) {
	d.next(r)
	t := &r.texts
	*a = connect.Activity{
		Action: t[0], Result: t[1], RequestID: r.request, Timestamp: connect.Time{Time: time.Unix(d.seconds, 0).UTC()},
		Actor:    connect.Actor{Account: t[2], ID: t[3], IP: t[4], JTI: t[5], RequestIP: t[6], UserAgent: t[7]},
		Resource: connect.Resource{Type: t[8], ItemVersion: r.version},
	}
	if r.flags&flagUUID != 0 {
		a.RequestID = unpackUUID(r.request)
	}
	if r.flags&flagVault != 0 {
		a.Resource.Vault, vault.ID = vault, t[9]
	}
	if r.flags&flagItem != 0 {
		a.Resource.Item, item.ID = item, t[10]
	}
}

// packedRecord is a record as it is encoded in a segment.
type packedRecord struct {
	flags   byte
	request string // 16 bytes with flagUUID
	texts   [textsPerRecord]string
	version int
}

// next reads a record.
func (d *decoder) next(r *packedRecord) {
	flags := d.bytes(1)
	if d.bad {
		*r = packedRecord{}
		return
	}
	if r.flags = flags[0]; r.flags&flagUUID != 0 {
		r.request = d.bytes(16)
	} else {
		r.request = d.bytes(d.uvarint())
	}
	d.seconds += d.varint()
	for i := range r.texts {
		r.texts[i] = d.text()
	}
	r.version = int(d.varint())
}

// text reads a text or its number.
func (d *decoder) text() string {
	n := d.uvarint()
	if n == 0 && !d.bad {
		s := d.bytes(d.uvarint())
		if d.copyTexts {
			s = strings.Clone(s)
		}
		d.texts = append(d.texts, s)
		return s
	}
	if n > uint64(len(d.texts)) || d.bad {
		d.bad = true
		return ""
	}
	return d.texts[n-1]
}

// bytes reads n bytes.
func (d *decoder) bytes(n uint64) string {
	if d.bad || n > uint64(len(d.data)-d.at) {
		d.bad = true
		return ""
	}
	s := d.data[d.at : d.at+int(n)]
	d.at += int(n)
	return s
}

// varint reads a signed number.
func (d *decoder) varint() int64 {
	v := d.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

// uvarint reads a number, as binary.Uvarint does from bytes.
func (d *decoder) uvarint() (v uint64) {
	for shift := uint(0); shift < 64 && d.at < len(d.data); shift += 7 {
		c := d.data[d.at]
		d.at++
		if v |= uint64(c&0x7f) << shift; c < 0x80 {
			return v
		}
	}
	d.bad = true
	return 0
}

// packUUID returns the bytes of a UUID in its usual form in lower case. It
// refuses other forms, which unpackUUID would not restore.
func packUUID(s string) (id [16]byte, ok bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			continue
		}
		c := s[i]
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		default:
			return id, false
		}
		id[n/2] = id[n/2]<<4 | c
		n++
	}
	return id, true
}

// unpackUUID returns the usual form of a UUID.
func unpackUUID(id string) string {
	if len(id) != 16 { // a damaged segment
		return ""
	}
	const digits = "0123456789abcdef"
	var b [36]byte
	n := 0
	for i := range len(id) {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b[n] = '-'
			n++
		}
		b[n], b[n+1] = digits[id[i]>>4], digits[id[i]&15]
		n += 2
	}
	return string(b[:])
}
