package mockserver_test

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/connectmock/connectmock/openapi/connect"
)

func TestCreate_KeepsTagsURLsSectionsAndIDs(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	it, _ := s.create(t, d.vault("Office"), `{"title":"t","category":"SERVER","favorite":true,"tags":["b","a","Z","é"],
		"urls":[{"href":"example.com","primary":true},{"href":""},{"href":"https://b.example","label":"b"}],
		"sections":[{"id":"Section_78f13ad938a248779fe4e80279","label":"One"},{"label":"Two"}],
		"fields":[{"id":"mine","label":"a","section":{"id":"Section_78f13ad938a248779fe4e80279"},"value":"1"},
			{"label":"b","type":"concealed","value":"2"},{"label":"c","section":{"id":"later"},"value":"3"},
			{"label":"password","value":"no purpose"}]}`)
	wantEqual(t, []string{"Z", "a", "b", "é"}, it.Tags, "tags")
	wantEqual(t, []connect.URL{{Href: "example.com", Primary: true},
		{Href: "https://b.example", Label: "b"}}, it.URLs, "urls")
	a := field(t, it, "a")
	if a.ID != "mine" || a.Section == nil || a.Section.ID != "Section_78f13ad938a248779fe4e80279" ||
		a.Section.Label != "One" {
		t.Errorf("field a is %+v", a)
	}
	if b := field(t, it, "b"); len(b.ID) != 26 || b.Type != "CONCEALED" || b.Section != nil {
		t.Errorf("field b is %+v", b)
	}
	if c := field(t, it, "c"); c.Section == nil || c.Section.ID != "later" ||
		!slices.ContainsFunc(it.Sections, func(s connect.Section) bool { return s.ID == "later" }) {
		t.Errorf("field c is %+v, sections %v", c, it.Sections)
	}
	if p := field(t, it, "password"); p.Purpose != "" || p.Value != "no purpose" {
		t.Errorf("js 108: field password is %+v", p)
	}
}

func TestFields_ConvertDatesMonthsAndOneTimeCodes(t *testing.T) {
	t.Parallel()
	now := newClock()
	now.now = time.Unix(59, 0) // RFC 6238, appendix B
	s, d := newServer(t, connecttest.WithClock(now.Now)), demo(t)
	_, path := s.create(t, d.vault("Office"), `{"title":"t","category":"SERVER","fields":[
		{"id":"d1","type":"DATE","value":"2025-10-02"},{"id":"d2","type":"date","value":"1759363200"},{"id":"d3","type":"DATE"},
		{"id":"m1","type":"MONTH_YEAR","value":"202511"},{"id":"m2","type":"month_year","value":"2025/11"},
		{"id":"o1","type":"OTP","value":"otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8"},
		{"id":"o2","type":"otp","value":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}]}`)
	values := func() map[string]connect.Field {
		all := map[string]connect.Field{}
		for _, f := range s.item(t, path).Fields {
			all[f.ID] = f
		}
		return all
	}
	got := values()
	noon := got["d1"].Value
	if noon != got["d2"].Value && got["d2"].Value != "1759363200" {
		t.Errorf("dates are %q and %q", noon, got["d2"].Value)
	}
	if !regexp.MustCompile(`^\d{10}$`).MatchString(noon) || got["d3"].Value != "" || got["d1"].Type != "DATE" {
		t.Errorf("dates are %+v, %+v", got["d1"], got["d3"])
	}
	if got["m1"].Value != "202511" || got["m2"].Value != "202511" || got["m1"].Type != "MONTH_YEAR" {
		t.Errorf("months are %+v, %+v", got["m1"], got["m2"])
	}
	if got["o1"].TOTP != "94287082" || got["o1"].Type != "OTP" || got["o2"].TOTP != "287082" {
		t.Errorf("codes are %+v, %+v", got["o1"], got["o2"])
	}
	now.advance(time.Second) // the code changes, though the item is cached
	if next := values(); next["o2"].TOTP == "287082" || len(next["o2"].TOTP) != 6 {
		t.Errorf("a period later the code is %q", next["o2"].TOTP)
	}
	now.now = time.Unix(1111111109, 0)
	if next := values(); next["o1"].TOTP != "07081804" {
		t.Errorf("the code is %q, RFC 6238 says 07081804", next["o1"].TOTP)
	}
	list := string(s.get(t, d.items("Office")).body)
	if strings.Contains(list, "totp") || strings.Contains(list, "GEZDG") {
		t.Error("the list holds a code or a secret")
	}
	post := func(field string) response {
		return s.send(t, "POST", d.items("Office"), `{"title":"t","category":"SERVER","fields":[`+field+`]}`)
	}
	for _, bad := range []string{"11/2025", "2025-11", "202513", "202500", "20251", "November"} {
		post(`{"type":"MONTH_YEAR","value":"`+bad+`"}`).wantError(t, connect.InvalidMonthYear())
	}
	for _, bad := range []string{"02.10.2025", "2025-02-30", "yesterday", "2025-1-2"} {
		post(`{"type":"DATE","value":"`+bad+`"}`).wantError(t, connect.InvalidDate())
	}
	post(`{"type":"TOTP","value":"x"}`).wantError(t,
		connect.ItemInvalid("details.sections[0].fields[0] has unsupported field type: totp"))
}

func TestFields_GeneratePasswords(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), demo(t)
	for recipe, want := range map[string]string{
		``: `^[A-Za-z0-9!@.\-_*]{32}$`,
		`,"recipe":{"length":30,"characterSets":["LETTERS"]}`:                          `^[A-Za-z]{30}$`,
		`,"recipe":{"length":64,"characterSets":["DIGITS"],"excludeCharacters":"234"}`: `^[0156789]{64}$`,
		`,"recipe":{"length":1}`:    `^.$`,
		`,"recipe":{}`:              `^.{32}$`,
		`,"recipe":null,"value":""`: `^.{32}$`,
		`,"recipe":{"characterSets":[],"excludeCharacters":""}`: `^.{32}$`,
	} {
		it, _ := s.create(t, d.vault("Office"),
			`{"title":"t","category":"PASSWORD","fields":[{"purpose":"PASSWORD","generate":true`+recipe+`}]}`)
		f := field(t, it, "PASSWORD")
		if !regexp.MustCompile(want).MatchString(f.Value) {
			t.Errorf("%s: generated %q", recipe, f.Value)
		}
		if f.Entropy <= 0 || math.IsInf(f.Entropy, 0) {
			t.Errorf("%s: entropy %v", recipe, f.Entropy)
		}
	}
	// A PUT generates a new value when asked to, and else keeps the value.
	it, path := s.create(t, d.vault("Office"),
		`{"title":"t","category":"LOGIN","fields":[{"purpose":"PASSWORD","generate":true}]}`)
	kept := decode[connect.Item](t, s.send(t, "PUT", path, it))
	if kept.Fields[1].Value != it.Fields[1].Value || kept.Fields[1].Entropy != it.Fields[1].Entropy {
		t.Errorf("password was %+v, after a PUT it is %+v", it.Fields[1], kept.Fields[1])
	}
	put := `{"title":"t","category":"LOGIN","vault":{"id":"` + d.vault("Office") +
		`"},"fields":[{"id":"password","purpose":"PASSWORD","generate":true}]}`
	if again := decode[connect.Item](t, s.send(t, "PUT", path, put)); again.Fields[1].Value == it.Fields[1].Value ||
		len(again.Fields[1].Value) != 32 {
		t.Errorf("regenerated to %+v", again.Fields[1])
	}
}
