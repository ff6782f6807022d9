package match

import (
	"fmt"

	"github.com/connectmock/connectmock/internal/yamlsource"
)

// unordered matches each expected element with a different element of the list.
func (m *Matcher) unordered(n *yamlsource.Node, got any, pointer string) error {
	list, ok := got.([]any)
	if !ok || len(list) != len(n.Items) {
		m.fail(pointer, count(len(n.Items))+" in any order", got)
		return nil
	}
	can := make([][]int, len(n.Items)) // by expected element: the elements that match it
	for i, item := range n.Items {
		for j := range list {
			matched, err := m.matches(item, list[j])
			if err != nil {
				return err
			}
			if matched {
				can[i] = append(can[i], j)
			}
		}
	}
	taken := make([]int, len(list))
	for j := range taken {
		taken[j] = -1
	}
	for i := range can {
		if !assign(i, can, taken, make([]bool, len(list))) {
			m.fail(pointer, "a list, in any order, with an element like "+m.describe(n.Items[i]), got)
			return nil
		}
	}
	return nil
}

// assign finds an element for the expected element i and reassigns others if necessary (bipartite matching).
func assign(i int, can [][]int, taken []int, tried []bool) bool {
	for _, j := range can[i] {
		if tried[j] {
			continue
		}
		tried[j] = true
		if taken[j] < 0 || assign(taken[j], can, taken, tried) {
			taken[j] = i
			return true
		}
	}
	return false
}

func (m *Matcher) each(n *yamlsource.Node, got any, pointer string) error {
	list, ok := got.([]any)
	if !ok {
		m.fail(pointer, "a list", got)
		return nil
	}
	for i, element := range list {
		if err := m.value(n, element, fmt.Sprintf("%s/%d", pointer, i)); err != nil {
			return err
		}
	}
	return nil
}
