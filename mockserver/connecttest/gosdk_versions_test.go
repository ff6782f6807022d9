package connecttest_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/1Password/connect-sdk-go/connect"
	"github.com/connectmock/connectmock/mockserver/connecttest"
)

// Users of the client reported these problems with older servers.
func TestGoSDK_HasTheKnownProblemsOfOlderServers(t *testing.T) {
	t.Parallel()
	for version, check := range map[string]func(*testing.T, connect.Client){
		"1.2.0": func(t *testing.T, c connect.Client) {
			_, err := c.GetFiles("Deploy Certificates", "Deployments")
			if err == nil || !strings.Contains(err.Error(), "need at least version 1.3.0 of Connect") {
				t.Errorf("files: %v", err)
			}
		},
		"1.5.2": func(t *testing.T, c connect.Client) {
			if it := must(c.GetItemByTitle("Time Tracker", "Office"))(t); it.LastEditedBy != "" || it.ID == "" {
				t.Errorf("the client reads %q as the last editor: keys are not snake_case", it.LastEditedBy)
			}
		},
		"1.5.4": func(t *testing.T, c connect.Client) {
			it := must(c.GetItemByTitle("Deploy Certificates", "Deployments"))(t)
			if content, err := c.GetFileContent(it.Files[0]); err == nil {
				t.Errorf("read %d bytes of a file without a content_path", len(content)) // connect issue 40
			}
		},
		"1.5.5": func(t *testing.T, c connect.Client) {
			it := must(c.GetItemByTitle("Deploy Certificates", "Deployments"))(t)
			second := it.Files[1]
			if second.Name != "" || strings.Contains(second.ContentPath, second.ID) {
				t.Errorf("the second file is %q with the id %s and the path %s", second.Name, second.ID, second.ContentPath)
			}
			if _, err := c.GetFile(second.ID, it.ID, it.Vault.ID); err == nil {
				t.Error("the second file is found by its wrong id") // python issue 46
			}
			content := must(c.GetFileContent(second))(t)
			if !bytes.Equal(content, demoContent(t, "Deployments", it.Title, "keystore.p12")) {
				t.Error("the content of the second file is not that of keystore.p12")
			}
		},
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s := connecttest.NewServer(t, connecttest.WithConnectVersion(version))
			check(t, connect.NewClient(s.URL, s.Token))
		})
	}
}
