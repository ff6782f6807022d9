package yamlsource

import "github.com/connectmock/connectmock/internal/nearest"

// DidYouMean returns a hint for a misspelt word: [nearest.Hint].
func DidYouMean(wrong string, valid []string) string { return nearest.Hint(wrong, valid) }
