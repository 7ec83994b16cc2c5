package faultinjection

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// listPage is an answer of a list endpoint.
type listPage struct {
	// name is the field of the items.
	name   string
	fields map[string]json.RawMessage
	items  []json.RawMessage
	more   bool
	next   string
}

// The fields of the items of lists with pages, and of the one list without.
const (
	pagedItems = "data"
	wholeItems = "tunnels"
)

// isWhole says whether the list has no pages.
func (p *listPage) isWhole() bool { return p.name == wholeItems }

// decode is false when the answer is no list.
func (p *listPage) decode(body []byte) bool {
	if json.Unmarshal(body, &p.fields) != nil {
		return false
	}
	p.name = pagedItems
	if _, whole := p.fields[wholeItems]; whole {
		p.name = wholeItems
	}
	if !p.isWhole() && p.fields["has_more"] == nil || json.Unmarshal(p.fields[p.name], &p.items) != nil || p.items == nil {
		return false
	}
	_ = json.Unmarshal(p.fields["has_more"], &p.more)
	_ = json.Unmarshal(p.fields["next"], &p.next)
	return true
}

// hasNext says whether the list has cursors that are no ids.
func (p *listPage) hasNext() bool { return p.fields["next"] != nil }

// cursor is that of the page that follows.
func (p *listPage) cursor(path string) string {
	if p.hasNext() {
		return p.next
	}
	if len(p.items) == 0 {
		return ""
	}
	return identify(p.items[len(p.items)-1], path)
}

// encode writes the page with its own fields, and the others as they were.
func (p *listPage) encode(path string) []byte {
	set := func(name string, value any) {
		encoded, err := json.Marshal(value)
		if err != nil {
			panic(err) // texts, flags and JSON always encode
		}
		p.fields[name] = encoded
	}
	set(p.name, p.items)
	if !p.isWhole() {
		set("has_more", p.more)
	}
	switch {
	case p.isWhole():
	case p.hasNext() && p.next == "":
		set("next", nil)
	case p.hasNext():
		set("next", p.next)
	case len(p.items) > 0:
		set("first_id", identify(p.items[0], path))
		set("last_id", identify(p.items[len(p.items)-1], path))
		if p.next != "" {
			set("last_id", p.next)
		}
	}
	encoded, err := json.Marshal(p.fields)
	if err != nil {
		panic(err)
	}
	return append(encoded, '\n')
}

// walk is a list that changes while it is read page by page.
type walk struct {
	kind   Kind
	header http.Header
	first  listPage
	pages  [][]json.RawMessage
	// at is the page that each cursor leads to.
	at map[string]int
}

func walkKey(r *http.Request) string {
	query := r.URL.Query()
	for _, name := range []string{"after", "before", "limit"} {
		query.Del(name)
	}
	return r.URL.Path + "?" + query.Encode()
}

// startWalk answers the first page of a list that will have changed when the
// next one is asked for.
func (l *Lab) startWalk(w http.ResponseWriter, r *http.Request, rule strike, delays []strike) {
	all, items, header := l.wholeList(r)
	if len(items) < 2 || all.isWhole() {
		l.missed(rule)
		l.act(w, r, delays)
		return
	}
	size := min(max(rule.Count, 1), (len(items)+1)/2)
	pages := slices.Collect(slices.Chunk(items, size))
	switch rule.Fault {
	case ListItemAdded:
		pages[1] = append([]json.RawMessage{stranger(pages[0][size-1])}, pages[1]...)
	case ListItemRemoved:
		if pages[1] = pages[1][1:]; len(pages[1]) == 0 {
			pages = slices.Delete(pages, 1, 2)
		}
	case ListItemRepeated:
		pages[1] = append([]json.RawMessage{pages[0][size-1]}, pages[1]...)
	case ListReordered:
		reversed := slices.Clone(items)
		slices.Reverse(reversed)
		pages = append(pages[:1], slices.Collect(slices.Chunk(reversed[size:], size))...)
	}
	started := &walk{kind: rule.Fault, header: header, first: all, pages: pages, at: map[string]int{}}
	l.mu.Lock()
	l.walks[walkKey(r)] = started
	body := started.page(0, r.URL)
	l.mu.Unlock()
	answer := newRecorder()
	answer.header = header
	answer.copyTo(w, body)
}

// wholeList reads all pages of the list that a request asks for, nothing when
// it asks for something else.
func (l *Lab) wholeList(r *http.Request) (first listPage, items []json.RawMessage, header http.Header) {
	for page := range 100 {
		answer := newRecorder()
		l.act(answer, r, nil)
		var p listPage
		if answer.status != http.StatusOK || !p.decode(answer.body.Bytes()) {
			return first, nil, nil
		}
		if page == 0 {
			first, header = p, answer.header
		}
		items = append(items, p.items...)
		if !p.more || len(p.items) == 0 {
			break
		}
		query := r.URL.Query()
		query.Set("after", p.cursor(r.URL.Path))
		r = r.Clone(r.Context())
		r.URL.RawQuery = query.Encode()
	}
	return first, items, header
}

// continues answers a further page of a list that has changed.
func (l *Lab) continues(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	l.mu.Lock()
	key := walkKey(r)
	begun := l.walks[key]
	if begun == nil {
		l.mu.Unlock()
		return false
	}
	at, known := begun.at[r.URL.Query().Get("after")]
	if !known {
		delete(l.walks, key) // another walk begins
		l.mu.Unlock()
		return false
	}
	body := begun.page(at, r.URL)
	l.mu.Unlock()
	answer := newRecorder()
	answer.header = begun.header
	answer.copyTo(w, body)
	return true
}

// page is the answer for a page, with a cursor to the one that follows.
func (k *walk) page(n int, u *url.URL) []byte {
	p := listPage{name: k.first.name, fields: map[string]json.RawMessage{}}
	for name, value := range k.first.fields {
		p.fields[name] = value
	}
	show, follows := n, n+1
	switch k.kind {
	case ListCursorLoop:
		show, follows = n%2, (n+1)%2
		p.more = true
	case ListWithoutEnd:
		show, p.more = 0, true
	default:
		p.more = follows < len(k.pages)
	}
	if p.items = []json.RawMessage{}; show < len(k.pages) {
		p.items = k.pages[show]
	}
	if !p.more {
		return p.encode(u.Path)
	}
	if p.hasNext() || k.kind == ListWithoutEnd {
		p.next = fmt.Sprintf("page_%d", follows)
	}
	cursor := p.next
	if cursor == "" {
		cursor = p.cursor(u.Path)
	}
	k.at[cursor] = follows
	return p.encode(u.Path)
}

// stranger is an object of the same kind as an item, created by another client.
func stranger(item json.RawMessage) json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(item, &fields) != nil {
		return item
	}
	for _, name := range []string{"id", "user_id", "group_id", "name", "group_name", "email", "model"} {
		if value := fields[name]; len(value) > 2 && value[0] == '"' {
			fields[name] = slices.Concat([]byte(`"added-`), bytes.TrimPrefix(value, []byte(`"`)))
		}
	}
	encoded, err := json.Marshal(fields)
	if err != nil {
		return item
	}
	return encoded
}
