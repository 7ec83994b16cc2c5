package store

// JournalEntry is one request that the emulator has served.
type JournalEntry struct {
	Seq       int64  `json:"seq"`
	At        string `json:"at"`
	Method    string `json:"method"`
	Path      string `json:"path"`
	Route     string `json:"route"`
	Query     string `json:"query"`
	Status    int    `json:"status"`
	RequestID string `json:"request_id"`
	// KeyID is the key of the request, empty where none was accepted.
	KeyID string `json:"key_id"`
	// ProjectID is the project in the path, or that of the key.
	ProjectID string `json:"project_id"`
	// ErrorCode is the code of a refusal, or its type where it has no code.
	ErrorCode string `json:"error_code"`
	// DurationUS is how long the emulator took, in millionths of a second.
	DurationUS int64 `json:"duration_us"`
}

// Record adds an entry to the journal.
func (tx *Tx) Record(e JournalEntry) error {
	return tx.exec(`INSERT INTO journal (at, method, path, route, query, status, request_id, key_id, project_id, error_code, duration_us)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.At, e.Method, e.Path, e.Route, e.Query, e.Status, e.RequestID, e.KeyID, e.ProjectID, e.ErrorCode, e.DurationUS)
}

const journalColumns = "j.seq, j.at, j.method, j.path, j.route, j.query, j.status, j.request_id, j.key_id, j.project_id, j.error_code, j.duration_us"

func (e *JournalEntry) pointers() []any {
	return []any{&e.Seq, &e.At, &e.Method, &e.Path, &e.Route, &e.Query, &e.Status, &e.RequestID, &e.KeyID, &e.ProjectID, &e.ErrorCode, &e.DurationUS}
}

// Journal returns the entries after since, oldest first.
func (tx *Tx) Journal(since int64) ([]JournalEntry, error) {
	return query(tx, func(row scanner) (e JournalEntry, err error) {
		err = row.Scan(e.pointers()...)
		return e, err
	}, "SELECT "+journalColumns+" FROM journal j WHERE j.seq > ? ORDER BY j.seq", since)
}
