package yamlsource

import "github.com/connectmock/connectmock/internal/nearest"

// DidYouMean is the hint for a wrong word among valid ones, [nearest.Hint].
func DidYouMean(wrong string, valid []string) string { return nearest.Hint(wrong, valid) }
