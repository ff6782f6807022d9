package record

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/connectmock/connectmock/openapi/connect"
	"github.com/connectmock/connectmock/scenarios/internal/expression"
	"github.com/connectmock/connectmock/scenarios/internal/language"
)

// actor returns the name in "as" for the caller of a request, and a comment for a placeholder.
func (r *recording) actor(e recordedEntry) (name, comment string) {
	if e.Caller == "" {
		if e.Status == http.StatusUnauthorized {
			return language.NoActor, "Placeholder: this request had no valid token; it is sent without one."
		}
		return language.NoActor, ""
	}
	if name, ok := r.actors[e.Caller]; ok {
		return name, ""
	}
	t, known := r.tokens[e.Caller]
	switch {
	case !known:
		comment = "Placeholder: the mock does not have the token of this request any more."
		name = language.MainActor
	case len(t.Vaults) == 0 && t.Permission == connect.ReadWrite.String():
		name = language.MainActor
	default:
		name = r.actorName(e.Caller)
		with := map[string]any{"name": escapeTemplate(e.Caller)}
		if t.Permission != "" {
			with["permission"] = t.Permission
		}
		if len(t.Vaults) > 0 {
			vaults := map[string]any{}
			for vault, permission := range t.Vaults {
				vaults[escapeTemplate(vault)] = permission
			}
			with["vaults"] = vaults
		}
		if t.Permission == "" && len(t.Vaults) == 0 {
			comment, name = "Placeholder: the token of this request has no permission any more.", language.MainActor
			break
		}
		r.given = append(r.given, "  - {state: token, as: "+name+", with: "+flow(with)+"}")
	}
	r.actors[e.Caller] = name
	return name, comment
}

// actorName returns a valid and unused name for a caller.
func (r *recording) actorName(caller string) string {
	name := ""
	for i, word := range regexp.MustCompile(`[A-Za-z0-9]+`).FindAllString(caller, -1) {
		if i > 0 {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		name += word
	}
	name = strings.TrimLeft(strings.ToLower(name[:min(1, len(name))])+name[min(1, len(name)):], "0123456789")
	otherMeaning := []string{language.MainActor, language.NoActor}
	for _, v := range language.VariableTable() {
		otherMeaning = append(otherMeaning, v.Name)
	}
	if name == "" || name[0] < 'a' || name[0] > 'z' || expression.IsReserved(name) ||
		slices.Contains(otherMeaning, name) ||
		regexp.MustCompile(`^(item|vault|given)\d+$`).MatchString(name) {
		name = "token" + name
	}
	used := slices.Collect(maps.Values(r.actors))
	for base, n := name, 2; slices.Contains(used, name); n++ {
		name = fmt.Sprint(base, n)
	}
	return name
}
