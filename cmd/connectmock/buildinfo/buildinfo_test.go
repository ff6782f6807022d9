package buildinfo

import (
	"os"
	"regexp"
	"runtime/debug"
	"testing"
)

func TestDescribeBuild_NamesReleasesAndCommits(t *testing.T) {
	t.Parallel()
	vcs := []debug.BuildSetting{
		{Key: "vcs.revision", Value: "4d157bf0a1b2c3d4e5f60718293a4b5c6d7e8f90"},
		{Key: "vcs.time", Value: "2026-11-28T23:30:00-02:00"},
		{Key: "vcs.modified", Value: "true"},
	}
	for _, test := range []struct {
		name, module string
		settings     []debug.BuildSetting
		want         string
	}{
		{"nothing known", "", nil, "connectmock " + Release + "-devel"},
		{"built in a clone", "(devel)", vcs,
			"connectmock " + Release + "-devel, commit 4d157bf0a1b2 with changes, 2026-11-29"},
		{"untagged commit", "v0.0.0-20261128120000-4d157bf0a1b2", vcs[:1],
			"connectmock " + Release + "-devel, commit 4d157bf0a1b2"},
		{"commit after a tag", "v0.2.1-0.20261128120000-4d157bf0a1b2", nil, "connectmock " + Release + "-devel"},
		{"tag with changes", "v0.2.0+dirty", nil, "connectmock " + Release + "-devel"},
		{"installed by version", "v0.3.1", nil, "connectmock v0.3.1"},
		{"release candidate", "v0.3.0-rc.1", nil, "connectmock v0.3.0-rc.1"},
		{"broken date", "v0.3.1", []debug.BuildSetting{{Key: "vcs.time", Value: "soon"}}, "connectmock v0.3.1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			info := &debug.BuildInfo{Settings: test.settings}
			info.Main.Version = test.module
			if got := describe(info).String(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestRelease_IsTheNewestDatedSectionOfTheChangelog(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	newest := regexp.MustCompile(`(?m)^## (v\S+), \d{4}-\d{2}-\d{2}$`).FindSubmatch(text)
	if newest == nil || string(newest[1]) != Release {
		t.Errorf("CHANGELOG.md's newest dated section is %q, the program's release is %s", newest, Release)
	}
}
