package yamlsource

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Decoder is a type that reads a node by itself.
type Decoder interface{ DecodeNode(*Node, *Problems) }

// Decode reads a node into what the pointer points to: structs by their yaml
// tags, slices, maps with text for keys, pointers, scalars, durations, nodes as
// they are. A member tagged "-" is left out. A field of type Place and without
// a tag gets the place of its struct. Mistakes are collected, not returned.
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
		duration(n, v, ps)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		members(n, v, ps)
	case reflect.Slice:
		list(n, v, ps)
	case reflect.Map:
		words(n, v, ps)
	default:
		scalar(n, v, ps)
	}
}

// Keys are the keys of a struct, in its order.
func Keys(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" && key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}

func members(n *Node, v reflect.Value, ps *Problems) {
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
		ps.Add(pair.KeyAt, DidYouMean(pair.Key, keys), "unknown key %q", pair.Key)
	}
}

func list(n *Node, v reflect.Value, ps *Problems) {
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

func words(n *Node, v reflect.Value, ps *Problems) {
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

func scalar(n *Node, v reflect.Value, ps *Problems) {
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
		ps.Add(n.At, "", "must be a whole number, not below zero")
	default:
		panic(fmt.Sprintf("source: no way to read a %s", v.Type()))
	}
}

func duration(n *Node, v reflect.Value, ps *Problems) {
	d, err := time.ParseDuration(n.Raw)
	if err != nil || d <= 0 {
		ps.Add(n.At, "like 200ms, 5s or 1m30s", "must be a length of time")
		return
	}
	v.SetInt(int64(d))
}

// SortedKeys are the keys of a map in order.
func SortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
