package filter

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connectmock/connectmock/openapi/connect"
)

func title(op Op, value string) Compare { return Compare{Attribute: Title, Op: op, Value: value} }
func tag(op Op, value string) Compare   { return Compare{Attribute: Tag, Op: op, Value: value} }

func TestParseItems_ParsesEveryOperator(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, q string
		want    Node
	}{
		{"eq", `title eq "x y"`, title(Eq, "x y")},
		{"co", `title co "x"`, title(Co, "x")},
		{"sw", `title sw "x"`, title(Sw, "x")},
		{"ew", `title ew "x"`, title(Ew, "x")},
		{"pr", `title pr`, title(Pr, "")},
		{"ne", `title ne "x"`, Not{title(Eq, "x")}},
		{"tag", `tag eq "prod"`, tag(Eq, "prod")},
		{"tag present", `tag pr`, tag(Pr, "")},
		{"or", `title eq "a" or title eq "b"`, Or{title(Eq, "a"), title(Eq, "b")}},
		{"or in parentheses", `(title eq "a" or title eq "b")`, Or{title(Eq, "a"), title(Eq, "b")}},
		{"and binds closer than or", `title eq "a" or title eq "b" and tag eq "c"`,
			Or{title(Eq, "a"), And{title(Eq, "b"), tag(Eq, "c")}}},
		{"parentheses bind closest", `(title eq "a" or title eq "b") and tag eq "c"`,
			And{Or{title(Eq, "a"), title(Eq, "b")}, tag(Eq, "c")}},
		{"chains lean left", `title eq "a" or title eq "b" or title eq "c"`,
			Or{Or{title(Eq, "a"), title(Eq, "b")}, title(Eq, "c")}},
		{"and chains lean left", `title eq "a" and title eq "b" and title eq "c"`,
			And{And{title(Eq, "a"), title(Eq, "b")}, title(Eq, "c")}},
		{"not", `not (title eq "a")`, Not{title(Eq, "a")}},
		{"not without a space", `not(title eq "a" and tag pr)`, Not{And{title(Eq, "a"), tag(Pr, "")}}},
		{"names and operators in any case", `TITLE EQ "A" Or Tag Co "B" AND NOT (title PR)`,
			Or{title(Eq, "A"), And{tag(Co, "B"), Not{title(Pr, "")}}}},
		{"more spaces", `  title   eq   "a"   or   ( tag   eq   "b" )  `, Or{title(Eq, "a"), tag(Eq, "b")}},
		{"empty value", `title eq ""`, title(Eq, "")},
		{"escaped quotes", `title eq "My \"quoted\" title"`, title(Eq, `My "quoted" title`)},
		{"escaped backslash before the end", `title eq "a\\" or title eq "b"`, Or{title(Eq, `a\`), title(Eq, "b")}},
		{"escapes of JSON", `title eq "\/\b\f\n\r\t\u00E9\u00e9\uD83D\uDE00"`, title(Eq, "/\b\f\n\r\téé😀")},
		{"unicode", `title eq "Grüße, 世界 😀"`, title(Eq, "Grüße, 世界 😀")},
		{"the replacement character itself", `title eq "a` + "\uFFFD\uFFFD" + `b"`, title(Eq, "a\uFFFD\uFFFDb")},
		{"single quote in a value", `title eq "it's"`, title(Eq, "it's")},
		{"structure in a value", `title eq ") or (title eq 1 and [not"`, title(Eq, ") or (title eq 1 and [not")},
		{"a value that looks like a place", `title eq "1" or title eq "0"`, Or{title(Eq, "1"), title(Eq, "0")}},
		{"percent and underscore", `title co "100%_"`, title(Co, "100%_")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f, err := ParseItems(test.q)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&Filter{Root: test.want}, f); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// The query strings are those that clients were seen to send.
func TestParse_AcceptsQueriesOfClients(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, query string
		parse       func(string) (*Filter, error)
		want        Node   // nil: no filter
		refused     string // part of the reason
	}{
		{name: "Go SDK, vault", query: "filter=title+eq+%22Demo+%26+Co%22", parse: ParseVaults, want: title(Eq, "Demo & Co")},
		{name: "Go SDK, item", query: "filter=title+eq+%22x+y%22", parse: ParseItems, want: title(Eq, "x y")},
		{name: "JS SDK, vault", query: "filter=title%20eq%20%22Demo%22", parse: ParseVaults, want: title(Eq, "Demo")},
		{name: "JS SDK, cut at an ampersand", query: "filter=title%20eq%20%22Demo%20&%20Co%22", parse: ParseVaults, refused: "not closed"},
		{name: "JS SDK, item", query: "filter=title%20eq%20%22x%20y%22", parse: ParseItems, want: title(Eq, "x y")},
		{name: "JS SDK, contains", query: "filter=title%20co%20%22x%22", parse: ParseItems, want: title(Co, "x")},
		{name: "Python, Java and Dart, vault", query: "filter=name%20eq%20%22Demo%22", parse: ParseVaults, want: title(Eq, "Demo")},
		{name: "quotes as they are", query: `filter=title+eq+"Demo"`, parse: ParseVaults, want: title(Eq, "Demo")},
		{name: "Java, alternatives", query: "filter=%28title%20eq%20%22a%22%20or%20title%20eq%20%22b%22%29", parse: ParseItems, want: Or{title(Eq, "a"), title(Eq, "b")}},
		{name: "Go SDK, quotes in a title", query: "filter=title+eq+%22My+%22quoted%22+title%22", parse: ParseItems, refused: `\"`},
		{name: "Go SDK, a title that ends in a quote", query: "filter=title+eq+%2219%22+rack%22%22", parse: ParseItems, refused: `must be made of`},
		{name: "Ruby README, single quotes", query: "filter=title+eq+%27x%27", parse: ParseItems, refused: "single quotes"},
		{name: "Rust, a parameter without a name", query: "=", parse: ParseItems},
		{name: "empty", query: "filter=", parse: ParseItems},
		{name: "blank", query: "filter=++", parse: ParseVaults},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			values, err := url.ParseQuery(test.query)
			if err != nil {
				t.Fatal(err)
			}
			f, err := test.parse(values.Get("filter"))
			if test.refused != "" {
				checkError(t, err, test.refused)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got Node
			if f != nil {
				got = f.Root
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestParse_RefusesInvalidFilters(t *testing.T) {
	t.Parallel()
	const form, order = "must be made of comparisons", "the operators are"
	comparisons := func(n int) string {
		return strings.TrimSuffix(strings.Repeat(`title pr or `, n), " or ")
	}
	tests := []struct{ name, q, reason string }{
		{"a word", `secret`, form},
		{"no operator", `title "secret"`, form},
		{"no value", `title eq`, form},
		{"no attribute", `eq "secret"`, form},
		{"unquoted", `title eq secret`, form},
		{"unknown operator", `title is "secret"`, form},
		{"symbols for operators", `title == "secret"`, form},
		{"not closed", `title eq "secret`, "not closed"},
		{"closed by an escape", `title eq "secret\"`, "not closed"},
		{"ends in a backslash", `title eq "secret\`, "not closed"},
		{"quotes in a value", `title eq "my "secret" title"`, `must be sent as \"`},
		{"two values", `title eq "secret" "secret"`, form},
		{"single quotes", `title eq 'secret'`, "not in single quotes"},
		{"unknown escape", `title eq "C:\secret"`, `must be sent as \\`},
		{"half an escape", `title eq "\u00e"`, `must be sent as \\`},
		{"line feed", "title eq \"secret\nsecret\"", "control character"},
		{"NUL", "title eq \"secret\x00\"", "control character"},
		{"escaped NUL", `title eq "secret\u0000"`, "NUL"},
		{"not UTF-8", "title eq \"secret\xff\"", "not UTF-8"},
		{"tab between", "title\teq\t\"secret\"", form},
		{"number", `title eq 42`, "must be text"},
		{"exponent", `title eq 1e999999`, form},
		{"boolean", `title eq true`, "must be text"},
		{"null", `title eq null`, "must be text"},
		{"greater", `title gt "secret"`, order},
		{"less or equal", `title le "secret"`, order},
		{"other attribute", `category eq "secret"`, "by title or tag"},
		{"tags", `tags eq "secret"`, "by title or tag"},
		{"name of an item", `name eq "secret"`, "by title or tag"},
		{"present, other attribute", `secret pr`, "by title or tag"},
		{"schema", `urn:ietf:title eq "secret"`, "by title or tag"},
		{"part of an attribute", `title.secret eq "secret"`, "by title or tag"},
		{"deep in it", `title eq "a" and not (tag eq "b" or secret eq "c")`, "by title or tag"},
		{"right of an or", `title eq "a" or secret eq "c"`, "by title or tag"},
		{"brackets", `title[tag eq "secret"]`, "brackets"},
		{"not without parentheses", `not title eq "secret"`, form},
		{"empty parentheses", `()`, form},
		{"open", `(title eq "secret"`, form},
		{"closed twice", `(title eq "secret"))`, form},
		{"dangling and", `title eq "secret" and`, form},
		{"leading or", `or title eq "secret"`, form},
		{"no space around or", `(title pr)or(title pr)`, form},
		{"more after it", `title eq "secret" title`, form},
		{"too deep", strings.Repeat("(", 33) + `title pr` + strings.Repeat(")", 33), "32 deep"},
		{"only parentheses", strings.Repeat("(", 8000), "32 deep"},
		{"too many", comparisons(257), "256 comparisons"},
		{"too long", `title eq "` + strings.Repeat("s", 8<<10) + `"`, "8192 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f, err := ParseItems(test.q)
			if f != nil {
				t.Errorf("parsed: %+v", f)
			}
			checkError(t, err, test.reason)
		})
	}

	t.Run("vaults have no tags", func(t *testing.T) {
		t.Parallel()
		_, err := ParseVaults(`tag eq "secret"`)
		checkError(t, err, "by title or name")
	})
	t.Run("as much as is allowed", func(t *testing.T) {
		t.Parallel()
		for _, q := range []string{
			strings.Repeat("(", 32) + `title pr` + strings.Repeat(")", 32),
			strings.Repeat("(title pr) and ", 33) + "tag pr", // beside each other, not deep
			comparisons(256),
			`title eq "` + strings.Repeat("s", 8<<10-11) + `"`,
		} {
			if _, err := ParseItems(q); err != nil {
				t.Errorf("%.20s...: %v", q, err)
			}
		}
	})
}

// checkError checks that err is a response to the client that gives the reason, and has nothing of what was sent.
func checkError(t *testing.T, err error, reason string) {
	t.Helper()
	var invalidFilter *connect.Error
	if !errors.As(err, &invalidFilter) {
		t.Fatalf("got %v, want an error of the API", err)
	}
	if invalidFilter.Status != 400 || !strings.Contains(invalidFilter.Message, reason) {
		t.Errorf("got %v, want a 400 with %q", invalidFilter, reason)
	}
	if strings.Contains(strings.ToLower(invalidFilter.Message), "secret") {
		t.Errorf("the message has a part of the filter: %s", invalidFilter.Message)
	}
}
