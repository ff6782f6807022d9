package controlapi

// PresetNames returns the names of the presets of this version, in the order in which a mock lists them.
func PresetNames() []string {
	return []string{
		"first-request-401",
		"write-visibility-lag",
		"delete-conflict-500",
		"update-refused-400",
		"file-not-synced-500",
		"intermittent-403",
		"sync-down",
		"expired-token",
		"read-only",
		"throttled-429",
		"gateway-502",
		"gateway-503",
		"gateway-504",
		"answer-lost",
		"timeout-after-write",
		"missing-version-header",
	}
}

// Words returns the valid values of members of faults and tokens, by the member's name. Members that accept any text
// are not included.
func Words() map[string][]string {
	return map[string][]string{
		"preset":     PresetNames(),
		"per":        {"token"},
		"phase":      {"before", "after"},
		"connection": {"reset", "empty"},
		"sync":       {"down"},
		"permission": {"read", "write", "read-write"},
	}
}
