package contract

func vaultRules() []rule { return nil }
