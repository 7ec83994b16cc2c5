package transport

import (
	"sync"
	"time"
)

// throttleStats adds up the time spent waiting for rate limits.
type throttleStats struct {
	mu     sync.Mutex
	total  time.Duration
	family map[string]time.Duration
}

func (s *throttleStats) waited(family string, d time.Duration) {
	if d <= 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total += d
	s.family[family] += d
}

func (s *throttleStats) sum() (total, most time.Duration, endpoint string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for family, waited := range s.family {
		if waited > most {
			most, endpoint = waited, family
		}
	}
	return s.total, most, endpoint
}
