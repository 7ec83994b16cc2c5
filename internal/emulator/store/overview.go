package store

// KeyOverview is a project's key with the names of its project and owner.
type KeyOverview struct {
	Name          string
	RedactedValue string
	ProjectID     string
	Project       string
	Owner         string
	CreatedAt     int64
	ExpiresAt     *int64
	LastUsedAt    *int64
	// Replaced says that its owner has a newer key of the same name.
	Replaced bool
}

// KeyOverviews lists the newest keys of a project, or of all projects when it
// is empty.
func (tx *Tx) KeyOverviews(projectID string, limit int) ([]KeyOverview, error) {
	return query(tx, func(row scanner) (k KeyOverview, err error) {
		err = row.Scan(&k.Name, &k.RedactedValue, &k.ProjectID, &k.Project, &k.Owner, &k.CreatedAt, &k.ExpiresAt, &k.LastUsedAt, &k.Replaced)
		return k, err
	}, `SELECT k.name, k.redacted_value, p.id, p.name, COALESCE(a.name, u.email), k.created_at, k.expires_at, k.last_used_at, EXISTS (
			SELECT 1 FROM api_keys n WHERE n.project_id = k.project_id AND n.name = k.name AND n.seq > k.seq
				AND n.service_account_id IS k.service_account_id AND n.user_id IS k.user_id)
		FROM api_keys k JOIN projects p ON p.id = k.project_id
		LEFT JOIN service_accounts a ON a.id = k.service_account_id LEFT JOIN users u ON u.id = k.user_id
		WHERE ?1 IN ('', k.project_id) ORDER BY k.created_at DESC, k.seq DESC LIMIT ?2`, projectID, limit)
}

// ProjectCounts is how much there is in a project.
type ProjectCounts struct{ Members, ServiceAccounts, Keys int64 }

// ProjectCounts counts the members, service accounts and keys of each project,
// by its id.
func (tx *Tx) ProjectCounts() (map[string]ProjectCounts, error) {
	counts := map[string]ProjectCounts{}
	_, err := query(tx, func(row scanner) (none struct{}, err error) {
		var id string
		var c ProjectCounts
		if err = row.Scan(&id, &c.Members, &c.ServiceAccounts, &c.Keys); err == nil {
			counts[id] = c
		}
		return none, err
	}, `SELECT p.id, (SELECT COUNT(*) FROM project_users WHERE project_id = p.id),
		(SELECT COUNT(*) FROM service_accounts WHERE project_id = p.id), (SELECT COUNT(*) FROM api_keys WHERE project_id = p.id) FROM projects p`)
	return counts, err
}

// KeyNames gives each key of a project a name for people, by its id.
func (tx *Tx) KeyNames() (map[string]string, error) {
	names := map[string]string{}
	_, err := query(tx, func(row scanner) (none struct{}, err error) {
		var id, name, redacted string
		if err = row.Scan(&id, &name, &redacted); err == nil {
			names[id] = name + " " + redacted
		}
		return none, err
	}, "SELECT id, name, redacted_value FROM api_keys")
	return names, err
}

// RequestFilter selects requests; a zero value selects all.
type RequestFilter struct {
	ProjectID string
	// Failed keeps those that were refused or failed.
	Failed bool
	// Writes keeps those that are not reads.
	Writes bool
	// Text is a part of the path, or of the name of the key.
	Text string
}

// RequestOverview is a request with the names of its key and its project.
type RequestOverview struct {
	JournalEntry
	Key, Project string
}

// LastRequests lists the requests served last, newest first.
func (tx *Tx) LastRequests(f RequestFilter, limit int) ([]RequestOverview, error) {
	return query(tx, func(row scanner) (r RequestOverview, err error) {
		err = row.Scan(append(r.pointers(), &r.Key, &r.Project)...)
		return r, err
	}, "SELECT "+journalColumns+`, COALESCE(k.name, a.name, ''), COALESCE(p.name, '')
		FROM journal j LEFT JOIN api_keys k ON k.id = j.key_id LEFT JOIN admin_keys a ON a.id = j.key_id LEFT JOIN projects p ON p.id = j.project_id
		WHERE ?1 IN ('', j.project_id) AND (NOT ?2 OR j.status >= 400) AND (NOT ?3 OR j.method <> 'GET')
			AND (instr(j.path, ?4) > 0 OR instr(COALESCE(k.name, a.name, ''), ?4) > 0)
		ORDER BY j.seq DESC LIMIT ?5`, f.ProjectID, f.Failed, f.Writes, f.Text, limit)
}

// Daily is a measure with a value for each day.
type Daily struct{ table, sum string }

// The measures with a value for each day.
var (
	DailyRequests = Daily{"usage_events", "num_model_requests"}
	DailyTokens   = Daily{"usage_events", "input_tokens + output_tokens"}
	// DailyCost is in billionths of a dollar.
	DailyCost = Daily{"cost_events", "nano_usd"}
)

// DaySum is the sum of a group on a day; the group is empty where it is not
// known.
type DaySum struct {
	Day   int64
	Group string
	Sum   int64
}

// SumByDay adds something up by day and by a column, which is never chosen by
// a request: in a project, or in all of them when it is empty.
func (tx *Tx) SumByDay(daily Daily, column, projectID string, start, end int64) ([]DaySum, error) {
	return query(tx, func(row scanner) (s DaySum, err error) {
		err = row.Scan(&s.Day, &s.Group, &s.Sum)
		return s, err
	}, "SELECT at / 86400 * 86400, COALESCE("+column+", ''), SUM("+daily.sum+") FROM "+daily.table+
		" WHERE at >= ?1 AND at < ?2 AND ?3 IN ('', project_id) GROUP BY 1, 2 ORDER BY 1, 2", start, end, projectID)
}
