package items

import (
	"strconv"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

// The years a date may be in. Outside of them a year does not have four digits
// [G].
const firstYear, lastYear = 1, 9999

// dateValue returns the stored form of a DATE: seconds since 1970, or
// YYYY-MM-DD with Options.DateISO. It accepts both forms [D for dates, C for
// seconds]. A day means its midnight in Options.DateZone: a real server uses its
// own zone [R terraform 247], which is UTC in most containers [G].
func dateValue(value string, o Options) (string, error) {
	zone := o.DateZone
	if zone == nil {
		zone = time.UTC
	}
	t, err := time.ParseInLocation(time.DateOnly, value, zone)
	if err != nil {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return "", connect.InvalidDate()
		}
		t = time.Unix(seconds, 0).In(zone)
	}
	if day := t.Format(time.DateOnly); err == nil && day != value {
		t = t.Add(time.Hour) // daylight saving time began at midnight, so that the day starts at one o'clock
	}
	if t.Year() < firstYear || t.Year() > lastYear {
		return "", connect.InvalidDate()
	}
	if o.DateISO {
		return t.Format(time.DateOnly), nil
	}
	return strconv.FormatInt(t.Unix(), 10), nil
}

// monthValue returns the stored form of a MONTH_YEAR, YYYYMM. It also accepts
// YYYY/MM [D]; that both are returned as YYYYMM is [C terraform].
func monthValue(value string) (string, error) {
	for _, form := range []string{"200601", "2006/01"} {
		if t, err := time.Parse(form, value); err == nil {
			return t.Format("200601"), nil
		}
	}
	return "", connect.InvalidMonthYear()
}
