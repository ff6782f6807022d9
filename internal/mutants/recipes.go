package mutants

import (
	"encoding/json"
	"strings"
)

// recipeMutants returns servers with mistakes in recipes and in the entropy of
// passwords.
func recipeMutants() []Mutant {
	writes, all := operations(createItem, putItem), operations(createItem, putItem, patchItem)
	recipe := func(change func(r map[string]any)) func() behaviour {
		return changeSentFields(func(f map[string]any) {
			for _, r := range memberObjects(f, "recipe") {
				change(r)
			}
		})
	}
	// patched changes the fields in the values of a PATCH.
	patched := func(change func(f map[string]any)) func() behaviour {
		return changeRequest(func(x *exchange) {
			x.changePatch(func(ops []any) []any {
				for _, op := range objects(ops) {
					for _, f := range memberObjects(op, "value") {
						change(f)
					}
				}
				return ops
			})
		})
	}
	entropy := func(change func(bits float64) float64) func() behaviour {
		return changeFields(func(f map[string]any) {
			number, _ := f["entropy"].(json.Number)
			bits, err := number.Float64()
			if err != nil {
				return
			}
			f["entropy"] = change(bits)
			for _, d := range memberObjects(f, "passwordDetails") {
				if _, has := d["entropy"]; has {
					d["entropy"] = int(change(bits))
				}
			}
		})
	}
	dropValue := func(f map[string]any) {
		if f["generate"] == true {
			delete(f, "value")
		}
	}
	return []Mutant{
		{"generate-replaces-value", "a value that is sent with generate is replaced", Write, writes,
			changeSentFields(dropValue)},
		{"patch-generate-replaces-value", "a value that a PATCH sends with generate is replaced", Patch,
			operations(patchItem), patched(dropValue)},
		{"recipe-length-needs-sets", "the length in a recipe without sets is ignored", Write, writes,
			recipe(func(r map[string]any) {
				if r["characterSets"] == nil {
					delete(r, "length")
				}
			})},
		{"recipe-without-sets-is-letters", "a recipe without sets has only letters", Write, writes,
			recipe(func(r map[string]any) { setDefault(r, "characterSets", []string{"LETTERS"}) })},
		{"recipe-without-length-is-short", "a recipe without a length has 20 characters", Write, writes,
			recipe(func(r map[string]any) { setDefault(r, "length", 20) })},
		{"recipe-excludes-no-symbols", "the symbols that a recipe excludes are used", Write, writes,
			recipe(func(r map[string]any) {
				r["excludeCharacters"] = strings.Map(func(c rune) rune {
					if strings.ContainsRune("!@.-_*", c) {
						return -1
					}
					return c
				}, textMember(r, "excludeCharacters"))
			})},
		{"recipe-excludes-no-letters", "the letters that a recipe excludes are used", Write, writes,
			recipe(func(r map[string]any) {
				r["excludeCharacters"] = strings.Map(func(c rune) rune {
					if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
						return -1
					}
					return c
				}, textMember(r, "excludeCharacters"))
			})},
		{"patch-generate-ignored", "generate in a PATCH is ignored", Patch, operations(patchItem),
			patched(removeMember("generate"))},
		{"patch-recipe-ignored", "the recipe in a PATCH is ignored", Patch, operations(patchItem),
			patched(removeMember("recipe"))},
		{"patch-recipe-unchecked", "a length out of bounds in a recipe of a PATCH is accepted", Lenient,
			operations(patchItem), patched(func(f map[string]any) {
				for _, r := range memberObjects(f, "recipe") {
					if n := intMember(r, "length"); n < 0 || n > 64 {
						r["length"] = 64
					}
				}
			})},
		{"entropy-too-low", "the entropy of a password is half of what it is", Body, append(all, getItem),
			entropy(func(bits float64) float64 { return bits / 2 })},
		{"entropy-of-every-password", "every password has the entropy of one without a recipe", Body,
			append(all, getItem), entropy(func(float64) float64 { return 189.783599 })},
		{"entropy-by-length-only", "the entropy of a password does not depend on its sets of characters", Body,
			append(all, getItem), changeFields(func(f map[string]any) {
				if f["entropy"] == nil {
					return
				}
				bits := float64(len(textMember(f, "value"))) * 5.930737337562887 // the logarithm of 61
				f["entropy"] = bits
				for _, d := range memberObjects(f, "passwordDetails") {
					if _, has := d["entropy"]; has {
						d["entropy"] = int(bits)
					}
				}
			})},
	}
}
