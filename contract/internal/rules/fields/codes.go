package fields

import (
	"fmt"
	"strings"
	"time"

	"github.com/connectmock/connectmock/contract/internal/call"
	"github.com/connectmock/connectmock/contract/internal/check"
	"github.com/connectmock/connectmock/contract/internal/operation"
	"github.com/connectmock/connectmock/contract/rule"
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/onsi/gomega"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// CodeRules returns the rules about values that a server computes: generated
// passwords and one-time codes.
func CodeRules() []check.Rule {
	return check.WithDefaults(rule.Rule{
		Tag: "Items", Touches: rule.OwnItems, Needs: []rule.Capability{rule.Write}, Operations: operation.OfNewItem(),
	}, []check.Rule{
		{Rule: rule.Rule{ID: "fields/otp-has-code", Level: rule.Must,
			Evidence: "[R] captured responses; [C] op and JS SDK read totp",
			Text: "A one-time password has the type OTP, its value and the current code in " +
				"totp; other fields have no totp"},
			Check: func(s *check.Session) { expectCode(s, "otp", call.OTPURL()) }},
		{Rule: rule.Rule{ID: "fields/otp-obeys-its-url", Level: rule.Should,
			Evidence: "[D] API reference: the value is an otpauth:// URL, with its own algorithm, digits and period",
			Text:     "The code is computed with the algorithm, digits and period in the URL"},
			Check: func(s *check.Session) {
				expectCode(s, "OTP",
					"otpauth://totp/Example:wendy?secret=KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"+
						"&issuer=Example&algorithm=SHA256&digits=8&period=60")
			}},
		{Rule: rule.Rule{ID: "fields/otp-secret-lengths", Level: rule.Should,
			Evidence: "[D] RFC 4648: base32 without padding has these lengths; [G] that a server takes each of them",
			Text: "One-time passwords whose secrets have 20, 21, 23, 24 and 26 characters " +
				"are accepted and have codes"},
			Check: func(s *check.Session) { expectCodesOfLengths(s, 20, 21, 23, 24, 26) }},
		{Rule: rule.Rule{ID: "fields/otp-without-secret", Level: rule.Observed,
			Evidence: "[W] captured clients send one; [G] that it is accepted and has no code",
			Text:     "An otpauth:// URL without a secret is accepted and kept, and has no code"},
			Check: func(s *check.Session) {
				const url = "otpauth://totp/Example:wendy?issuer=Example"
				f := createField(s, connect.FieldInput{Label: "code", Type: "OTP", Value: url})
				s.Expect(f.Type).To(gomega.Equal("OTP"), "type of the field with the one-time code")
				s.Expect(f.Value).To(gomega.Equal(url), "value of the field with the one-time code")
				s.Expect(f.TOTP).To(gomega.BeEmpty(), "totp of the field with the one-time code")
			}},
		{Rule: rule.Rule{ID: "fields/totp-id", Level: rule.Observed,
			Evidence: "[C] terraform provider takes a field for a one-time password by this " +
				"id; [G] that servers give it",
			Text: "A one-time password that is sent without an id gets one that begins with " +
				"TOTP_, other fields do not"},
			Check: func(s *check.Session) {
				f := createField(s, connect.FieldInput{Label: "code", Type: "OTP", Value: call.OTPURL()})
				s.Expect(f.ID).To(gomega.MatchRegexp("^TOTP_.+"), "id of the one-time password")
				f = createField(s, connect.FieldInput{Label: "plain", Type: "CONCEALED", Value: "x"})
				s.Expect(f.ID).NotTo(gomega.HavePrefix("TOTP_"), "id of another field")
			}},
		{Rule: rule.Rule{ID: "fields/generate", Level: rule.Must, Evidence: "[D] API reference",
			Text: "generate sets 32 random characters, letters, digits and symbols, different for each field"},
			Check: func(s *check.Session) {
				var in []connect.FieldInput
				for _, label := range []string{"a", "b", "c", "d"} {
					in = append(in, connect.FieldInput{Label: label, Type: "CONCEALED", Generate: true})
				}
				it := s.ReadItem(s.Create(call.NoteWith(in...)).ID)
				all := ""
				for _, f := range in {
					value := s.FieldWithLabel(it, f.Label).Value
					s.Expect(value).To(gomega.MatchRegexp(`^[!-~]{32}$`),
						"generated value of the field labelled %s", f.Label)
					s.Expect(all).NotTo(gomega.ContainSubstring(value),
						"generated values of the fields before this one")
					all += value
				}
				// 128 random characters have some of each class.
				s.Expect(all).To(gomega.MatchRegexp(`[A-Za-z]`), "generated values of all fields together")
				s.Expect(all).To(gomega.MatchRegexp(`[0-9]`), "generated values of all fields together")
				s.Expect(all).To(gomega.MatchRegexp(`[^A-Za-z0-9]`), "generated values of all fields together")
			}},
		{Rule: rule.Rule{ID: "fields/generate-by-recipe", Level: rule.Must, Evidence: "[T] Java client",
			Text: "generate with the recipe LETTERS and length 30 sets 30 letters"},
			Check: func(s *check.Session) {
				in := connect.ItemInput{Category: "LOGIN", Fields: []connect.FieldInput{
					{Purpose: "PASSWORD", Generate: true,
						Recipe: &connect.Recipe{Length: 30, CharacterSets: []string{"LETTERS"}}},
				}}
				created := s.Create(in)
				s.Expect(s.Field(created, "password").Value).To(gomega.MatchRegexp(`^[A-Za-z]{30}$`),
					"generated value of the field password")
				s.Expect(s.Field(s.ReadItem(created.ID), "password").Value).
					To(gomega.Equal(s.Field(created, "password").Value),
						"value of the field password, read again")
			}},
		{Rule: rule.Rule{ID: "fields/generate-excludes", Level: rule.Should, Evidence: "[D] API reference",
			Text: "generate uses only the character sets of the recipe, without the excluded " +
				"letters, digits and symbols"},
			Check: func(s *check.Session) {
				const excluded = "!@.*-aeiouyAEIOUY" // some of the symbols of 1Password's generator are left
				word := createField(s, connect.FieldInput{Label: "word", Type: "CONCEALED", Generate: true,
					Recipe: &connect.Recipe{Length: 64, CharacterSets: []string{"LETTERS", "SYMBOLS"},
						ExcludeCharacters: excluded}}).Value
				s.Expect(word).To(gomega.MatchRegexp(`^[!-/:-~]{64}$`), "generated value of the field labelled word")
				s.Expect(strings.ContainsAny(word, excluded)).To(gomega.BeFalse(),
					"whether the generated value has an excluded character")
				f := createField(s, connect.FieldInput{Label: "pin", Type: "CONCEALED", Generate: true,
					Recipe: &connect.Recipe{Length: 64, CharacterSets: []string{"DIGITS"}, ExcludeCharacters: "0123"}})
				s.Expect(f.Value).To(gomega.MatchRegexp(`^[4-9]{64}$`), "generated value of the field labelled pin")
			}},
		{Rule: rule.Rule{ID: "fields/password-has-entropy", Level: rule.Observed,
			Evidence: "[R] recorded passwords have 130.0688 and 189.7836, which is that of 32 of 61 characters",
			Text:     "A generated password has its entropy in bits, 189.78 without a recipe; other fields have none"},
			Check: func(s *check.Session) {
				it := s.ReadItem(s.Create(connect.ItemInput{Category: "LOGIN", Fields: []connect.FieldInput{
					{Purpose: "USERNAME", Value: "wendy"}, {Purpose: "PASSWORD", Generate: true},
				}}).ID)
				s.Expect(s.Field(it, "password").Entropy).To(gomega.BeNumerically("~", 189.78, 0.01),
					"entropy of the field password")
				s.Expect(s.Field(it, "username").Entropy).To(gomega.BeZero(), "entropy of the field username")
			}},
	})
}

// expectCode creates an item with a one-time password and asserts that it has the
// code that expectCode computes from the URL.
func expectCode(s *check.Session, kind, url string) {
	it := s.Create(call.NoteWith(
		connect.FieldInput{ID: "TOTP_code", Label: "code", Type: kind, Value: url},
		connect.FieldInput{Label: "plain", Value: "x"},
	))
	start := time.Now()
	res := s.Do("GetVaultItemById", call.Item(it.ID)).ExpectStatus(200)
	took := time.Since(start)
	it = res.Item()
	f := s.FieldWithLabel(it, "code")
	s.Expect(f.Type).To(gomega.Equal("OTP"), "type of the field with the one-time code")
	s.Expect(f.Value).To(gomega.Equal(url), "value of the field with the one-time code")
	s.Expect(f.TOTP).To(gomega.BeElementOf(computeCodes(s, url, res, took)), "totp of the field with the one-time code")
	s.Expect(s.FieldWithLabel(it, "plain").TOTP).To(gomega.BeEmpty(), "totp of the field labelled plain")
}

// expectCodesOfLengths creates an item with a one-time password for each length of a secret, and asserts that each has
// its code.
func expectCodesOfLengths(s *check.Session, lengths ...int) {
	urls := map[string]string{}
	var fields []connect.FieldInput
	for _, n := range lengths {
		label := fmt.Sprintf("secret of %d characters", n)
		urls[label] = "otpauth://totp/Example:wendy?secret=" + strings.Repeat("KRSXG5CTMVRXEZLU", 2)[:n] +
			"&issuer=Example"
		fields = append(fields, connect.FieldInput{Label: label, Type: "OTP", Value: urls[label]})
	}
	it := s.Create(call.NoteWith(fields...))
	start := time.Now()
	res := s.Do("GetVaultItemById", call.Item(it.ID)).ExpectStatus(200)
	took := time.Since(start)
	for _, in := range fields {
		s.Expect(s.FieldWithLabel(res.Item(), in.Label).TOTP).
			To(gomega.BeElementOf(computeCodes(s, urls[in.Label], res, took)),
				"totp of the field labelled %s", in.Label)
	}
}

// computeCodes returns the codes that a response may have: those of the time in which
// it was made, and of a period before and after it. The Date header, if there is one,
// is the end of that time.
func computeCodes(s *check.Session, url string, res *check.Response, took time.Duration) []string {
	key, err := otp.NewKeyFromURL(url)
	if err != nil {
		check.Abort(err)
	}
	end, err := time.Parse(time.RFC1123, res.Header.Get("Date"))
	if err != nil {
		end = s.Now()
	}
	var list []string
	period := time.Duration(key.Period()) * time.Second
	for at := end.Add(-took - period); !at.After(end.Add(period)); at = at.Add(period) {
		list = append(list, computeCode(key, at))
	}
	return append(list, computeCode(key, end.Add(period)))
}

// computeCode returns the code at a time.
func computeCode(key *otp.Key, at time.Time) string {
	text, err := totp.GenerateCodeCustom(strings.ToUpper(key.Secret()), at, totp.ValidateOpts{
		Period: uint(key.Period()), Digits: key.Digits(), Algorithm: key.Algorithm(),
	})
	if err != nil {
		check.Abort(err)
	}
	return text
}
