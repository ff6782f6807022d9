package mutants

import "strings"

func generateDefects() []Mutant {
	writes := at(createItem, putItem)
	recipe := func(change func(r map[string]any)) func() behaviour {
		return sentFields(func(f map[string]any) {
			for _, r := range member(f, "recipe") {
				change(r)
			}
		})
	}
	return []Mutant{
		{"generate-ignored", "generate makes no value", Write, writes, sentFields(func(f map[string]any) {
			delete(f, "generate")
			delete(f, "recipe")
		})},
		{"generate-ignored-on-put", "generate makes no value in a replace", Write, at(putItem), sentFields(without("generate"))},
		{"generate-always", "a password is made even where it was given", Write, writes, sentFields(func(f map[string]any) {
			if text(f, "purpose") == "PASSWORD" {
				f["generate"] = true
				delete(f, "value")
			}
		})},
		{"generate-is-stored", "fields say generate, as they were sent", Write, ofOne(), fields(func(f map[string]any) {
			if text(f, "purpose") == "PASSWORD" {
				f["generate"] = true
			}
		})},
		{"generated-is-constant", "every password that is made is the same", Write, writes, constant},
		{"recipe-ignored", "the recipe of a password is ignored", Write, writes, sentFields(without("recipe"))},
		{"recipe-length-ignored", "the length in a recipe is ignored", Write, writes, recipe(without("length"))},
		{"recipe-sets-ignored", "the sets of characters in a recipe are ignored", Write, writes, recipe(without("characterSets"))},
		{"recipe-exclude-ignored", "the characters a recipe excludes are used", Write, writes, recipe(without("excludeCharacters"))},
		{"generated-is-short", "a password made without a recipe has 16 characters", Write, writes, sentFields(func(f map[string]any) {
			if f["generate"] == true && f["recipe"] == nil {
				f["recipe"] = map[string]any{"length": 16}
			}
		})},
		{"generated-has-letters-only", "a password made without a recipe has letters only", Write, writes, sentFields(func(f map[string]any) {
			if f["generate"] == true && f["recipe"] == nil {
				f["recipe"] = map[string]any{"length": 32, "characterSets": []string{"LETTERS"}}
			}
		})},
	}
}

// constant makes one password for each recipe, the first.
func constant() behaviour {
	made := map[string]string{}
	return func(x *exchange) *answer {
		var recipe string
		x.rewrite(func(in map[string]any) {
			for _, f := range member(in, "fields") {
				if f["generate"] != true {
					continue
				}
				recipe = string(encode(f["recipe"]))
				if value, has := made[recipe]; has {
					f["value"] = value
					delete(f, "generate")
					delete(f, "recipe")
				}
			}
		})
		a := x.pass()
		if v, _ := decode(a.body); a.ok() && recipe != "" {
			for _, it := range objects(v) {
				for _, f := range member(it, "fields") {
					if strings.EqualFold(text(f, "purpose"), "PASSWORD") && made[recipe] == "" {
						made[recipe] = text(f, "value")
					}
				}
			}
		}
		return a
	}
}
