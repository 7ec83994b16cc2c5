package findings

import (
	"regexp"
	"strings"
)

// Marks are the signs of the severities.
var Marks = map[Severity]string{High: "🔴", Medium: "🟠", Low: "🟡"}

// markup is the markup of GitHub's and GitLab's Markdown: a name in a plan
// must not be able to draw, link, mention or refer.
var markup = strings.NewReplacer(
	"|", "&#124;", "`", "&#96;", "*", "&#42;", "[", "&#91;", "]", "&#93;", "\\", "&#92;",
	"~", "&#126;", "$", "&#36;", "#", "&#35;", "!", "&#33;", "://", "&#58;//", "www.", "www&#46;",
)

var mention = regexp.MustCompile(`(^|[^A-Za-z0-9._+-])@`)

// emphasis is an underscore that would begin or end emphasis.
var emphasis = regexp.MustCompile(`\b_|_\b|^_|_$`)

// issue is a reference such as GH-1.
var issue = regexp.MustCompile(`(?i)\b(GH)-(\d)`)

// Escape makes a text literal in Markdown.
func Escape(s string) string {
	s = markup.Replace(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s))
	s = emphasis.ReplaceAllString(s, "&#95;")
	s = issue.ReplaceAllString(s, "$1&#45;$2")
	return mention.ReplaceAllString(s, "$1&#64;")
}
