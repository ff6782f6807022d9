package items

import (
	"encoding/base32"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connectmock/connectmock/internal/ascii"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/connectmock/connectmock/openapi/connect"
)

// An authenticator is what the value of an OTP field says: how to make codes.
// Without a secret there are none.
type authenticator struct {
	secret  string
	options totp.ValidateOpts
}

// readOTP reads the value of an OTP field: an otpauth:// URL or a bare secret
// in base32, blanks and hyphens between its groups allowed. An otpauth:// URL
// without a secret, or one of another kind than totp, is good but makes no
// codes [W the Go client was seen to send one; that it is good: G].
func readOTP(value string) (authenticator, error) {
	a := authenticator{options: totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}}
	if !strings.HasPrefix(ascii.ToLower(value), "otpauth://") {
		a.secret = seed(value)
		return a, checkSeed(a.secret)
	}
	u, err := url.Parse(value)
	if err != nil {
		return a, connect.InvalidOTP()
	}
	query := u.Query()
	// Ranges outside of which no authenticator app makes codes [G].
	digits, err1 := number(query.Get("digits"), 6, 6, 10)
	period, err2 := number(query.Get("period"), 30, 1, 3600)
	algorithm, known := algorithms()[ascii.ToUpper(query.Get("algorithm"))]
	if err1 != nil || err2 != nil || !known {
		return a, connect.InvalidOTP()
	}
	a.options = totp.ValidateOpts{
		Period: uint(period), Digits: otp.Digits(digits), Algorithm: algorithm,
	}
	if ascii.EqualFold(u.Host, "hotp") || !query.Has("secret") {
		return a, nil
	}
	a.secret = seed(query.Get("secret"))
	return a, checkSeed(a.secret)
}

// code is the code of a moment, "" if there is none.
func (a authenticator) code(now time.Time) string {
	if a.secret == "" {
		return ""
	}
	code, err := totp.GenerateCodeCustom(a.secret, now, a.options)
	if err != nil {
		return "" // readOTP has checked all that could be wrong
	}
	return code
}

func algorithms() map[string]otp.Algorithm {
	return map[string]otp.Algorithm{
		"": otp.AlgorithmSHA1, "SHA1": otp.AlgorithmSHA1,
		"SHA256": otp.AlgorithmSHA256, "SHA512": otp.AlgorithmSHA512,
	}
}

func number(text string, otherwise, least, most int) (int, error) {
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, connect.InvalidOTP()
	}
	return n, nil
}

// seed is a secret as a decoder wants it. Like authenticator apps do, it drops
// a last character that does not fill a byte [G].
func seed(text string) string {
	text = strings.NewReplacer(" ", "", "-", "").Replace(text)
	text = strings.TrimRight(ascii.ToUpper(text), "=")
	switch len(text) % 8 {
	case 1, 3, 6:
		return text[:len(text)-1]
	}
	return text
}

func checkSeed(seed string) error {
	_, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(seed)
	if err != nil || seed == "" {
		return connect.InvalidOTP()
	}
	return nil
}

// HasCodes says whether an item looks different from moment to moment: it has a
// one-time password with a value.
func HasCodes(it connect.Item) bool {
	return slices.ContainsFunc(it.Fields, hasCode)
}

func hasCode(f connect.Field) bool { return f.Type == otpType && f.Value != "" }

// WithCodes is the item with the codes its one-time passwords have at that moment
// [R that OTP fields carry one]. The item given is not changed; if it is not
// live it is returned as it is.
func WithCodes(it connect.Item, now time.Time) connect.Item {
	if !HasCodes(it) {
		return it
	}
	it.Fields = slices.Clone(it.Fields)
	for i, f := range it.Fields {
		if !hasCode(f) {
			continue
		}
		if a, err := readOTP(f.Value); err == nil {
			it.Fields[i].TOTP = a.code(now)
		}
	}
	return it
}

// CodePeriod are the moments from and until which an item has the codes it has
// at now; both are zero for one that is not live.
func CodePeriod(it connect.Item, now time.Time) (from, until time.Time) {
	seconds := now.Unix()
	for _, f := range it.Fields {
		if !hasCode(f) {
			continue
		}
		a, err := readOTP(f.Value)
		if err != nil {
			continue // it has no code, then as now
		}
		period := int64(a.options.Period)
		since := (seconds%period + period) % period
		begins := time.Unix(seconds-since, 0)
		ends := begins.Add(time.Duration(period) * time.Second)
		if from.IsZero() || begins.After(from) {
			from = begins
		}
		if until.IsZero() || ends.Before(until) {
			until = ends
		}
	}
	return from, until
}
