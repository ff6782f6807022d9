// Package ginkgo shows how to run the contract inside your own Ginkgo suite. Its specs run with yours, under the same
// filters, labels and reports.
package ginkgo

import (
	"net/http"
	"testing"

	"github.com/connectmock/connectmock/contract"
	"github.com/connectmock/connectmock/mockserver/connecttest"
	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"
)

func TestMyServer(t *testing.T) {
	server := connecttest.NewServer(t) // yours, in your suite

	ginkgo.Describe("my server", func() {
		ginkgo.It("responds to heartbeats", func() {
			response, err := server.Client.Get(server.URL + "/heartbeat")
			gomega.Expect(err).NotTo(gomega.HaveOccurred())
			defer response.Body.Close()
			gomega.Expect(response.StatusCode).To(gomega.Equal(http.StatusOK))
		})
		contract.Register(&contract.Target{URL: server.URL, Token: server.Token})
	})

	passed := 0
	ginkgo.ReportAfterEach(func(spec ginkgo.SpecReport) {
		if spec.State == types.SpecStatePassed {
			passed++
		}
	})
	gomega.RegisterFailHandler(ginkgo.Fail)
	ginkgo.RunSpecs(t, "my suite")
	if passed < 100 { // the contract has more rules than that which only read
		t.Errorf("%d specs passed, want at least 100: was the contract registered?", passed)
	}
}
