// Command words keeps words out of the repository's text that a reader has to
// translate: British spellings, and terms for which the project uses another.
// words.txt lists them with their replacements.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/allthingsai/terraform-provider-openai/tools/terraform"
)

//go:embed words.txt
var list string

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "words:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	root, err := terraform.Root(ctx)
	if err != nil {
		return err
	}
	rules, err := parseRules(list)
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	command.Dir = root
	names, err := command.Output()
	if err != nil {
		return fmt.Errorf("git ls-files: %w", err)
	}
	count := 0
	for name := range strings.SplitSeq(strings.TrimRight(string(names), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(root, name))
		if errors.Is(err, os.ErrNotExist) { // deleted, not yet committed
			continue
		}
		if err != nil {
			return err
		}
		for _, finding := range rules.check(name, content) {
			fmt.Println(finding)
			count++
		}
	}
	if unused := rules.unusedExceptions(); len(unused) > 0 {
		return fmt.Errorf("words.txt: exceptions without an occurrence: %s", strings.Join(unused, ", "))
	}
	if count > 0 {
		return fmt.Errorf("%d words to replace; tools/cmd/words/words.txt has the list", count)
	}
	return nil
}

// rule is a line of words.txt.
type rule struct {
	expression  *regexp.Regexp
	replacement string
}

// exception allows the matches of an expression in the files that a pattern
// matches.
type exception struct {
	pattern, word string
	used          bool
}

type rules struct {
	skip       []string       // patterns of files that are not read
	text       []rule         // for lines, and for names in Go split into words
	any        *regexp.Regexp // matches where any rule of text does
	names      []rule         // for names in Go
	builtins   []rule         // for names in Go that hide others
	exceptions []*exception
}

// parseRules reads words.txt. Its sections are explained in the file.
func parseRules(content string) (*rules, error) {
	parsed := &rules{}
	expressions := map[string]*[]rule{"[text]": &parsed.text, "[names]": &parsed.names, "[builtins]": &parsed.builtins}
	wrap := map[string]string{"[text]": `(?i)\b(?:…)\b`, "[names]": `^(?:…)$`, "[builtins]": `^(?:…)$`}
	section := ""
	for number, line := range strings.Split(content, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if strings.HasPrefix(line, "[") {
			section = line
			continue
		}
		fields := strings.Split(line, " | ")
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		switch {
		case section == "[skip]" && len(fields) == 2:
			parsed.skip = append(parsed.skip, fields[0])
		case section == "[exceptions]" && len(fields) == 3:
			parsed.exceptions = append(parsed.exceptions, &exception{pattern: fields[0], word: strings.ToLower(fields[1])})
		case expressions[section] != nil && len(fields) == 2:
			expression, err := regexp.Compile(strings.Replace(wrap[section], "…", fields[0], 1))
			if err != nil {
				return nil, fmt.Errorf("words.txt:%d: %w", number+1, err)
			}
			*expressions[section] = append(*expressions[section], rule{expression, fields[1]})
		default:
			return nil, fmt.Errorf("words.txt:%d: %d fields in section %q", number+1, len(fields), section)
		}
	}
	all := make([]string, len(parsed.text))
	for i, rule := range parsed.text {
		all[i] = rule.expression.String()
	}
	parsed.any = regexp.MustCompile(strings.Join(all, "|"))
	return parsed, nil
}

// check returns the findings of a file: where, which word, and what replaces it.
func (r *rules) check(name string, content []byte) []string {
	for _, pattern := range r.skip {
		if matches(pattern, name) {
			return nil
		}
	}
	if !utf8.Valid(content) || bytes.ContainsRune(content, 0) {
		return nil
	}
	var findings []string
	report := func(line int, word, replacement string) {
		if !r.excepted(name, word) {
			findings = append(findings, fmt.Sprintf("%s:%d: %s: write %s", name, line, word, replacement))
		}
	}
	for i, line := range strings.Split(string(content), "\n") {
		if !r.any.MatchString(line) {
			continue
		}
		for _, rule := range r.text {
			for _, word := range rule.expression.FindAllString(line, -1) {
				report(i+1, word, rule.replacement)
			}
		}
	}
	if path.Ext(name) != ".go" {
		return findings
	}
	declared(name, content, func(line int, identifier string, hides bool) {
		split := splitName(identifier)
		for _, rule := range r.text {
			// A name that is one word has been found in the line.
			if strings.Contains(split, " ") && rule.expression.MatchString(split) && !rule.expression.MatchString(identifier) {
				report(line, identifier, rule.replacement)
			}
		}
		names := r.names
		if hides {
			names = slices.Concat(names, r.builtins)
		}
		for _, rule := range names {
			if rule.expression.MatchString(identifier) {
				report(line, identifier, rule.replacement)
			}
		}
	})
	return findings
}

func (r *rules) excepted(name, word string) bool {
	for _, exception := range r.exceptions {
		if strings.EqualFold(exception.word, word) && matches(exception.pattern, name) {
			exception.used = true
			return true
		}
	}
	return false
}

// unusedExceptions are those that no file needs any more.
func (r *rules) unusedExceptions() []string {
	var unused []string
	for _, exception := range r.exceptions {
		if !exception.used {
			unused = append(unused, exception.pattern+" "+exception.word)
		}
	}
	return unused
}

// matches compares the whole path, or one of its folders, with a pattern.
func matches(pattern, name string) bool {
	for ; name != "."; name = path.Dir(name) {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return false
}

// declared calls report with every name that a Go file declares, and whether it
// can hide another one: names of fields and methods cannot.
func declared(name string, content []byte, report func(line int, identifier string, hides bool)) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, content, parser.SkipObjectResolution)
	if err != nil { // the compiler reports it
		return
	}
	names := func(hides bool, identifiers ...*ast.Ident) {
		for _, identifier := range identifiers {
			report(files.Position(identifier.Pos()).Line, identifier.Name, hides)
		}
	}
	members := map[*ast.Field]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncDecl:
			names(node.Recv == nil, node.Name)
		case *ast.TypeSpec:
			names(true, node.Name)
		case *ast.ValueSpec:
			names(true, node.Names...)
		case *ast.StructType:
			for _, field := range node.Fields.List {
				members[field] = true
			}
		case *ast.InterfaceType:
			for _, field := range node.Methods.List {
				members[field] = true
			}
		case *ast.Field:
			names(!members[node], node.Names...)
		case *ast.AssignStmt:
			if node.Tok == token.DEFINE {
				for _, left := range node.Lhs {
					if identifier, ok := left.(*ast.Ident); ok {
						names(true, identifier)
					}
				}
			}
		case *ast.RangeStmt:
			if node.Tok == token.DEFINE {
				for _, left := range []ast.Expr{node.Key, node.Value} {
					if identifier, ok := left.(*ast.Ident); ok {
						names(true, identifier)
					}
				}
			}
		}
		return true
	})
}

// splitName returns the words of a camel-case name: "isToldOf" is "is told of".
func splitName(name string) string {
	var split strings.Builder
	previous := ' '
	for _, letter := range name {
		if letter == '_' {
			letter = ' '
		} else if unicode.IsUpper(letter) && unicode.IsLower(previous) {
			split.WriteRune(' ')
		}
		split.WriteRune(unicode.ToLower(letter))
		previous = letter
	}
	return split.String()
}
