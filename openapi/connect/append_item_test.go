package connect_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/connectmock/connectmock/openapi/connect"
)

// Whatever is in an item, it and its summary are appended as encoding/json writes them.
func TestItem_AppendJSONIsEncodingJSON(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.Just(""), rapid.StringMatching(`[a-zA-Z0-9 .:/-]{1,12}`), rapid.String(),
		rapid.SampledFrom([]string{"a\"b\\", "<a&b>", "\x00\x1f\x7f", "\u2028\u2029", "\xff\xc3", "日本", "😀\t\n"}))
	section := rapid.Ptr(rapid.Map(rapid.SliceOfN(text, 2, 2), func(s []string) connect.Section {
		return connect.Section{ID: s[0], Label: s[1]}
	}), true)
	moment := rapid.Map(rapid.Int64Range(-1<<36, 1<<39), func(s int64) connect.Time {
		return connect.Time{Time: time.Unix(s, 999_999_999).In(time.FixedZone("", int(s%3600)))}
	})
	details := rapid.Ptr(rapid.Custom(func(t *rapid.T) connect.PasswordDetails {
		return connect.PasswordDetails{
			Entropy: rapid.Int().Draw(t, "entropy"), Generated: rapid.Bool().Draw(t, "generated"),
			History: rapid.SliceOfN(text, 0, 2).Draw(t, "history"), Strength: text.Draw(t, "strength"),
		}
	}), true)
	field := rapid.Custom(func(t *rapid.T) connect.Field {
		return connect.Field{
			Entropy: rapid.OneOf(rapid.Just(0.0), rapid.Float64()).Draw(t, "entropy"), ID: text.Draw(t, "id"),
			Label: text.Draw(t, "label"), PasswordDetails: details.Draw(t, "details"), Purpose: text.Draw(t, "purpose"),
			Section: section.Draw(t, "section"), TOTP: text.Draw(t, "totp"), Type: text.Draw(t, "type"),
			Value: text.Draw(t, "value"),
		}
	})
	file := rapid.Custom(func(t *rapid.T) connect.File {
		return connect.File{
			Content: rapid.SliceOfN(rapid.Byte(), 0, 4).Draw(t, "content"), ContentPath: text.Draw(t, "path"),
			ID: text.Draw(t, "id"), Name: text.Draw(t, "name"), Section: section.Draw(t, "section"),
			Size: rapid.Int64().Draw(t, "size"),
		}
	})
	link := rapid.Custom(func(t *rapid.T) connect.URL {
		return connect.URL{Href: text.Draw(t, "href"), Label: text.Draw(t, "label"), Primary: rapid.Bool().Draw(t, "primary")}
	})
	rapid.Check(t, func(t *rapid.T) {
		it := connect.Item{
			AdditionalInformation: text.Draw(t, "information"), Category: text.Draw(t, "category"),
			CreatedAt: moment.Draw(t, "created"), Favorite: rapid.Bool().Draw(t, "favorite"),
			Files: rapid.SliceOfN(file, 0, 2).Draw(t, "files"), ID: text.Draw(t, "id"),
			LastEditedBy: text.Draw(t, "editor"), Tags: rapid.SliceOfN(text, 0, 2).Draw(t, "tags"),
			Title: text.Draw(t, "title"), Trashed: rapid.Bool().Draw(t, "trashed"), UpdatedAt: moment.Draw(t, "updated"),
			URLs:    rapid.SliceOfN(link, 0, 2).Draw(t, "urls"),
			Vault:   connect.VaultRef{ID: text.Draw(t, "vault"), Name: text.Draw(t, "name")},
			Version: rapid.Int().Draw(t, "version"),
		}
		if rapid.Bool().Draw(t, "fields") {
			it.Fields = rapid.SliceOfN(field, 0, 3).Draw(t, "list")
		}
		if s := section.Draw(t, "section"); s != nil {
			it.Sections = []connect.Section{*s, {}}
		}
		summary := it.Summary()
		for _, one := range []struct{ want, got any }{
			{it, json.RawMessage(it.AppendJSON([]byte("["))[1:])},
			{summary, json.RawMessage(summary.AppendJSON([]byte("["))[1:])},
		} {
			want, err := json.Marshal(one.want)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(one.got.(json.RawMessage)); got != string(want) {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		}
	})
}

// A member that is added to a type and not to its encoder is found here: every member of every type is set.
func TestItem_AppendJSONHasEveryMember(t *testing.T) {
	t.Parallel()
	var it connect.Item
	var summary connect.Summary
	setMembers(t, reflect.ValueOf(&it).Elem())
	setMembers(t, reflect.ValueOf(&summary).Elem())
	for _, one := range []struct {
		value any
		got   []byte
	}{{it, it.AppendJSON(nil)}, {summary, summary.AppendJSON(nil)}} {
		want, err := json.Marshal(one.value)
		if err != nil {
			t.Fatal(err)
		}
		if string(one.got) != string(want) {
			t.Errorf("%T\ngot  %s\nwant %s", one.value, one.got, want)
		}
	}
}

// setMembers gives each member below a value a value of its own.
func setMembers(t *testing.T, v reflect.Value) {
	t.Helper()
	if v.Type() == reflect.TypeFor[connect.Time]() {
		v.Set(reflect.ValueOf(connect.Time{Time: time.Unix(1, 0)}))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			setMembers(t, v.Field(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		setMembers(t, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		setMembers(t, v.Index(0))
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint8:
		v.SetUint(7)
	case reflect.Float64:
		v.SetFloat(1.5)
	default:
		t.Fatalf("no value for a %s", v.Type())
	}
}
