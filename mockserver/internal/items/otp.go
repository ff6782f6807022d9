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

// otpSource generates the codes of an OTP field. Without a secret there are none.
type otpSource struct {
	secret  string
	options totp.ValidateOpts
}

// parseOTP parses the value of an OTP field: an otpauth:// URL or a secret in
// base32, which may have spaces and hyphens between its groups. An otpauth:// URL
// without a secret, or of another kind than totp, is valid but has no codes [W
// the Go client was seen to send one; that it is valid: G].
func parseOTP(value string) (otpSource, error) {
	a := otpSource{options: totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}}
	if !strings.HasPrefix(ascii.ToLower(value), "otpauth://") {
		a.secret = normalizeSecret(value)
		return a, checkSecret(a.secret)
	}
	u, err := url.Parse(value)
	if err != nil {
		return a, connect.InvalidOTP()
	}
	query := u.Query()
	// Authenticator apps support no values outside of these ranges [G].
	digits, err1 := parseNumber(query.Get("digits"), 6, 6, 10)
	period, err2 := parseNumber(query.Get("period"), 30, 1, 3600)
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
	a.secret = normalizeSecret(query.Get("secret"))
	return a, checkSecret(a.secret)
}

// code returns the code at a time, "" if there is none.
func (a otpSource) code(now time.Time) string {
	if a.secret == "" {
		return ""
	}
	code, err := totp.GenerateCodeCustom(a.secret, now, a.options)
	if err != nil {
		return "" // impossible: parseOTP has checked the secret and the options
	}
	return code
}

func algorithms() map[string]otp.Algorithm {
	return map[string]otp.Algorithm{
		"": otp.AlgorithmSHA1, "SHA1": otp.AlgorithmSHA1,
		"SHA256": otp.AlgorithmSHA256, "SHA512": otp.AlgorithmSHA512,
	}
}

// parseNumber returns the number in a text, or the default for "".
func parseNumber(text string, defaultValue, lowest, highest int) (int, error) {
	if text == "" {
		return defaultValue, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < lowest || n > highest {
		return 0, connect.InvalidOTP()
	}
	return n, nil
}

// normalizeSecret returns a secret in the form that a decoder accepts. Like
// authenticator apps it drops a last character that does not fill a byte [G].
func normalizeSecret(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, " ", ""), "-", "")
	text = strings.TrimRight(ascii.ToUpper(text), "=")
	switch len(text) % 8 {
	case 1, 3, 6:
		return text[:len(text)-1]
	}
	return text
}

func checkSecret(secret string) error {
	_, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil || secret == "" {
		return connect.InvalidOTP()
	}
	return nil
}

// hasCode reports whether a field is a one-time password with a value.
func hasCode(f connect.Field) bool { return f.Type == otpType && f.Value != "" }

// WithCodes returns the item with the codes that its one-time passwords have at a
// time [R that OTP fields have one]. It does not change the item that is passed
// in, and returns one without codes as it is.
func WithCodes(it connect.Item, now time.Time) connect.Item {
	if !slices.ContainsFunc(it.Fields, hasCode) {
		return it
	}
	it.Fields = slices.Clone(it.Fields)
	for i, f := range it.Fields {
		if !hasCode(f) {
			continue
		}
		if a, err := parseOTP(f.Value); err == nil {
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
		a, err := parseOTP(f.Value)
		if err != nil {
			continue // it never has a code
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
