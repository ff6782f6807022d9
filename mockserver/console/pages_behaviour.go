package console

// behaviourPages are the pages that change how the server behaves, and those of the suites.
func behaviourPages() []page {
	return []page{}
}
