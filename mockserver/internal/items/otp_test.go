package items_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
)

func withOTP(t testing.TB, value string) (connect.Item, error) {
	t.Helper()
	return items.Create(connect.ItemInput{Title: "t", Category: "LOGIN",
		Fields: []connect.FieldInput{{ID: "code", Type: "otp", Value: value}}}, vault(), options())
}

// The secrets and codes are those of RFC 6238, appendix B.
func TestWithCodes_HasTheCodesOfRFC6238(t *testing.T) {
	t.Parallel()
	const (
		seed20 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
		seed32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA"
		seed64 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA"
	)
	url := func(secret, rest string) string {
		return fmt.Sprintf("otpauth://totp/Example:a@example.com?secret=%s&issuer=Example%s", secret, rest)
	}
	for _, tt := range []struct {
		value string
		at    int64
		want  string
	}{
		{url(seed20, "&digits=8"), 59, "94287082"},
		{url(seed20, "&digits=8&algorithm=SHA1&period=30"), 1111111109, "07081804"},
		{url(seed32, "&digits=8&algorithm=SHA256"), 59, "46119246"},
		{url(seed64, "&digits=8&algorithm=sha512"), 20000000000, "47863826"},
		{url(seed20, ""), 59, "287082"},
		{url(seed20, "&period=60"), 119, "287082"},
		{"OTPAUTH://totp/x?secret=" + seed20, 59, "287082"},
		{seed20, 59, "287082"},
		{"gezd gnbv gy3t qojq-gezd gnbv gy3t qojq", 59, "287082"},
		{"otpauth://x", 59, ""},
		{"otpauth://hotp/x?counter=1&secret=" + seed20, 59, ""},
	} {
		it, err := withOTP(t, tt.value)
		if err != nil {
			t.Errorf("%s: %v", tt.value, err)
			continue
		}
		now := items.WithCodes(it, time.Unix(tt.at, 0))
		if got := field(t, now, "code"); got.TOTP != tt.want || got.Value != tt.value || got.Type != "OTP" {
			t.Errorf("%s at %d: %+v, want code %q", tt.value, tt.at, got, tt.want)
		}
		if field(t, it, "code").TOTP != "" {
			t.Error("WithCodes changed the item that was passed in")
		}
	}
}

func TestCreate_AcceptsSecretsOfAnyLength(t *testing.T) {
	t.Parallel()
	const text = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	for n := 2; n <= len(text); n++ {
		it, err := withOTP(t, "otpauth://totp/x?secret="+text[:n])
		if err != nil {
			t.Errorf("a seed of %d characters: %v", n, err)
			continue
		}
		if code := field(t, items.WithCodes(it, time.Unix(59, 0)), "code").TOTP; len(code) != 6 {
			t.Errorf("a seed of %d characters makes code %q", n, code)
		}
	}
}

func TestCreate_RefusesInvalidSecrets(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		"s3cret!", "A", "otpauth://totp/x?secret=s3cret!", "otpauth://totp/x?secret=",
		"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=0", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=18446744073709551615",
		"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=-6", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=11",
		"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=0", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=s3cret",
		"JBſWY3DPEHPK3PXP", "JBSWY3DPEHPK3PXPı", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=ſHA1",
		"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=MD5", "otpauth://totp/%zz?secret=JBSWY3DPEHPK3PXP",
	} {
		_, err := withOTP(t, value)
		if err == nil {
			t.Errorf("%s was accepted", value)
			continue
		}
		wantError(t, err, 400, "values for field type otp must be an otpauth:// URL or a base32 secret")
	}
}

func TestWithCodes_ReturnsAnItemWithoutCodesUnchanged(t *testing.T) {
	t.Parallel()
	plain := create(t, `{"title":"t","category":"LOGIN","fields":[{"type":"OTP","label":"empty"}]}`)
	if from, until := items.CodePeriod(plain, time.Unix(59, 0)); !from.IsZero() || !until.IsZero() {
		t.Errorf("an item without codes has a period from %v to %v", from, until)
	}
	if diff := cmp.Diff(plain, items.WithCodes(plain, time.Unix(59, 0))); diff != "" {
		t.Errorf("WithCodes of an item without codes (-want +got):\n%s", diff)
	}
	it, err := withOTP(t, "JBSWY3DPEHPK3PXP")
	if err != nil {
		t.Fatal(err)
	}
	if cmp.Equal(it, items.WithCodes(it, time.Unix(59, 0))) {
		t.Error("an item with a one-time password gets no code")
	}
}

// Within the period that CodePeriod returns an item has the same codes.
func TestCodePeriod_IsThePeriodOfTheCodes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		it := connect.Item{}
		for range rapid.IntRange(0, 3).Draw(t, "fields") {
			it.Fields = append(it.Fields, connect.Field{Type: "OTP", Value: rapid.SampledFrom([]string{
				"", "GEZDGNBVGY3TQOJQ", "otpauth://x", "not a seed!",
				"otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&digits=8&period=" + fmt.Sprint(rapid.IntRange(1, 3600).Draw(t, "period")),
			}).Draw(t, "value")})
		}
		now := time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "now"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		from, until := items.CodePeriod(it, now)
		if from.IsZero() != until.IsZero() {
			t.Fatalf("good from %s until %s", from, until)
		}
		if from.IsZero() {
			if live := items.WithCodes(it, now); !cmp.Equal(live, it) {
				t.Fatalf("has codes: %+v", live)
			}
			return
		}
		if now.Before(from) || !now.Before(until) {
			t.Fatalf("%s is not between %s and %s", now, from, until)
		}
		want := items.WithCodes(it, now)
		for _, at := range []time.Time{from, until.Add(-1)} {
			if diff := cmp.Diff(want, items.WithCodes(it, at)); diff != "" {
				t.Fatalf("at %s (-want +got)\n%s", at, diff)
			}
		}
	})
}
