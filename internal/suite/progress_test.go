package suite_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/connectmock/connectmock/internal/report"
	"github.com/connectmock/connectmock/internal/suite"
)

func TestProgress_WritesALineEveryTenSecondsWithoutATerminal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		p := suite.StartProgress(&out, false, "rules")
		time.Sleep(10500 * time.Millisecond)
		for i, state := range []report.State{report.Pass, report.Fail, report.Error, report.Skip} {
			p.Add(i+1, 9, report.Result{State: state})
		}
		time.Sleep(15 * time.Second)
		p.Stop()
		time.Sleep(time.Minute)
		if got, want := out.String(), "looking at the server, 10s\n4 of 9 rules, 2 failed, 20s\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestProgress_ChangesOneLineOnATerminal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		p := suite.StartProgress(&out, true, "rules")
		p.Add(1, 2, report.Result{State: report.Pass})
		time.Sleep(1500 * time.Millisecond)
		p.Add(2, 2, report.Result{State: report.UnexpectedPass})
		p.Stop()
		const clear = "\x1b[K"
		want := "\r1 of 2 rules, 0s" + clear + "\r1 of 2 rules, 1s" + clear + "\r2 of 2 rules, 1 failed, 2s" + clear + "\r" + clear
		if got := out.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestProgress_LeavesATerminalAloneIfNothingHappened(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	suite.StartProgress(&out, true, "rules").Stop()
	if out.Len() > 0 {
		t.Errorf("got %q", out.String())
	}
}
