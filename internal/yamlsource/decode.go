package yamlsource

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/nearest"
)

// Decoder is implemented by types that decode themselves.
type Decoder interface{ DecodeNode(*Node, *Problems) }

// Decode decodes a node into the value that into points to: structs by their yaml tags, slices, maps with string keys,
// pointers, scalars, durations, and nodes unchanged. It ignores fields tagged "-". A field of type Place without a tag
// gets the place of its struct. Problems are added to ps.
func Decode(n *Node, into any, ps *Problems) { decode(n, reflect.ValueOf(into).Elem(), ps) }

func decode(n *Node, v reflect.Value, ps *Problems) {
	if v.Type() == reflect.TypeFor[*Node]() {
		v.Set(reflect.ValueOf(n))
		return
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		decode(n, v.Elem(), ps)
		return
	}
	if n.Kind == Unreadable {
		return
	}
	if d, ok := v.Addr().Interface().(Decoder); ok {
		d.DecodeNode(n, ps)
		return
	}
	if n.Kind == Null {
		ps.Add(n.At, `leave the key out, or write ""`, "a key without a value")
		return
	}
	if v.Type() == reflect.TypeFor[time.Duration]() {
		decodeDuration(n, v, ps)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		decodeStruct(n, v, ps)
	case reflect.Slice:
		decodeList(n, v, ps)
	case reflect.Map:
		decodeMap(n, v, ps)
	default:
		decodeScalar(n, v, ps)
	}
}

// Keys returns the keys of a struct, in the order of its fields.
func Keys(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" && key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}

func decodeStruct(n *Node, v reflect.Value, ps *Problems) {
	keys := Keys(v.Type())
	if n.Kind != Map {
		ps.Add(n.At, "keys: "+strings.Join(keys, ", "), "must be a mapping, not %s", n.Kind)
		return
	}
	fields := map[string]reflect.Value{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if key := f.Tag.Get("yaml"); key != "" && key != "-" {
			fields[key] = v.Field(i)
		} else if f.Type == reflect.TypeFor[Place]() && key == "" && f.IsExported() {
			v.Field(i).Set(reflect.ValueOf(n.At))
		}
	}
	for _, pair := range n.Pairs {
		if f, ok := fields[pair.Key]; ok {
			decode(pair.Value, f, ps)
			continue
		}
		ps.Add(pair.KeyAt, nearest.Hint(pair.Key, keys), "unknown key %q", pair.Key)
	}
}

func decodeList(n *Node, v reflect.Value, ps *Problems) {
	if n.Kind != List {
		ps.Add(n.At, `each entry after "- "`, "must be a list, not %s", n.Kind)
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items))
	for i, item := range n.Items {
		decode(item, out.Index(i), ps)
	}
	v.Set(out)
}

func decodeMap(n *Node, v reflect.Value, ps *Problems) {
	if n.Kind != Map {
		ps.Add(n.At, "", "must be a mapping, not %s", n.Kind)
		return
	}
	out := reflect.MakeMap(v.Type())
	for _, pair := range n.Pairs {
		value := reflect.New(v.Type().Elem()).Elem()
		decode(pair.Value, value, ps)
		out.SetMapIndex(reflect.ValueOf(pair.Key), value)
	}
	v.Set(out)
}

func decodeScalar(n *Node, v reflect.Value, ps *Problems) {
	switch v.Kind() {
	case reflect.String:
		if n.Kind != List && n.Kind != Map {
			v.SetString(n.Raw)
			return
		}
		ps.Add(n.At, "", "must be text, not %s", n.Kind)
	case reflect.Bool:
		if b, ok := n.Value.(bool); ok {
			v.SetBool(b)
			return
		}
		ps.Add(n.At, "", "must be true or false")
	case reflect.Int:
		if i, ok := n.Value.(int); ok && i >= 0 {
			v.SetInt(int64(i))
			return
		}
		ps.Add(n.At, "", "must be a whole number, zero or more")
	default:
		panic(fmt.Sprintf("yamlsource: can't decode into a %s", v.Type()))
	}
}

func decodeDuration(n *Node, v reflect.Value, ps *Problems) {
	d, err := time.ParseDuration(n.Raw)
	if err != nil || d <= 0 {
		ps.Add(n.At, "like 200ms, 5s or 1m30s", "must be a duration")
		return
	}
	v.SetInt(int64(d))
}

// SortedKeys returns the sorted keys of a map.
func SortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
