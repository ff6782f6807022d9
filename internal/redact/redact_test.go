package redact

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRedact_MasksEveryEncoding(t *testing.T) {
	t.Parallel()
	awkward := `p"a's<s>/w+ö & rd` + "\n€😀"
	indented, _ := json.MarshalIndent(map[string]string{"v": awkward}, "", " ")
	for name, test := range map[string]struct {
		secrets    []string
		text, want string
	}{
		"as it is":         {[]string{"hunter2"}, "say hunter2.", "say [redacted]."},
		"too short":        {[]string{"abc"}, "abc", "abc"},
		"none":             {nil, "text", "text"},
		"twice":            {[]string{"hunter2"}, "hunter2hunter2 hunter2", "[redacted] [redacted]"},
		"longest first":    {[]string{"hunter2", "hunter2-and-more"}, "hunter2-and-more", "[redacted]"},
		"overlap":          {[]string{"abcdef", "defghi"}, "xabcdefghix", "x[redacted]x"},
		"the mask itself":  {[]string{"redacted", "hunter2"}, "hunter2", "[redacted]"},
		"JSON":             {[]string{awkward}, string(indented), "{\n \"v\": \"[redacted]\"\n}"},
		"JSON, plain":      {[]string{awkward}, `p\"a's<s>/w+ö & rd\n€😀`, "[redacted]"},
		"JSON, slashes":    {[]string{awkward}, `p\"a's<s>\/w+ö & rd\n€😀`, "[redacted]"},
		"JSON, ASCII":      {[]string{awkward}, `p\"a's<s>/w+\u00f6 & rd\n\u20ac\ud83d\ude00`, "[redacted]"},
		"Go":               {[]string{awkward}, fmt.Sprintf("%q", awkward), `"[redacted]"`},
		"JSON in Go":       {[]string{awkward}, fmt.Sprintf("%q", indented), `"{\n \"v\": \"[redacted]\"\n}"`},
		"JSON in curl":     {[]string{awkward}, quote(string(indented)), "'{\n \"v\": \"[redacted]\"\n}'"},
		"query":            {[]string{awkward}, "?q=" + url.QueryEscape(awkward) + "&x", "?q=[redacted]&x"},
		"path":             {[]string{awkward}, "/" + url.PathEscape(awkward) + "/x", "/[redacted]/x"},
		"path, lower case": {[]string{"a b/c"}, "/a%20b%2fc/", "/[redacted]/"},
		"JavaScript":       {[]string{"a (b)!"}, "a%20(b)!", "[redacted]"},
		"shell":            {[]string{awkward}, quote(awkward), "'[redacted]'"},
		"lines, indented": {[]string{"-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END KEY-----\n"},
			"    -----BEGIN KEY-----\n    MIIEvQIBADANBgkqhkiG\n", "    -----BEGIN KEY-----\n    [redacted]\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r Redactor
			for _, s := range test.secrets {
				if took := r.Add(s); took != (len(s) >= 4) {
					t.Errorf("Add(%q) is %v", s, took)
				}
			}
			if diff := cmp.Diff(test.want, r.Redact(test.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRedactText_MasksTheBeginningOfASecret(t *testing.T) {
	t.Parallel()
	var r Redactor
	r.Add("hunter2-and-more")
	if got := r.RedactText("it is hunter2-a", true); got != "it is [redacted]" {
		t.Errorf("got %q", got)
	}
	if got := r.RedactText("it is hunter2-a", false); got != "it is hunter2-a" {
		t.Errorf("a text that was not cut became %q", got)
	}
}

// A redacted base64 text must not decode to the secret, at any offset.
func TestRedact_MasksBase64AtEveryOffset(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringN(4, 40, 80).Draw(t, "secret")
		before, after := rapid.StringN(0, 8, -1).Draw(t, "before"), rapid.StringN(0, 8, -1).Draw(t, "after")
		var r Redactor
		if !r.Add(secret) {
			t.Skip("shorter than 4 bytes")
		}
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
			text := encoding.EncodeToString([]byte(before + secret + after))
			got := r.Redact(text)
			if !strings.Contains(got, Mask) {
				t.Fatalf("%q in %q stays", secret, text)
			}
			if rest := strings.ReplaceAll(got, Mask, ""); len(rest) > len(text)-len(secret)*4/3+3 {
				t.Fatalf("too much is left of %q: %q", text, got)
			}
		}
	})
}

func TestRedact_HasNoSecretLeft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secrets := rapid.SliceOfN(rapid.StringMatching(`[a-c"'/ ö]{4,9}`), 1, 5).Draw(t, "secrets")
		text := rapid.StringMatching(`[a-c"'/ ö]{0,40}`).Draw(t, "text") + secrets[0]
		var r Redactor
		for _, s := range secrets {
			r.Add(s)
		}
		got := r.Redact(text)
		for _, part := range strings.Split(got, Mask) {
			for _, s := range secrets {
				if strings.Contains(part, s) {
					t.Fatalf("%q of %q stays in %q", s, secrets, got)
				}
			}
		}
		if again := r.Redact(got); again != got {
			t.Fatalf("a second time changes %q to %q", got, again)
		}
	})
}

func TestRedact_MasksPartsOfLongSecrets(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "%dö", i)
	}
	long := b.String()
	var r Redactor
	r.Add(long)
	if got := r.Redact("<" + long + ">"); got != "<[redacted]>" {
		t.Errorf("whole: %d bytes are left", len(got))
	}
	if got := r.RedactText(long[:5000], true); got != Mask {
		t.Errorf("cut: %q", got)
	}
	if got := r.Redact(url.QueryEscape(long)); got != Mask {
		t.Errorf("escaped: %d bytes are left", len(got))
	}
}

func TestLearn_FindsSecretsInBodies(t *testing.T) {
	t.Parallel()
	for body, secret := range map[string]string{
		`{"fields":[{"type":"CONCEALED","value":"S-E-C"}]}`:                                      "S-E-C",
		`{"fields":[{"type":"concealed","value":12345}]}`:                                        "12345",
		`{"fields":[{"purpose":"PASSWORD","type":"STRING","value":"S-E-C"}]}`:                    "S-E-C",
		`{"fields":[{"purpose":"NOTES","type":"STRING","value":"S-E-C"}]}`:                       "S-E-C",
		`{"fields":[{"value":"S-E-C"}]}`:                                                         "S-E-C",
		`{"fields":[{"type":"OTP","value":"otpauth://totp/x?secret=JBSWY3DP"}]}`:                 "JBSWY3DP",
		`{"fields":[{"type":"STRING","totp":"123456","value":"x"}]}`:                             "123456",
		`[{"op":"replace","path":"/fields/password/value","value":"S-E-C"}]`:                     "S-E-C",
		`[{"op":"add","path":"/fields","value":{"type":"CONCEALED","value":"S-E-C"}}]`:           "S-E-C",
		`{"fields":[{"purpose":"PASSWORD","passwordDetails":{"history":["S-E-C","one"]}}]}`:      "S-E-C",
		`{"fields":[{"password_details":{"history":["last","S-E-C"]}}]}`:                         "S-E-C",
		`[{"op":"replace","path":"/fields/password/passwordDetails/history","value":["S-E-C"]}]`: "S-E-C",
		`[{"id":"x","content":"UyEhRSEhQw=="}]`:                                                  "S!!E!!C",
		`{"fields":[{"type":"CONCEALED","value":"left"},{"type":"SSHKEY","value":"S--"}]}`:       "left",
	} {
		var r Redactor
		r.Learn([]byte(body))
		if got := r.Redact("<" + secret + ">"); got != "<[redacted]>" {
			t.Errorf("%s does not teach %q", body, secret)
		}
	}
	var r Redactor
	for _, body := range []string{
		`{"fields":[{"type":"STRING","value":"plain"},{"purpose":"USERNAME","value":"plain"},{"type":"URL","value":"plain"}]}`,
		`[{"op":"replace","path":"/title","value":"plain"}]`, `{"value":`, ``, `"value"`,
	} {
		r.Learn([]byte(body))
	}
	if got := r.Redact("plain"); got != "plain" {
		t.Error("what is no secret is masked")
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("hunter2", "x hunter2 y")
	f.Add("öö", "%c3%b6%c3%b6")
	f.Fuzz(func(t *testing.T, secret, text string) {
		var r Redactor
		if !r.Add(secret) || strings.Contains(Mask, secret) {
			return
		}
		for _, part := range strings.Split(r.Redact(text+secret), Mask) {
			if strings.Contains(part, secret) {
				t.Errorf("%q stays", secret)
			}
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	var r Redactor
	for i := range 1000 {
		r.Add(fmt.Sprintf("secret number %d", i))
	}
	text := strings.Repeat(`{"id":"vaultaaaaaaaaaaaaaaaaaaaaa","items":5,"name":"Home","type":"USER_CREATED"}`, 30)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r.Redact(text)
	}
}

// quote returns text as one word of a POSIX shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// A text of these characters has no other form than base64.
func TestEncodings_OfPlainTextsAreTheSame(t *testing.T) {
	t.Parallel()
	var plain strings.Builder
	for r := rune(0); r < 0x250; r++ {
		forms := append(inJSON(string(r)), inURL(string(r))...)
		other := slices.ContainsFunc(append(forms, strconv.Quote(string(r))[1:]), func(form string) bool {
			return strings.TrimSuffix(form, `"`) != string(r)
		})
		if other && !isEscaped(r) {
			t.Errorf("%q has another form", r)
		}
		if !isEscaped(r) {
			plain.WriteRune(r)
		}
	}
	if plain.Len() != 66 { // letters, digits and -_.~
		t.Errorf("plain: %s", plain.String())
	}
}
