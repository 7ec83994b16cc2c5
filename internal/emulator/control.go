package emulator

import (
	"context"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// control registers the controls, which only an emulator has.
func (s *Server) control(router api.Router) {
	router.Control("GET /journal", func(r *api.Request) (any, error) {
		since, err := api.Integer(r.URL.Query(), "since", 0, 1<<62, 0)
		if err != nil {
			return nil, err
		}
		return journalOf(r.Tx, int64(since))
	})
	router.Control("GET /outbox", outbox)
	router.Control("GET /snapshot", func(r *api.Request) (any, error) {
		content, err := r.Tx.Snapshot()
		return &api.Content{Type: "application/vnd.sqlite3", Data: content}, err
	})
	router.Control("POST /reset", func(r *api.Request) (any, error) {
		if err := r.Tx.Clear(); err != nil {
			return nil, err
		}
		if err := s.fill(r.Tx, r.Time); err != nil {
			return nil, err
		}
		s.throttle.forget()
		s.meter.Forget()
		return resetReply{Object: "emulator.reset"}, seed.EnsureAdminKey(r.Tx, s.adminKey, r.Time)
	})
}

type resetReply struct {
	Object string `json:"object"`
}

type journalReply struct {
	Object string               `json:"object"`
	Data   []store.JournalEntry `json:"data"`
}

func journalOf(tx *store.Tx, since int64) (journalReply, error) {
	entries, err := tx.Journal(since)
	return journalReply{Object: "list", Data: append([]store.JournalEntry{}, entries...)}, err
}

// Journal returns the requests served after the entry since, oldest first.
func (s *Server) Journal(since int64) (entries []store.JournalEntry, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.store.Update(context.Background(), func(tx *store.Tx) error {
		entries, err = tx.Journal(since)
		return err
	})
	return entries, err
}
