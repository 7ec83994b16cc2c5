// Package cache answers many single reads from one list, and keeps the objects
// that a process has read or written. It knows nothing of HTTP.
package cache
