package store

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

// A segment is a row of many activity records in a form of its own, because a
// log of millions is mostly the same few actors, vaults and items: a text is
// written once in a segment and later named by its number. A record then takes
// 30 to 60 bytes rather than 400.
//
//	segment = format, record ...
//	record  = flags, request id, seconds since the record before (signed varint),
//	          11 texts, item version (varint)
//	text    = varint 0, length (varint), bytes    the first time: it gets the next number
//	        | varint number                       from 1 on
//	request id = 16 bytes if it is a UUID in its usual form, or a text
const segmentFormat = 1

const (
	flagUUID = 1 << iota
	flagItem
	flagVault
)

var errSegment = errors.New("a segment of the activity log is damaged")

// encoder makes a segment.
type encoder struct {
	data    []byte
	texts   map[string]uint64
	seconds int64
}

func newEncoder() *encoder {
	return &encoder{data: []byte{segmentFormat}, texts: map[string]uint64{}}
}

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
		e.raw(a.RequestID)
	}
	seconds := a.Timestamp.Unix()
	e.data = binary.AppendVarint(e.data, seconds-e.seconds)
	e.seconds = seconds
	for _, text := range [...]string{a.Action, a.Result, a.Actor.Account, a.Actor.ID, a.Actor.IP, a.Actor.JTI,
		a.Actor.RequestIP, a.Actor.UserAgent, a.Resource.Type, vault, item} {
		e.text(text)
	}
	e.data = binary.AppendVarint(e.data, int64(a.Resource.ItemVersion))
}

func (e *encoder) text(s string) {
	if n, ok := e.texts[s]; ok {
		e.data = binary.AppendUvarint(e.data, n)
		return
	}
	e.texts[s] = uint64(len(e.texts) + 1)
	e.data = append(e.data, 0)
	e.raw(s)
}

func (e *encoder) raw(s string) {
	e.data = binary.AppendUvarint(e.data, uint64(len(s)))
	e.data = append(e.data, s...)
}

// decodeSegment reads count records. It never panics, whatever the bytes.
func decodeSegment(data []byte, count int64) ([]connect.Activity, error) {
	const smallest = 1 + 1 + 1 + 11 + 1 // bytes of a record: a count beyond the data is damage, not a reason to allocate
	if len(data) == 0 || data[0] != segmentFormat || count < 0 || count > int64(len(data)/smallest) {
		return nil, errSegment
	}
	d := decoder{data: data[1:]}
	records := make([]connect.Activity, count)
	for i := range records {
		d.record(&records[i])
	}
	if d.bad || len(d.data) != 0 {
		return nil, errSegment
	}
	return records, nil
}

type decoder struct {
	data    []byte
	texts   []string
	seconds int64
	bad     bool // sticky: what follows is made up
}

func (d *decoder) record(a *connect.Activity) {
	flags := d.bytes(1)
	if d.bad {
		return
	}
	if flags[0]&flagUUID != 0 {
		if id := d.bytes(16); !d.bad {
			a.RequestID = unpackUUID([16]byte(id))
		}
	} else {
		a.RequestID = d.raw()
	}
	d.seconds += d.varint()
	a.Timestamp = connect.At(time.Unix(d.seconds, 0))
	var vault, item string
	for _, text := range [...]*string{&a.Action, &a.Result, &a.Actor.Account, &a.Actor.ID, &a.Actor.IP, &a.Actor.JTI,
		&a.Actor.RequestIP, &a.Actor.UserAgent, &a.Resource.Type, &vault, &item} {
		*text = d.text()
	}
	a.Resource.ItemVersion = int(d.varint())
	if flags[0]&flagVault != 0 {
		a.Resource.Vault = &connect.Ref{ID: vault}
	}
	if flags[0]&flagItem != 0 {
		a.Resource.Item = &connect.Ref{ID: item}
	}
}

func (d *decoder) text() string {
	n := d.uvarint()
	if n == 0 && !d.bad {
		s := d.raw()
		d.texts = append(d.texts, s)
		return s
	}
	if n > uint64(len(d.texts)) || d.bad {
		d.bad = true
		return ""
	}
	return d.texts[n-1]
}

func (d *decoder) raw() string { return string(d.bytes(d.uvarint())) }

func (d *decoder) bytes(n uint64) []byte {
	if d.bad || n > uint64(len(d.data)) {
		d.bad = true
		return nil
	}
	b := d.data[:n]
	d.data = d.data[n:]
	return b
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.data)
	if n <= 0 {
		d.bad = true
		return 0
	}
	d.data = d.data[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.data)
	if n <= 0 {
		d.bad = true
		return 0
	}
	d.data = d.data[n:]
	return v
}

// packUUID takes the usual form in lower case only: others would not come back
// as they were.
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

func unpackUUID(id [16]byte) string {
	var b [36]byte
	hex.Encode(b[:8], id[:4])
	hex.Encode(b[9:13], id[4:6])
	hex.Encode(b[14:18], id[6:8])
	hex.Encode(b[19:23], id[8:10])
	hex.Encode(b[24:], id[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}
