// Package transport sends the requests of the OpenAI Administration API: it
// paces, repeats and bounds them, holds back writes where nothing may change,
// and keeps the time of the server. It knows nothing of objects.
package transport
