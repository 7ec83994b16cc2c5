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
}

// Record adds an entry to the journal.
func (tx *Tx) Record(e JournalEntry) error {
	return tx.exec("INSERT INTO journal (at, method, path, route, query, status, request_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
		e.At, e.Method, e.Path, e.Route, e.Query, e.Status, e.RequestID)
}

const journalColumns = "SELECT seq, at, method, path, route, query, status, request_id FROM journal "

func scanJournalEntry(row scanner) (e JournalEntry, err error) {
	err = row.Scan(&e.Seq, &e.At, &e.Method, &e.Path, &e.Route, &e.Query, &e.Status, &e.RequestID)
	return e, err
}

// Journal returns the entries after since, oldest first.
func (tx *Tx) Journal(since int64) ([]JournalEntry, error) {
	return query(tx, scanJournalEntry, journalColumns+"WHERE seq > ? ORDER BY seq", since)
}
