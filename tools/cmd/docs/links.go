package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// anchorID finds the anchors that pages set themselves.
var anchorID = regexp.MustCompile(`<a (?:id|name)="([^"]+)">`)

// markdownPage has the targets of the links of a page, and its anchors.
type markdownPage struct {
	links   []string
	anchors map[string]bool
}

// checkLinks reports relative links, in docs/ and in the pages of the root, that
// point to no file or to no heading. It does not follow links to other hosts.
func checkLinks(root string) error {
	names, err := filepath.Glob(filepath.Join(root, "*.md"))
	if err != nil {
		return err
	}
	err = filepath.WalkDir(filepath.Join(root, "docs"), func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(name) == ".md" {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return err
	}
	pages := map[string]*markdownPage{}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		pages[name] = readPage(content)
	}
	var problems []error
	for name, page := range pages {
		for _, link := range page.links {
			if problem := checkLink(pages, name, link); problem != "" {
				problems = append(problems, fmt.Errorf("%s: link %s: %s", name, link, problem))
			}
		}
	}
	return errors.Join(problems...)
}

// checkLink returns the error of a link of a page, if any.
func checkLink(pages map[string]*markdownPage, name, link string) string {
	if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
		return ""
	}
	target, anchor, hasAnchor := strings.Cut(link, "#")
	linked := name
	if target != "" {
		linked = filepath.Join(filepath.Dir(name), filepath.FromSlash(target))
	}
	page := pages[linked]
	if page == nil {
		if _, err := os.Stat(linked); err != nil {
			return "no such file"
		}
		if hasAnchor || path.Ext(linked) == "" && filepath.Base(linked) != "LICENSE" {
			return "not a page"
		}
		return ""
	}
	if hasAnchor && !page.anchors[anchor] {
		return "no such heading"
	}
	return ""
}

func readPage(content []byte) *markdownPage {
	page := &markdownPage{anchors: map[string]bool{}}
	for _, found := range anchorID.FindAllSubmatch(content, -1) {
		page.anchors[string(found[1])] = true
	}
	document := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(content))
	// The walk fails only where its function does.
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch node := node.(type) {
			case *ast.Link:
				page.links = append(page.links, string(node.Destination))
			case *ast.Heading:
				page.anchors[slug(plainText(node, content))] = true
			}
		}
		return ast.WalkContinue, nil
	})
	return page
}

// plainText is the text of a node without its markup.
func plainText(node ast.Node, content []byte) string {
	var all strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		if leaf, ok := child.(*ast.Text); ok {
			all.Write(leaf.Segment.Value(content))
			continue
		}
		all.WriteString(plainText(child, content))
	}
	return all.String()
}

// slug is the anchor that GitHub and the registry give a heading.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return '-'
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}
