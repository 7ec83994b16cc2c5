package adminapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

// creation is one create request. When its answer is lost, the object is
// searched in the list; the request of an object without a secret is never
// sent a second time.
type creation[T, L any] struct {
	// operation names the call in errors.
	operation string
	// object is the resource type without the provider's prefix.
	object string
	// parent precedes the id in import ids, for example "proj_1/".
	parent string
	// alike has the values that make two creates indistinguishable. Such creates
	// are sent one after the other, so that each can identify its own object.
	alike string
	send  func(ctx context.Context) (*T, error)
	// record keeps the created or adopted object for this process.
	record func(T)
	list   *cache.Collection[L]
	// equal reports whether a listed object has every attribute that was sent.
	equal func(L) bool
	// createdAt returns the creation time in Unix seconds, 0 when the API has
	// none. It is nil for kinds that the API never gives one.
	createdAt func(L) int64
	// adopt converts a listed object. It is nil for objects that are never
	// adopted: those with a secret and those without a creation time.
	adopt func(L) T
	// secret marks objects whose secret only the lost answer had. The request
	// is sent a second time.
	secret bool
}

const (
	// clockTolerance is how much older than the request an object may be.
	clockTolerance = 5 * time.Second
	// settledAfter is the age of a lost answer from which a single match in two
	// reads is the object.
	settledAfter = 8 * time.Second
	gatewayRead  = 30 * time.Second
	gatewayEnd   = 300 * time.Second
)

// searchTimes are the ages of a lost answer at which the list is read.
var searchTimes = []time.Duration{time.Second, 3 * time.Second, settledAfter, 18 * time.Second, gatewayRead}

// LostAnswer describes a create whose answer was lost.
type LostAnswer struct {
	// Object is the resource type without the provider's prefix.
	Object string
	// Parent precedes the id in import ids; empty for objects of the organization.
	Parent string
	// Found are objects that may be the created one.
	Found []FoundObject
	// Adopted reports that the only object found is now managed.
	Adopted bool
	// Exists reports that the API refused the create because of the object found.
	Exists bool
	// Secret reports that the secret of the created object is lost.
	Secret bool
	// Requests is how many requests had no usable answer.
	Requests int
	// Searched is how long the list was read for, in vain when nothing is found.
	Searched time.Duration
	// Problem is why the list could not be read, nil when it was.
	Problem error
}

// FoundObject is an object that a create with unknown outcome may have made.
type FoundObject struct {
	ID string
	// CreatedAt is in Unix seconds, 0 when the API has no such time.
	CreatedAt int64
}

type lostAnswersKey struct{}

// LostAnswers collects the creates of an operation that succeeded although an
// answer was lost. Their user must be warned.
type LostAnswers struct {
	mu  sync.Mutex
	all []LostAnswer
}

// WithLostAnswers returns a context below which lost answers are collected.
func WithLostAnswers(ctx context.Context) (context.Context, *LostAnswers) {
	collected := &LostAnswers{}
	return context.WithValue(ctx, lostAnswersKey{}, collected), collected
}

// All returns the collected lost answers.
func (l *LostAnswers) All() []LostAnswer {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.all)
}

func reportLostAnswer(ctx context.Context, lost LostAnswer) {
	if collected, ok := ctx.Value(lostAnswersKey{}).(*LostAnswers); ok {
		collected.mu.Lock()
		defer collected.mu.Unlock()
		collected.all = append(collected.all, lost)
	}
}

// LostAnswerOf returns the description of a failed create, nil when it
// certainly created nothing.
func LostAnswerOf(err error) *LostAnswer {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.LostAnswer
	}
	return nil
}

// run sends the request and searches for the object of a lost answer.
func (c creation[T, L]) run(ctx context.Context, client *Client) (*T, error) {
	unlock, err := client.creating.Lock(ctx, c.operation+"\x00"+c.alike, "another create of the same kind of object, which could not be distinguished from this one")
	if err != nil {
		return nil, err
	}
	defer unlock()
	before := c.list.IDs()
	sent := client.clock.Now()
	created, err := c.send(ctx)
	if err == nil {
		c.record(*created)
		return created, nil
	}
	if !IsOutcomeUnknown(err) {
		return nil, err
	}
	search := &search[T, L]{creation: c, client: client, before: before, sent: sent, lost: client.clock.Now(), gateway: gatewayFailed(err)}
	if c.secret {
		return search.sendAgain(ctx, err)
	}
	return search.adoptOnly(ctx, err)
}

// gatewayFailed reports whether the server may still be acting.
func gatewayFailed(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Status == http.StatusBadGateway || e.Status == http.StatusServiceUnavailable || e.Status == http.StatusGatewayTimeout)
}

// search looks for the object of one lost answer.
type search[T, L any] struct {
	creation[T, L]
	client *Client
	// before are the ids that the process had seen in the list before the request.
	before map[string]bool
	// sent and lost are times of the local clock.
	sent, lost time.Time
	gateway    bool
	// requests counts the later requests whose answer was lost, too.
	requests int

	found   []L
	problem error
}

// times are the ages at which the list is read.
func (s *search[T, L]) times() []time.Duration {
	times := slices.Clone(searchTimes)
	for at := 2 * gatewayRead; s.gateway && at <= gatewayEnd; at += gatewayRead {
		times = append(times, at)
	}
	return times
}

// adoptOnly reads the list until exactly one object matches in two reads. The
// second read keeps an equal object of others from being taken for ours while
// ours is not in the list yet.
func (s *search[T, L]) adoptOnly(ctx context.Context, cause error) (*T, error) {
	only, read := "", time.Duration(0)
	for _, at := range s.times() {
		if err := s.read(ctx, at); err != nil {
			break // canceled
		}
		read = at
		id := ""
		if len(s.found) == 1 {
			id = s.list.ID(s.found[0])
		}
		if id != "" && id == only && at >= settledAfter && s.adopt != nil && s.problem == nil {
			adopted := s.adopt(s.found[0])
			s.record(adopted)
			lost := s.lostAnswer(read)
			lost.Adopted = true
			reportLostAnswer(ctx, lost)
			return &adopted, nil
		}
		only = id
		if at >= gatewayRead && (len(s.found) > 1 || len(s.found) == 1 && s.adopt == nil) {
			break // several, or one that is never adopted
		}
	}
	return nil, s.failure(cause, read)
}

// sendAgain reads the list once and sends the request a second time: a key
// whose secret is lost is of no use.
func (s *search[T, L]) sendAgain(ctx context.Context, cause error) (*T, error) {
	at := settledAfter
	if s.gateway {
		at = gatewayRead
	}
	if err := s.read(ctx, at); err != nil {
		return nil, s.failure(cause, 0)
	}
	first := s.lostAnswer(at)
	created, err := s.send(ctx)
	if err == nil {
		s.record(*created)
		if len(first.Found) == 0 && s.read(ctx, 2*at) == nil {
			// The list could not be read, or did not show the first key yet.
			first = s.lostAnswer(2 * at)
		}
		reportLostAnswer(ctx, first)
		return created, nil
	}
	if IsOutcomeUnknown(err) {
		s.lost, s.gateway = s.client.clock.Now(), gatewayFailed(err)
		if s.gateway {
			at = gatewayRead
		}
		_ = s.read(ctx, at)
		cause = err
		s.requests++
	}
	return nil, s.failure(cause, at)
}

// read waits until the lost answer has this age, and reads the list. It fails
// only when the operation is canceled.
func (s *search[T, L]) read(ctx context.Context, age time.Duration) error {
	at := s.lost.Add(age)
	if err := s.client.clock.Sleep(ctx, at.Sub(s.client.clock.Now())); err != nil {
		s.problem = wait.End(ctx, "the list to show what was created")
		return err
	}
	items, err := s.list.Reread(ctx, s.client.clock.Now, at)
	if s.problem = err; err != nil {
		return ctx.Err()
	}
	s.found = slices.DeleteFunc(items, func(item L) bool { return !s.matches(item) })
	return nil
}

// matches reports whether an object may be the one that the request created.
func (s *search[T, L]) matches(item L) bool {
	id := s.list.ID(item)
	if !s.equal(item) || s.before[id] || s.list.Owns(id) || s.client.known.has(id) {
		return false
	}
	if s.createdAt == nil {
		return true
	}
	at := s.createdAt(item)
	earliest, known := s.client.server.At(s.sent)
	if at == 0 || !known {
		return false
	}
	latest, _ := s.client.server.At(s.lost)
	window := gatewayRead
	if s.gateway {
		window = gatewayEnd
	}
	return at >= earliest.Add(-clockTolerance).Unix() && at <= latest.Add(window).Unix()+1
}

func (s *search[T, L]) lostAnswer(read time.Duration) LostAnswer {
	lost := LostAnswer{Object: s.object, Parent: s.parent, Secret: s.secret, Requests: 1 + s.requests, Searched: read, Problem: s.problem}
	for _, item := range s.found {
		found := FoundObject{ID: s.list.ID(item)}
		if s.createdAt != nil {
			found.CreatedAt = s.createdAt(item)
		}
		lost.Found = append(lost.Found, found)
	}
	slices.SortFunc(lost.Found, func(a, b FoundObject) int { return cmp.Compare(a.ID, b.ID) })
	return lost
}

// failure is cause with the objects that may exist now.
func (s *search[T, L]) failure(cause error, read time.Duration) error {
	lost := s.lostAnswer(read)
	failed := &Error{Operation: s.operation, OutcomeUnknown: true, LostAnswer: &lost, Err: cause, Message: cause.Error()}
	if e, ok := errors.AsType[*Error](cause); ok {
		failed.Status, failed.Code, failed.Type, failed.Param, failed.RequestID = e.Status, e.Code, e.Type, e.Param, e.RequestID
		failed.Message, failed.Timeout = e.Message, e.Timeout
	}
	if len(lost.Found) > 0 {
		ids := make([]string, len(lost.Found))
		for i, found := range lost.Found {
			ids[i] = found.ID
		}
		failed.Message += fmt.Sprintf(" (may have created %v)", ids)
	}
	return failed
}

// addOnce sends the addition of an object that the caller names. After a lost
// answer it reads the list, and sends once more when the object is absent.
func addOnce[T any](ctx context.Context, client *Client, send func(ctx context.Context) (*T, error), list *cache.Collection[T], match func(T) bool) (*T, error) {
	for attempt := 1; ; attempt++ {
		added, err := send(ctx)
		exists := alreadyExists(err)
		if !exists && !IsOutcomeUnknown(err) {
			return added, err
		}
		failed := client.clock.Now()
		ages := searchTimes
		if exists {
			ages = slices.Concat([]time.Duration{0}, ages)
		}
		for _, age := range ages {
			at := failed.Add(age)
			if client.clock.Sleep(ctx, at.Sub(client.clock.Now())) != nil {
				return nil, err
			}
			items, readErr := list.Reread(ctx, client.clock.Now, at)
			if at := slices.IndexFunc(items, match); at >= 0 {
				return &items[at], nil
			}
			// An object that exists may not be in the list yet.
			if readErr == nil && !exists {
				break
			}
		}
		if exists || attempt == 2 {
			return nil, err
		}
	}
}
