package adminapi

import "unicode"

// longestText bounds each field of an error, in characters.
const longestText = 500

// clean bounds a text of the server and drops what a terminal would act on:
// control and format characters, those that change the direction of text
// among them.
func clean(text string) string {
	var runes []rune
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case !unicode.IsPrint(r):
			continue
		}
		if len(runes) == longestText {
			runes[longestText-1] = '…'
			break
		}
		runes = append(runes, r)
	}
	return string(runes)
}
