package auth

import (
	"encoding/base64"
	"strings"
	"testing"
)

// signRaw signs header and claims exactly as they are written, with the key that the server trusts: only their content
// can be wrong.
func signRaw(t testing.TB, k *Key, header, claims string) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(header)) + "." + encode([]byte(claims))
	signature, err := k.sign(text)
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + encode(signature)
}

const (
	validHeader = `{"alg":"ES256","kid":"KID","typ":"JWT"}`
	validClaims = `{"aud":["com.1password.connect"],"iss":"com.1password.b5","sub":"SERVERAAAAAAAAAAAAAAAAAAAA",` +
		`"jti":"tokenaaaaaaaaaaaaaaaaaaaaa","iat":1774090800,"nbf":1774090800,"exp":1774098000}`
)

// claim replaces the value of a claim in validClaims; an empty one removes it.
func claim(name, value string) string {
	before, rest, _ := strings.Cut(validClaims, `"`+name+`":`)
	end := strings.IndexAny(rest, ",}")
	if value == "" {
		return before + strings.TrimPrefix(rest[end:], ",")
	}
	return before + `"` + name + `":` + value + rest[end:]
}

func TestAuthenticate_ChecksEveryClaimOfATokenOfTheRightKey(t *testing.T) {
	t.Parallel()
	const accepted = ""
	for name, c := range map[string]struct{ claims, reason string }{
		"valid":                      {validClaims, accepted},
		"white space":                {" \n" + validClaims + "\t", accepted},
		"exp missing":                {strings.Replace(validClaims, `,"exp":1774098000`, "", 1), accepted},
		"exp with a fraction":        {claim("exp", "1774094400.5"), accepted},
		"exp with an exponent":       {claim("exp", "1.7740980e9"), accepted},
		"exp in the year 9999":       {claim("exp", "253402300799"), accepted},
		"nbf zero":                   {claim("nbf", "0"), accepted},
		"aud as one text":            {claim("aud", `"com.1password.connect"`), accepted},
		"aud among others":           {strings.Replace(validClaims, `["com`, `["a","com`, 1), accepted},
		"exp past":                   {claim("exp", "1"), Expired},
		"exp past by a fraction":     {claim("exp", "1774094399.5"), Expired},
		"exp zero":                   {claim("exp", "0"), Expired},
		"nbf to come":                {claim("nbf", "1774094401"), NotYetValid},
		"nbf to come by a fraction":  {claim("nbf", "1774094400.25"), NotYetValid},
		"nbf huge":                   {claim("nbf", "1e300"), Malformed},
		"nbf beyond float64":         {claim("nbf", "1e400"), Malformed},
		"nbf after the year 9999":    {claim("nbf", "253402300800"), Malformed},
		"nbf beyond int64":           {claim("nbf", "9223372036854775808"), Malformed},
		"nbf negative":               {claim("nbf", "-1"), Malformed},
		"nbf a text":                 {claim("nbf", `"1774090800"`), Malformed},
		"nbf null":                   {claim("nbf", "null"), Malformed},
		"nbf a list":                 {claim("nbf", "[1774090800]"), Malformed},
		"nbf true":                   {claim("nbf", "true"), Malformed},
		"nbf NaN":                    {claim("nbf", "NaN"), Malformed},
		"exp huge":                   {claim("exp", "1e300"), Malformed},
		"exp hugely negative":        {claim("exp", "-1e300"), Malformed},
		"exp a text":                 {claim("exp", `"1774098000"`), Malformed},
		"exp an empty text":          {claim("exp", `""`), Malformed},
		"exp null":                   {claim("exp", "null"), Malformed},
		"exp an object":              {claim("exp", "{}"), Malformed},
		"exp Infinity":               {claim("exp", "Infinity"), Malformed},
		"exp twice":                  {strings.Replace(validClaims, `"exp":`, `"exp":1,"exp":`, 1), Malformed},
		"exp twice, once escaped":    {strings.Replace(validClaims, `"exp":`, `"\u0065xp":1,"exp":`, 1), Malformed},
		"iat a text":                 {claim("iat", `"1774090800"`), Malformed},
		"iat huge":                   {claim("iat", "1e300"), Malformed},
		"iat negative":               {claim("iat", "-5"), Malformed},
		"iat null":                   {claim("iat", "null"), Malformed},
		"aud missing":                {claim("aud", ""), Malformed},
		"aud empty":                  {claim("aud", "[]"), Malformed},
		"aud null":                   {claim("aud", "null"), Malformed},
		"aud a number":               {claim("aud", "7"), Malformed},
		"aud with a null":            {claim("aud", "[null]"), Malformed},
		"aud with a number":          {claim("aud", "[7]"), Malformed},
		"aud in another case":        {claim("aud", `["COM.1PASSWORD.CONNECT"]`), otherAudience},
		"aud as one text of another": {claim("aud", `"com.example"`), otherAudience},
		"iss missing":                {claim("iss", ""), Malformed},
		"iss a list":                 {claim("iss", `["com.1password.b5"]`), Malformed},
		"iss of another":             {claim("iss", `"com.example"`), otherIssuer},
		"sub a number":               {claim("sub", "7"), Malformed},
		"sub null":                   {claim("sub", "null"), Malformed},
		"sub an object":              {claim("sub", "{}"), Malformed},
		"jti missing":                {claim("jti", ""), Malformed},
		"jti a number":               {claim("jti", "7"), Malformed},
		"jti empty":                  {claim("jti", `""`), Malformed},
		"jti null":                   {claim("jti", "null"), Malformed},
		"jti in another case":        {strings.Replace(validClaims, `"jti"`, `"JTI"`, 1), Malformed},
		"jti twice":                  {strings.Replace(validClaims, `"jti":`, `"jti":"x","jti":`, 1), Malformed},
		"a list":                     {"[" + validClaims + "]", Malformed},
		"null":                       {"null", Malformed},
		"two objects":                {validClaims + validClaims, Malformed},
		"a BOM":                      {"\ufeff" + validClaims, Malformed},
		"nothing":                    {"", Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, _, _ := setup(t)
			sent := "Bearer " + signRaw(t, key(t, 1), strings.Replace(validHeader, "KID", key(t, 1).ID(), 1), c.claims)
			checkOutcome(t, a, sent, c.reason)
		})
	}
}

func TestAuthenticate_ChecksEveryMemberOfTheHeader(t *testing.T) {
	t.Parallel()
	const accepted = ""
	for name, c := range map[string]struct{ header, reason string }{
		"valid":               {validHeader, accepted},
		"alg alone":           {`{"alg":"ES256"}`, accepted},
		"typ in lower case":   {`{"alg":"ES256","typ":"jwt"}`, accepted},
		"unknown member":      {`{"alg":"ES256","x5t":"abc"}`, accepted},
		"alg in lower case":   {`{"alg":"es256"}`, otherAlgorithm},
		"alg with a space":    {`{"alg":"ES256 "}`, otherAlgorithm},
		"alg None":            {`{"alg":"None"}`, otherAlgorithm},
		"alg a list":          {`{"alg":["ES256"]}`, otherAlgorithm},
		"alg null":            {`{"alg":null}`, otherAlgorithm},
		"alg spelt ALG":       {`{"ALG":"ES256"}`, otherAlgorithm},
		"alg twice":           {`{"alg":"none","alg":"ES256"}`, Malformed},
		"alg twice, the same": {`{"alg":"ES256","alg":"ES256"}`, Malformed},
		"crit":                {`{"alg":"ES256","crit":["exp"]}`, extension},
		"crit empty":          {`{"alg":"ES256","crit":[]}`, extension},
		"crit null":           {`{"alg":"ES256","crit":null}`, extension},
		"crit with b64":       {`{"alg":"ES256","crit":["b64"],"b64":false}`, extension},
		"b64 false":           {`{"alg":"ES256","b64":false}`, extension},
		"b64 true":            {`{"alg":"ES256","b64":true}`, extension},
		"kid of another key":  {`{"alg":"ES256","kid":"aaaaaaaaaaaaaaaaaaaaaaaaaa"}`, otherKeyID},
		"kid empty":           {`{"alg":"ES256","kid":""}`, otherKeyID},
		"kid a number":        {`{"alg":"ES256","kid":7}`, Malformed},
		"kid null":            {`{"alg":"ES256","kid":null}`, Malformed},
		"kid twice":           {`{"alg":"ES256","kid":"KID","kid":"KID"}`, Malformed},
		"typ JWE":             {`{"alg":"ES256","typ":"JWE"}`, otherType},
		"typ a list":          {`{"alg":"ES256","typ":["JWT"]}`, Malformed},
		"two objects":         {`{"alg":"ES256"}{"alg":"ES256"}`, Malformed},
		"null":                {`null`, otherAlgorithm},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, _, _ := setup(t)
			header := strings.ReplaceAll(c.header, "KID", key(t, 1).ID())
			checkOutcome(t, a, "Bearer "+signRaw(t, key(t, 1), header, validClaims), c.reason)
		})
	}
}

// checkOutcome sends a header twice, because the second time the token may be cached. reason "" means that it must be
// accepted.
func checkOutcome(t *testing.T, a *Authenticator, sent, reason string) {
	t.Helper()
	for range 2 {
		caller, err := a.Authenticate(t.Context(), sent)
		if reason == "" {
			if err != nil || caller.Token.ID != tokenID {
				t.Errorf("refused: %v", err)
			}
			continue
		}
		if caller != nil {
			t.Errorf("accepted as %s", caller.Token.Name)
		}
		checkRefused(t, err, reason, sent)
	}
}
