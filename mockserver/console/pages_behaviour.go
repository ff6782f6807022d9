package console

// behaviourPages are the pages that change how the server behaves.
func behaviourPages() []page { return []page{faultsPage(), clockPage()} }

// suitePages are the pages of the suites.
func suitePages() []page { return []page{scenariosPage(), contractPage()} }
