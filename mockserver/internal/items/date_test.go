package items_test

import (
	"testing"
	"time"

	"github.com/connectmock/connectmock/mockserver/internal/items"
	"github.com/connectmock/connectmock/openapi/connect"
)

func TestCreate_StoresDates(t *testing.T) {
	t.Parallel()
	const refusal = "refused"
	tests := []struct {
		kind, sent   string
		seconds, iso string // the values in responses without and with DateISO
	}{
		{"DATE", "", "", ""},
		{"DATE", "2024-05-03", "1714694400", "2024-05-03"},
		{"DATE", "1714694400", "1714694400", "2024-05-03"},
		{"DATE", "1714734060", "1714734060", "2024-05-03"}, // the time of day stays
		{"DATE", "+01714694400", "1714694400", "2024-05-03"},
		{"DATE", "-1", "-1", "1969-12-31"},
		{"DATE", "0", "0", "1970-01-01"},
		{"DATE", "0001-01-01", "-62135596800", "0001-01-01"},
		{"DATE", "9999-12-31", "253402214400", "9999-12-31"},
		{"DATE", "253402300800", refusal, refusal},
		{"DATE", "9223372036854775807", refusal, refusal},
		{"DATE", "99999999999999999999", refusal, refusal},
		{"DATE", "2024-02-30", refusal, refusal},
		{"DATE", "2024-5-3", refusal, refusal},
		{"DATE", "03.05.2024", refusal, refusal},
		{"DATE", "2024-05-03T00:00:00Z", refusal, refusal},
		{"DATE", "1714694400.5", refusal, refusal},
		{"MONTH_YEAR", "", "", ""},
		{"MONTH_YEAR", "202405", "202405", "202405"},
		{"MONTH_YEAR", "2024/05", "202405", "202405"},
		{"MONTH_YEAR", "202413", refusal, refusal},
		{"MONTH_YEAR", "202400", refusal, refusal},
		{"MONTH_YEAR", "2024-05", refusal, refusal},
		{"MONTH_YEAR", "05/2024", refusal, refusal},
		{"MONTH_YEAR", "2024/5", refusal, refusal},
		{"MONTH_YEAR", "20245", refusal, refusal},
		{"MONTH_YEAR", "2024/05/01", refusal, refusal},
		{"MONTH_YEAR", " 202405", refusal, refusal},
	}
	for _, tt := range tests {
		for _, iso := range []bool{false, true} {
			want := tt.seconds
			if iso {
				want = tt.iso
			}
			r := options()
			r.DateISO = iso
			in := connect.ItemInput{Title: "t", Category: "SECURE_NOTE",
				Fields: []connect.FieldInput{{ID: "f", Type: tt.kind, Value: tt.sent}}}
			it, err := items.Create(in, vault(), r)
			switch {
			case want == refusal && err == nil:
				t.Errorf("%s %q (iso %t) was accepted as %q", tt.kind, tt.sent, iso, field(t, it, "f").Value)
			case want == refusal:
			case err != nil:
				t.Errorf("%s %q (iso %t): %v", tt.kind, tt.sent, iso, err)
			case field(t, it, "f").Value != want:
				t.Errorf("%s %q (iso %t) = %q, want %q", tt.kind, tt.sent, iso, field(t, it, "f").Value, want)
			}
		}
	}
}

func TestDateZone_DecidesWhereADayStarts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ zone, sent, seconds, iso string }{
		{"UTC", "2024-05-03", "1714694400", "2024-05-03"},
		{"Europe/Berlin", "2024-05-03", "1714687200", "2024-05-03"},
		{"America/New_York", "2024-05-03", "1714708800", "2024-05-03"},
		{"America/New_York", "1714694400", "1714694400", "2024-05-02"},
		{"America/Sao_Paulo", "2018-11-04", "1541300400", "2018-11-04"}, // this day had no midnight
	} {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		for iso, want := range map[bool]string{false: tt.seconds, true: tt.iso} {
			r := options()
			r.DateZone, r.DateISO = zone, iso
			in := connect.ItemInput{Title: "t", Category: "SECURE_NOTE",
				Fields: []connect.FieldInput{{ID: "f", Type: "DATE", Value: tt.sent}}}
			it, err := items.Create(in, vault(), r)
			if err != nil {
				t.Fatal(err)
			}
			if got := field(t, it, "f").Value; got != want {
				t.Errorf("%s in %s (iso %t) = %q, want %q", tt.sent, tt.zone, iso, got, want)
			}
		}
	}
}
