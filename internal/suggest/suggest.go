// Package suggest finds the name that was meant by a misspelled one.
package suggest

import (
	"fmt"
	"slices"
	"strings"
)

// most is the largest number of changes between a name and a misspelled one.
const most = 3

// Name returns the name closest to a misspelled one, and false when none is
// close.
func Name(wrong string, names []string) (closest string, found bool) {
	wrong = strings.ToLower(wrong)
	best := min(most, 1+len([]rune(wrong))/4) + 1 // more changes than may be made
	shared := 0
	for _, name := range names {
		lower := strings.ToLower(name)
		changes := distance([]rune(wrong), []rune(lower))
		if len(wrong) >= 3 && strings.HasPrefix(lower, wrong) {
			changes = min(changes, 1)
		}
		if start := sharedStart(wrong, lower); changes < best || found && changes == best && start > shared {
			closest, best, shared, found = name, changes, start, true
		}
	}
	return closest, found
}

// Sentence is the end of an error about a misspelled name: a question with the
// closest name, or nothing.
func Sentence(wrong string, names []string) string {
	closest, found := Name(wrong, names)
	if !found {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", closest)
}

// sharedStart is the length of the start that two texts have in common.
func sharedStart(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// distance is the number of insertions, deletions, replacements and swaps of
// neighbors that turn one text into another.
func distance(a, b []rune) int {
	before, last := []int(nil), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i, x := range a {
		row := append(make([]int, 0, len(b)+1), i+1)
		for j, y := range b {
			change := last[j]
			if x != y {
				change++
			}
			best := slices.Min([]int{change, last[j+1] + 1, row[j] + 1})
			if i > 0 && j > 0 && x == b[j-1] && a[i-1] == y {
				best = min(best, before[j-1]+1)
			}
			row = append(row, best)
		}
		before, last = last, row
	}
	return last[len(b)]
}
