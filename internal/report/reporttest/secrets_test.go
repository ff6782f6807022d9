package reporttest_test

import (
	"strings"
	"testing"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/report/reporttest"
)

func TestFindSecrets_FindsASecretInEachFormat(t *testing.T) {
	t.Parallel()
	const secret = `kanarienvogel<"é`
	texts, err := reporttest.WriteAll(&report.Run{Suite: "contract", Results: []report.Result{
		{ID: "a", State: report.Fail, Failure: "it has " + secret},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) != 5 {
		t.Errorf("%d formats, want 5", len(texts))
	}
	for name, text := range texts {
		one := map[string]string{name: text}
		found := reporttest.FindSecrets(one, "other", secret)
		if len(found) == 0 || !strings.HasPrefix(found[0], name+" has ") {
			t.Errorf("%s: found %v", name, found)
		}
		if found := reporttest.FindSecrets(one, "other"); len(found) > 0 {
			t.Errorf("%s: found %v without a secret", name, found)
		}
	}
}
