// Package ginkgo shows the contract inside a Ginkgo suite of one's own: its
// specs stand beside yours, under the same filters, labels and reports.
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
		ginkgo.It("is there", func() {
			answer, err := server.Client.Get(server.URL + "/heartbeat")
			gomega.Expect(err).NotTo(gomega.HaveOccurred())
			defer answer.Body.Close()
			gomega.Expect(answer.StatusCode).To(gomega.Equal(http.StatusOK))
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
	if passed < 100 { // what a server may be asked without leave to write, and more
		t.Errorf("%d specs passed: was the contract there?", passed)
	}
}
