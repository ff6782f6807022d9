package scenarios

import (
	"fmt"

	"github.com/connectmock/connectmock/internal/yamlsource"
)

// render returns the value of a node with its templates evaluated.
func (s *scenarioRun) render(n *yamlsource.Node, env map[string]any) (any, error) {
	if t := s.scenario.Templates[n]; t != nil {
		return t.Render(env)
	}
	switch n.Kind {
	case yamlsource.List:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			v, err := s.render(item, env)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	case yamlsource.Map:
		object := make(map[string]any, len(n.Pairs))
		for _, pair := range n.Pairs {
			v, err := s.render(pair.Value, env)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", pair.Key, err)
			}
			key := pair.Key
			if t := s.scenario.Templates[pair.Name]; t != nil {
				if key, err = t.RenderText(env); err != nil {
					return nil, err
				}
			}
			object[key] = v
		}
		return object, nil
	}
	return n.GoValue(), nil
}
