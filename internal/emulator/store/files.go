package store

import "encoding/json"

// File is a file of a project, without its content.
type File struct {
	ID        string
	ProjectID string
	Filename  string
	Purpose   string
	CreatedAt int64
	ExpiresAt *int64
	Bytes     int64
}

const fileColumns = "SELECT id, project_id, filename, purpose, created_at, expires_at, bytes FROM files "

func scanFile(row scanner) (f File, err error) {
	err = row.Scan(&f.ID, &f.ProjectID, &f.Filename, &f.Purpose, &f.CreatedAt, &f.ExpiresAt, &f.Bytes)
	return f, err
}

// AddFile stores a new file.
func (tx *Tx) AddFile(f File, content []byte) (_ File, err error) {
	if f.ID, err = tx.NewID("file-"); err != nil {
		return f, err
	}
	if content == nil {
		content = []byte{}
	}
	f.Bytes = int64(len(content))
	return f, tx.exec("INSERT INTO files (id, project_id, filename, purpose, created_at, expires_at, bytes, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		f.ID, f.ProjectID, f.Filename, f.Purpose, f.CreatedAt, f.ExpiresAt, f.Bytes, content)
}

// File returns a file of a project.
func (tx *Tx) File(projectID, id string, now int64) (File, error) {
	return queryOne(tx, scanFile, fileColumns+"WHERE project_id = ? AND id = ? AND COALESCE(expires_at > ?, 1)", projectID, id, now)
}

// Files lists the files of a project, oldest first.
func (tx *Tx) Files(projectID string, now int64) ([]File, error) {
	return query(tx, scanFile, fileColumns+"WHERE project_id = ? AND COALESCE(expires_at > ?, 1) ORDER BY seq", projectID, now)
}

// FileContent returns the content of a file.
func (tx *Tx) FileContent(id string) (content []byte, err error) {
	err = tx.QueryRowContext(tx.ctx, "SELECT content FROM files WHERE id = ?", id).Scan(&content)
	return content, err
}

// RemoveFile removes a file, also from the vector stores that hold it.
func (tx *Tx) RemoveFile(id string) error { return tx.execOne("DELETE FROM files WHERE id = ?", id) }

// VectorStore is a vector store of a project.
type VectorStore struct {
	ID           string
	ProjectID    string
	Name         *string
	CreatedAt    int64
	LastActiveAt int64
	// ExpiresDays is the number of days without activity after which it expires,
	// nil for never.
	ExpiresDays *int64
	Metadata    map[string]string
	// Files and Bytes are those of the files in it.
	Files, Bytes int64
}

const vectorStoreColumns = `SELECT s.id, s.project_id, s.name, s.created_at, s.last_active_at, s.expires_days, s.metadata,
	COUNT(f.id), COALESCE(SUM(f.bytes), 0)
	FROM vector_stores s LEFT JOIN vector_store_files m ON m.vector_store_id = s.id LEFT JOIN files f ON f.id = m.file_id `

func scanVectorStore(row scanner) (s VectorStore, err error) {
	var metadata string
	if err = row.Scan(&s.ID, &s.ProjectID, &s.Name, &s.CreatedAt, &s.LastActiveAt, &s.ExpiresDays, &metadata, &s.Files, &s.Bytes); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(metadata), &s.Metadata)
}

// AddVectorStore stores a new vector store of these files.
func (tx *Tx) AddVectorStore(s VectorStore, files []File) (_ VectorStore, err error) {
	if s.ID, err = tx.NewID("vs_"); err != nil {
		return s, err
	}
	metadata, err := json.Marshal(s.Metadata)
	if err != nil {
		return s, err
	}
	err = tx.exec("INSERT INTO vector_stores (id, project_id, name, created_at, last_active_at, expires_days, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)",
		s.ID, s.ProjectID, s.Name, s.CreatedAt, s.LastActiveAt, s.ExpiresDays, string(metadata))
	for _, f := range files {
		if err == nil {
			err = tx.exec("INSERT OR IGNORE INTO vector_store_files (vector_store_id, file_id) VALUES (?, ?)", s.ID, f.ID)
		}
	}
	if err != nil {
		return s, err
	}
	return tx.VectorStore(s.ProjectID, s.ID)
}

// VectorStore returns a vector store of a project.
func (tx *Tx) VectorStore(projectID, id string) (VectorStore, error) {
	return queryOne(tx, scanVectorStore, vectorStoreColumns+"WHERE s.project_id = ? AND s.id = ? GROUP BY s.id", projectID, id)
}

// VectorStores lists the vector stores of a project, oldest first.
func (tx *Tx) VectorStores(projectID string) ([]VectorStore, error) {
	return query(tx, scanVectorStore, vectorStoreColumns+"WHERE s.project_id = ? GROUP BY s.id ORDER BY s.seq", projectID)
}

// RemoveVectorStore removes a vector store; its files stay.
func (tx *Tx) RemoveVectorStore(id string) error {
	return tx.execOne("DELETE FROM vector_stores WHERE id = ?", id)
}
