// Package file serves the files and vector stores of applications. A key sees
// those of its own project; those of others do not exist for it.
package file

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

const (
	readFiles   = "api.files.read"
	writeFiles  = "api.files.write"
	readStores  = "api.vector_stores.read"
	writeStores = "api.vector_stores.write"
)

// Routes registers the endpoints of files and vector stores.
func Routes(router api.Router) {
	router.Call("GET /files", readFiles, list)
	router.Call("POST /files", writeFiles, upload)
	router.Call("GET /files/{file_id}", readFiles, get)
	router.Call("GET /files/{file_id}/content", readFiles, download)
	router.Call("DELETE /files/{file_id}", writeFiles, remove)

	router.Call("GET /vector_stores", readStores, listStores)
	router.Call("POST /vector_stores", writeStores, createStore)
	router.Call("GET /vector_stores/{vector_store_id}", readStores, getStore)
	router.Call("DELETE /vector_stores/{vector_store_id}", writeStores, removeStore)
}

type fileReply struct {
	ID            string  `json:"id"`
	Object        string  `json:"object"`
	Bytes         int64   `json:"bytes"`
	CreatedAt     int64   `json:"created_at"`
	ExpiresAt     *int64  `json:"expires_at"`
	Filename      string  `json:"filename"`
	Purpose       string  `json:"purpose"`
	Status        string  `json:"status"`
	StatusDetails *string `json:"status_details"`
}

func newReply(f store.File) fileReply {
	return fileReply{
		ID: f.ID, Object: "file", Bytes: f.Bytes, CreatedAt: f.CreatedAt, ExpiresAt: f.ExpiresAt, Filename: f.Filename,
		Purpose: f.Purpose, Status: "processed",
	}
}

var purposes = []string{"assistants", "batch", "fine-tune", "vision", "user_data", "evals"}

const (
	// A form of this size is read into memory, and none is larger.
	maxForm = 64 << 20
	maxFile = 48 << 20
	// Files may be asked to go after an hour at least and 30 days at most.
	minExpiry, maxExpiry = 3600, 2_592_000
)

// upload reads a form. It is small enough for memory, as is the database.
func upload(r *api.Request) (any, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" {
		return nil, api.BadRequest("", "Files are uploaded as multipart/form-data.")
	}
	if err := r.ParseMultipartForm(maxForm); err != nil {
		return nil, api.BadRequest("", "The form could not be read.")
	}
	purpose := r.FormValue("purpose")
	if purpose == "" {
		return nil, api.BadRequest("purpose", "'purpose' is a required property")
	}
	if !slices.Contains(purposes, purpose) {
		return nil, api.BadRequest("purpose", "'%s' is not one of ['%s'] - 'purpose'", purpose, strings.Join(purposes, "', '"))
	}
	expiresAt, err := expiry(r)
	if err != nil {
		return nil, err
	}
	part, header, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return nil, api.BadRequest("file", "'file' is a required property")
	}
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(part)
	if err != nil {
		return nil, err
	}
	if len(content) > maxFile {
		return nil, &api.Error{Status: http.StatusRequestEntityTooLarge, Type: "invalid_request_error", Message: "The file is too large for the emulator."}
	}
	f, err := r.Tx.AddFile(store.File{
		ProjectID: r.Key.ProjectID, Filename: header.Filename, Purpose: purpose, CreatedAt: r.Now(), ExpiresAt: expiresAt,
	}, content)
	return newReply(f), err
}

func expiry(r *api.Request) (*int64, error) {
	anchor, text := r.FormValue("expires_after[anchor]"), r.FormValue("expires_after[seconds]")
	if anchor == "" && text == "" {
		return nil, nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if anchor != "created_at" || err != nil || seconds < minExpiry || seconds > maxExpiry {
		return nil, api.BadRequest("expires_after", "'expires_after' needs the anchor 'created_at' and between %d and %d seconds.", minExpiry, maxExpiry)
	}
	at := r.Now() + seconds
	return &at, nil
}

func list(r *api.Request) (any, error) {
	files, err := r.Tx.Files(r.Key.ProjectID, r.Now())
	if err != nil {
		return nil, err
	}
	replies := []fileReply{}
	for _, f := range files {
		if purpose := r.URL.Query().Get("purpose"); purpose == "" || purpose == f.Purpose {
			replies = append(replies, newReply(f))
		}
	}
	return newestFirst(r, replies, func(f fileReply) string { return f.ID }, api.Limits{Min: 1, Max: 10000, Default: 10000})
}

// newestFirst is a page of a list that begins with the newest unless asked
// otherwise.
func newestFirst[T any](r *api.Request, items []T, id func(T) string, limits api.Limits) (api.List[T], error) {
	query := r.URL.Query()
	if query.Get("order") == "" {
		query.Set("order", "desc")
	}
	return api.Paginate(r, items, id, limits, "asc")
}

func pathFile(r *api.Request) (store.File, error) { return find(r, r.PathValue("file_id"), "id") }

// find returns a file of the caller's project; param is where it was named.
func find(r *api.Request, id, param string) (store.File, error) {
	f, err := r.Tx.File(r.Key.ProjectID, id, r.Now())
	return f, api.Or(err, &api.Error{Status: http.StatusNotFound, Type: "invalid_request_error", Param: param, Message: "No such File object: " + id})
}

func get(r *api.Request) (any, error) {
	f, err := pathFile(r)
	return newReply(f), err
}

func download(r *api.Request) (any, error) {
	f, err := pathFile(r)
	if err != nil {
		return nil, err
	}
	content, err := r.Tx.FileContent(f.ID)
	return &api.Content{Type: "application/octet-stream", Data: content}, err
}

func remove(r *api.Request) (any, error) {
	f, err := pathFile(r)
	if err != nil {
		return nil, err
	}
	return api.Deleted{ID: f.ID, Object: "file", Deleted: true}, r.Tx.RemoveFile(f.ID)
}
