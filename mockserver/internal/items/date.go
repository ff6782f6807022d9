package items

import (
	"strconv"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

// The years a date may be in. Seconds outside them would come out as a year of
// more or fewer than four digits [G].
const firstYear, lastYear = 1, 9999

// dateValue is the stored form of a DATE: seconds since 1970, or YYYY-MM-DD if
// iso is set. Both forms are accepted [D for dates, C for seconds]. A day means
// its midnight in UTC [G; clients read only the day, in UTC: C terraform].
func dateValue(value string, iso bool) (string, error) {
	t, err := time.Parse(time.DateOnly, value)
	if err != nil {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return "", connect.InvalidDate()
		}
		t = time.Unix(seconds, 0).UTC()
	}
	if t.Year() < firstYear || t.Year() > lastYear {
		return "", connect.InvalidDate()
	}
	if iso {
		return t.Format(time.DateOnly), nil
	}
	return strconv.FormatInt(t.Unix(), 10), nil
}

// monthValue is the stored form of a MONTH_YEAR, YYYYMM. It may be sent as
// YYYY/MM as well [D]; that both come out as YYYYMM is [C terraform].
func monthValue(value string) (string, error) {
	for _, form := range []string{"200601", "2006/01"} {
		if t, err := time.Parse(form, value); err == nil {
			return t.Format("200601"), nil
		}
	}
	return "", connect.InvalidMonthYear()
}
