package file

import (
	"net/http"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

type storeReply struct {
	ID           string            `json:"id"`
	Object       string            `json:"object"`
	CreatedAt    int64             `json:"created_at"`
	Name         *string           `json:"name"`
	UsageBytes   int64             `json:"usage_bytes"`
	FileCounts   fileCounts        `json:"file_counts"`
	Status       string            `json:"status"`
	ExpiresAfter *expiresAfter     `json:"expires_after"`
	ExpiresAt    *int64            `json:"expires_at"`
	LastActiveAt int64             `json:"last_active_at"`
	Metadata     map[string]string `json:"metadata"`
}

type fileCounts struct {
	InProgress int64 `json:"in_progress"`
	Completed  int64 `json:"completed"`
	Failed     int64 `json:"failed"`
	Cancelled  int64 `json:"cancelled"`
	Total      int64 `json:"total"`
}

type expiresAfter struct {
	Anchor string `json:"anchor"`
	Days   int64  `json:"days"`
}

func newStoreReply(s store.VectorStore, now int64) storeReply {
	reply := storeReply{
		ID: s.ID, Object: "vector_store", CreatedAt: s.CreatedAt, Name: s.Name, UsageBytes: s.Bytes,
		FileCounts: fileCounts{Completed: s.Files, Total: s.Files}, Status: "completed", LastActiveAt: s.LastActiveAt, Metadata: s.Metadata,
	}
	if s.ExpiresDays != nil {
		at := s.LastActiveAt + *s.ExpiresDays*24*60*60
		reply.ExpiresAfter, reply.ExpiresAt = &expiresAfter{"last_active_at", *s.ExpiresDays}, &at
		if now >= at {
			reply.Status = "expired"
		}
	}
	return reply
}

func createStore(r *api.Request) (any, error) {
	var body struct {
		Name         *string           `json:"name"`
		FileIDs      []string          `json:"file_ids"`
		ExpiresAfter *expiresAfter     `json:"expires_after"`
		Metadata     map[string]string `json:"metadata"`
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	s := store.VectorStore{
		ProjectID: r.Key.ProjectID, Name: body.Name, CreatedAt: r.Now(), LastActiveAt: r.Now(), Metadata: map[string]string{},
	}
	if body.Metadata != nil {
		s.Metadata = body.Metadata
	}
	if e := body.ExpiresAfter; e != nil {
		if e.Anchor != "last_active_at" || e.Days < 1 || e.Days > 365 {
			return nil, api.BadRequest("expires_after", "'expires_after' needs the anchor 'last_active_at' and between 1 and 365 days.")
		}
		s.ExpiresDays = &e.Days
	}
	var files []store.File
	for _, id := range body.FileIDs {
		f, err := find(r, id, "file_ids")
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	s, err := r.Tx.AddVectorStore(s, files)
	if err != nil {
		return nil, err
	}
	return newStoreReply(s, r.Now()), r.Tx.AddUsage(store.UsageEvent{
		Kind: "vector_stores", At: r.Now(), Dimensions: store.Dimensions{ProjectID: &s.ProjectID}, Measures: store.Measures{UsageBytes: s.Bytes},
	})
}

func listStores(r *api.Request) (any, error) {
	stores, err := r.Tx.VectorStores(r.Key.ProjectID)
	if err != nil {
		return nil, err
	}
	replies := make([]storeReply, len(stores))
	for i, s := range stores {
		replies[i] = newStoreReply(s, r.Now())
	}
	return newestFirst(r, replies, func(s storeReply) string { return s.ID }, api.Usual)
}

func pathStore(r *api.Request) (store.VectorStore, error) {
	id := r.PathValue("vector_store_id")
	s, err := r.Tx.VectorStore(r.Key.ProjectID, id)
	return s, api.Or(err, &api.Error{Status: http.StatusNotFound, Type: "invalid_request_error", Message: "Vector store with id '" + id + "' not found."})
}

func getStore(r *api.Request) (any, error) {
	s, err := pathStore(r)
	return newStoreReply(s, r.Now()), err
}

func removeStore(r *api.Request) (any, error) {
	s, err := pathStore(r)
	if err != nil {
		return nil, err
	}
	return api.Deleted{ID: s.ID, Object: "vector_store.deleted", Deleted: true}, r.Tx.RemoveVectorStore(s.ID)
}
