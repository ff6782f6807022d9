package console

// contentPages are the pages about what is stored.
func contentPages() []page {
	return []page{
		vaultsPage(),
		activityPage(),
		accountsPage(),
		snapshotsPage(),
	}
}
