package controlapi

// PresetNames are the names of the presets that a mock of this version knows,
// in the order it lists them.
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
		"missing-version-header",
	}
}

// Words returns the words that a member of a fault, of a token or of a change
// of one may be, by the member's name. Members that take any text are not in
// it.
func Words() map[string][]string {
	return map[string][]string{
		"preset":     PresetNames(),
		"per":        {"token"},
		"connection": {"reset", "empty"},
		"sync":       {"down"},
		"permission": {"read", "write", "read-write"},
	}
}
