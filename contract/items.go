package contract

func itemRules() []rule { return nil }
