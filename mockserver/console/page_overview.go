package console

// overviewPage shows what runs.
func overviewPage() page {
	return page{order: 10, path: "/", title: "Overview", handlers: map[string]handlerFunc{
		"GET /": getOverview,
	}}
}

// getOverview shows the addresses, the accounts and the clock.
func getOverview(req *request) (*response, error) {
	status, err := req.server.Status(req.r.Context())
	if err != nil {
		return nil, err
	}
	return req.render("overview", "Overview", map[string]any{"Status": status, "About": req.about}), nil
}
