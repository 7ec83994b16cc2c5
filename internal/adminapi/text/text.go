// Package text bounds and cleans the texts of a server.
package text

import "unicode"

// LongestText bounds each field of an error, in characters.
const LongestText = 500

// Clean bounds a text of the server and drops characters that a terminal would
// act on: control and format characters, those that change the direction of
// text among them.
func Clean(said string) string {
	var runes []rune
	for _, r := range said {
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case !unicode.IsPrint(r):
			continue
		}
		if len(runes) == LongestText {
			runes[LongestText-1] = '…'
			break
		}
		runes = append(runes, r)
	}
	return string(runes)
}
