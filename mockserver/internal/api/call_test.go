package api

import (
	"net/http/httptest"
	"testing"
)

func TestQuery_ReadsAsNetURLDoes(t *testing.T) {
	t.Parallel()
	for _, query := range []string{
		"", "filter=a", "filter=a&filter=b", "x=1&filter=a+b%22", "%66ilter=a", "filter", "filter=", "=a", "&&filter=a",
		"filter=%zz&filter=b", "fil;ter=a", "filter=a;b&filter=c", "filter=%3B", "filter=a=b", "Filter=a", "%zz=1&filter=a",
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.RawQuery = query
		c := &call{request: r}
		if got, want := c.query("filter"), r.URL.Query().Get("filter"); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}
