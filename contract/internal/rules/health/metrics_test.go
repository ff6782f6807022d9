package health

import (
	"testing"
)

func TestReadMetrics_ParsesSamples(t *testing.T) {
	e, err := readMetrics("# HELP a b\n# TYPE " + callsMetric + " counter\n" +
		callsMetric + "{method=\"GET\",path=\"/v1/vaults\"} 3\n" + callsMetric +
		"{path=\"/v1/vaults\",method=\"PUT\"} 4 1700000000\nup 1e+06\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := e.count("GET", "/v1/vaults"); got != 3 || e.kinds[callsMetric] != "counter" || len(e.samples) != 3 {
		t.Errorf("%+v", e)
	}
	for _, invalid := range []string{"<html>", "a{b=\"c\"}", "a one"} {
		if _, err := readMetrics(invalid); err == nil {
			t.Errorf("%q was parsed", invalid)
		}
	}
}
