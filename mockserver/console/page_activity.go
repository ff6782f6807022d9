package console

import (
	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/openapi/controlapi"
)

// recordsOnPage is how many records of the activity log a page shows: as many as a page of the API without a limit.
const recordsOnPage = 50

// activityPage shows the activity log that clients see.
func activityPage() page {
	return page{path: "/activity", title: "Activity", accounts: true, handlers: map[string]handlerFunc{
		"GET /activity": getActivity,
	}}
}

// getActivity shows a page of the log, newest first.
func getActivity(req *request) (*response, error) {
	action, token := req.query("action"), req.query("token")
	pages := req.newPager("/activity", recordsOnPage, 0, "action", action, "token", token)
	log, err := req.server.Activity(req.r.Context(), controlapi.ActivityQuery{
		Account: req.account(), Action: action, Token: token, Offset: pages.Offset, Limit: recordsOnPage,
	})
	if err != nil {
		return nil, err
	}
	pages.All = log.Total
	return req.render("activity", "Activity", map[string]any{
		"Log": log, "Pager": pages, "Action": action, "Token": token, "Actions": connect.Actions(),
		"Next": nonZero(log.Next), "IsFiltered": action != "" || token != "",
		"Curl": `curl -i "$OP_CONNECT_HOST/v1/activity?limit=50&offset=` + offsetText(pages.Offset) +
			`" -H "Authorization: Bearer $OP_CONNECT_TOKEN"`,
	}), nil
}

// offsetText returns an offset as text.
func offsetText(offset int) string {
	if text := nonZero(offset); text != "" {
		return text
	}
	return "0"
}
