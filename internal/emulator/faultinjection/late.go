package faultinjection

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// late has the changes that readers see later than they happen.
type late struct {
	created []*lateObject
	// deleted are objects that are still shown, changed ones among them.
	deleted []*lateObject
}

// lateObject is a new object that is not shown yet, or a deleted or changed one
// that is still shown as it was.
type lateObject struct {
	// path is that of the object, list that of the list that it belongs to.
	path, list, id string
	// segment says that the id is new, so that every path that holds it names
	// this object.
	segment bool
	// byID and inLists say where the effect is seen.
	byID, inLists bool
	// body and item are the old values of a deleted or changed object that are
	// still shown.
	body, item json.RawMessage
	// changed says that the object exists, with another value.
	changed bool
	// left counts the requests that are still affected, unless the effect lasts
	// until a time.
	left  int
	until time.Time
}

// affects uses up one request.
func (o *lateObject) affects(now time.Time) bool {
	if !o.until.IsZero() {
		return now.Before(o.until)
	}
	o.left--
	return o.left >= 0
}

func (l *late) forgetCounted() {
	counted := func(o *lateObject) bool { return o.until.IsZero() }
	l.created = slices.DeleteFunc(l.created, counted)
	l.deleted = slices.DeleteFunc(l.deleted, counted)
}

// hides says whether the request names an object that is not visible yet.
func (l *Lab) hides(r *http.Request) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, o := range l.late.created {
		named := r.URL.Path == o.path || strings.HasPrefix(r.URL.Path, o.path+"/") ||
			o.segment && slices.Contains(strings.Split(r.URL.Path, "/"), o.id)
		if o.byID && named && o.affects(l.clock.Now()) {
			l.total++
			return true
		}
	}
	return false
}

// act lets the API act, applies the effects of earlier requests to the answer,
// and begins those of this one.
func (l *Lab) act(w http.ResponseWriter, r *http.Request, delays []strike) {
	if r.Method == http.MethodGet {
		l.read(w, r)
		return
	}
	if len(delays) == 0 && !l.anyDeleted() {
		l.next.ServeHTTP(w, r)
		return
	}
	kept, err := keep(w, r)
	if err != nil {
		l.fail(w, http.StatusBadRequest, "The request could not be read.")
		return
	}
	var removed *lateObject
	if slices.ContainsFunc(delays, func(s strike) bool { return s.Fault == LateDeletion || s.Fault == StaleRead }) {
		removed = l.beforeDeletion(kept)
	}
	var activated []*lateObject
	if len(delays) > 0 {
		activated = l.beforeActivation(kept)
	}
	answer := newRecorder()
	l.next.ServeHTTP(answer, kept)
	created := describeCreations(kept, answer)
	l.forgetDeleted(kept.URL.Path, created)
	for _, s := range delays {
		switch {
		case len(activated) > 0 && answer.status < 300 && (s.Fault != LateVisibility || s.Lists):
			for _, o := range activated {
				shown := *o
				l.add(&l.late.deleted, &shown, s.Rule)
			}
		case s.Fault == LateDeletion && answer.status < 300 && removed != nil:
			l.add(&l.late.deleted, removed, s.Rule)
		case s.Fault == StaleRead && answer.status < 300 && removed.isObject():
			o := *removed
			o.changed = true
			l.add(&l.late.deleted, &o, s.Rule)
		case s.Fault != LateDeletion && s.Fault != StaleRead && len(created) > 0:
			for _, each := range created {
				o := *each
				o.byID, o.inLists = s.Fault == LateVisibility, s.Fault == ListLag || s.Lists
				l.add(&l.late.created, &o, s.Rule)
			}
		default:
			l.missed(s)
		}
	}
	answer.copyTo(w, answer.body.Bytes())
}

// beforeActivation reads how the list shows the certificates that a request
// activates or deactivates. No path but the list's says whether something is
// active.
func (l *Lab) beforeActivation(r *http.Request) (shown []*lateObject) {
	at := strings.LastIndexByte(r.URL.Path, '/')
	list, verb := r.URL.Path[:at], r.URL.Path[at+1:]
	if r.Method != http.MethodPost || verb != "activate" && verb != "deactivate" {
		return nil
	}
	var body struct {
		CertificateIDs []string `json:"certificate_ids"`
	}
	read, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(read, &body) // the API refuses a body that it cannot read
	for _, id := range body.CertificateIDs {
		o := &lateObject{path: list + "/" + id, list: list, id: id, changed: true}
		if o.item = l.itemOf(r, o); o.item != nil {
			shown = append(shown, o)
		}
	}
	return shown
}

func (l *Lab) add(to *[]*lateObject, o *lateObject, rule Rule) {
	l.mu.Lock()
	defer l.mu.Unlock()
	o.left = rule.Count
	if rule.For > 0 {
		o.until = l.clock.Now().Add(rule.For)
	}
	*to = append(*to, o)
}

func (l *Lab) anyDeleted() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.late.deleted) > 0
}

// forgetDeleted ends the show of a deleted object that is there again.
func (l *Lab) forgetDeleted(path string, created []*lateObject) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.late.deleted = slices.DeleteFunc(l.late.deleted, func(o *lateObject) bool {
		return o.path == path || slices.ContainsFunc(created, func(c *lateObject) bool { return o.path == c.path })
	})
}

// describeCreations returns the objects that a request has created.
func describeCreations(r *http.Request, answer *recorder) (created []*lateObject) {
	if r.Method != http.MethodPost || answer.status >= 300 {
		return nil
	}
	var many struct{ Data []struct{ ID string } }
	if strings.HasSuffix(r.URL.Path, "/permissions") && json.Unmarshal(answer.body.Bytes(), &many) == nil {
		for _, made := range many.Data {
			created = append(created, &lateObject{path: r.URL.Path + "/" + made.ID, list: r.URL.Path, id: made.ID, segment: true})
		}
		return created
	}
	if one := describeCreation(r, answer); one != nil {
		created = append(created, one)
	}
	return created
}

// describeCreation returns the object that a request has created and answers
// with, nil when it has created none.
func describeCreation(r *http.Request, answer *recorder) *lateObject {
	var made struct{ ID string }
	if json.Unmarshal(answer.body.Bytes(), &made) != nil {
		return nil
	}
	id := identify(answer.body.Bytes(), r.URL.Path)
	if id == "" || slices.Contains(strings.Split(r.URL.Path, "/"), id) {
		return nil
	}
	list := listOf(r.URL.Path)
	body, _ := io.ReadAll(r.Body)
	return &lateObject{path: list + "/" + id, list: list, id: id, segment: made.ID != "" && !bytes.Contains(body, []byte(id))}
}

// listOf is the list that shows the object that a POST to this path creates.
func listOf(path string) string {
	if before, after, ok := strings.Cut(path, "/service_accounts/"); ok && strings.HasSuffix(after, "/api_keys") {
		return before + "/api_keys"
	}
	return path
}

// identify returns the id by which the path of an object ends: its own, or that
// of the object that it assigns.
func identify(object []byte, list string) string {
	var fields struct {
		ID      string
		UserID  string `json:"user_id"`
		GroupID string `json:"group_id"`
		Role    struct{ ID string }
		User    struct{ ID string }
		Group   struct{ ID string }
	}
	_ = json.Unmarshal(object, &fields) // fields that do not fit stay empty
	choices := []string{fields.ID}
	switch list[strings.LastIndex(list, "/")+1:] {
	case "roles":
		choices = append(choices, fields.Role.ID)
	case "users":
		choices = append(choices, fields.UserID, fields.User.ID)
	case "groups":
		choices = append(choices, fields.GroupID, fields.Group.ID)
	}
	for _, id := range choices {
		if id != "" {
			return id
		}
	}
	return ""
}

// beforeDeletion reads the object that is shown after its deletion,
// nil when there is no such object.
func (l *Lab) beforeDeletion(r *http.Request) *lateObject {
	path := strings.TrimSuffix(r.URL.Path, "/archive")
	at := strings.LastIndex(path, "/")
	o := &lateObject{path: path, list: path[:at], id: path[at+1:]}
	if answer := l.get(r, path, ""); answer.status == http.StatusOK {
		o.body = bytes.Clone(answer.body.Bytes())
	}
	o.item = l.itemOf(r, o)
	if o.body == nil && o.item == nil {
		return nil
	}
	return o
}

// itemOf returns how its list shows an object, nil where it does not.
func (l *Lab) itemOf(r *http.Request, o *lateObject) json.RawMessage {
	for cursor, more := "", true; more; {
		query := "limit=100"
		if strings.HasSuffix(o.list, "/api_keys") {
			query += "&owner_project_access=any"
		}
		if cursor != "" {
			query += "&after=" + cursor
		}
		var p listPage
		answer := l.get(r, o.list, query)
		if answer.status != http.StatusOK || !p.decode(answer.body.Bytes()) {
			return nil
		}
		for _, item := range p.items {
			if identify(item, o.list) == o.id {
				return item
			}
		}
		cursor, more = p.cursor(o.list), p.more && len(p.items) > 0
	}
	return nil
}

// isObject reports whether there was an object, and not a list to which a POST
// adds one.
func (o *lateObject) isObject() bool {
	return o != nil && (o.body == nil || !new(listPage).decode(o.body))
}

// get reads from the API on behalf of a request.
func (l *Lab) get(r *http.Request, path, query string) *recorder {
	read := r.Clone(r.Context())
	read.Method, read.Body, read.ContentLength = http.MethodGet, http.NoBody, 0
	read.URL.Path, read.URL.RawPath, read.URL.RawQuery = path, "", query
	answer := newRecorder()
	l.next.ServeHTTP(answer, read)
	return answer
}

// read shows deleted and changed objects as they were for a while, and leaves
// new ones out of lists.
func (l *Lab) read(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	var hidden, shown []*lateObject
	var body json.RawMessage
	now := l.clock.Now()
	for _, o := range l.late.created {
		if o.inLists && o.list == r.URL.Path {
			hidden = append(hidden, o)
		}
	}
	for _, o := range l.late.deleted {
		switch {
		case o.path == r.URL.Path && o.body != nil:
			if o.affects(now) {
				body = o.body
				l.total++
			}
		case o.list == r.URL.Path && o.item != nil && r.URL.Query().Get("after") == "":
			if o.affects(now) {
				shown = append(shown, o)
			}
		}
	}
	l.mu.Unlock()
	switch {
	case body != nil:
		answer := newRecorder()
		l.next.ServeHTTP(answer, r) // for its headers
		answer.status = http.StatusOK
		answer.copyTo(w, body)
	case len(hidden)+len(shown) > 0:
		l.readList(w, r, hidden, shown)
	default:
		l.next.ServeHTTP(w, r)
	}
}

func (l *Lab) readList(w http.ResponseWriter, r *http.Request, hidden, shown []*lateObject) {
	for {
		answer := newRecorder()
		l.next.ServeHTTP(answer, r)
		var p listPage
		if answer.status != http.StatusOK || !p.decode(answer.body.Bytes()) {
			answer.copyTo(w, answer.body.Bytes())
			return
		}
		cursor := p.cursor(r.URL.Path)
		p.items = slices.DeleteFunc(p.items, func(item json.RawMessage) bool {
			return slices.ContainsFunc(hidden, func(o *lateObject) bool { return identify(item, o.list) == o.id && l.stillLate(o) })
		})
		for _, o := range shown {
			at := slices.IndexFunc(p.items, func(item json.RawMessage) bool { return identify(item, o.list) == o.id })
			switch {
			case at < 0 && !o.changed:
				p.items = append([]json.RawMessage{o.item}, p.items...)
			case at >= 0 && o.changed:
				p.items[at] = o.item
			}
		}
		if len(p.items) > 0 || !p.more {
			answer.copyTo(w, p.encode(r.URL.Path))
			return
		}
		// Nothing is left of this page, so the next one comes in its place.
		query := r.URL.Query()
		query.Set("after", cursor)
		r = r.Clone(r.Context())
		r.URL.RawQuery = query.Encode()
	}
}

func (l *Lab) stillLate(o *lateObject) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !o.affects(l.clock.Now()) {
		return false
	}
	l.total++
	return true
}

// maxKept is the size of a request that can be kept.
const maxKept = 1 << 20

// keep copies a request, so that it can be sent once the original is over, and
// its body read again.
func keep(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	// The sender has not shown a key yet.
	deadline := http.NewResponseController(w).SetReadDeadline
	_ = deadline(time.Now().Add(time.Minute))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxKept))
	if err != nil {
		w.Header().Set("Connection", "close")
		return nil, err
	}
	_ = deadline(time.Time{})
	kept := r.Clone(context.WithoutCancel(r.Context()))
	kept.Body = &repeatable{bytes.NewReader(body)}
	return kept, nil
}

// repeatable is a body that is read from its beginning after each end.
type repeatable struct{ *bytes.Reader }

func (b *repeatable) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		_, _ = b.Seek(0, io.SeekStart)
	}
	return n, err
}

func (*repeatable) Close() error { return nil }
