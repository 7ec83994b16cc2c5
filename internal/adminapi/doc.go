// Package adminapi is the client of the OpenAI Administration API that the
// provider uses: the official SDK over a transport of our own, with shared
// reads, which answer many single reads from one list.
//
// It is the only package that builds SDK services. Callers get the SDK's
// types, and errors of type *Error.
package adminapi
