package planreview

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// stream reads JSON piece by piece. A plan repeats every object up to four
// times, and only a small part of it is needed at a time.
type stream struct{ *json.Decoder }

func newStream(r io.Reader) stream {
	decoder := json.NewDecoder(r)
	decoder.UseNumber()
	return stream{decoder}
}

// members calls read for each member of an object. read takes the value from the
// stream. null has no members.
func (s stream) members(read func(name string) error) error {
	if open, err := s.open('{'); err != nil || !open {
		return err
	}
	for s.More() {
		name, err := s.Token()
		if err != nil {
			return err
		}
		if err := read(fmt.Sprint(name)); err != nil {
			return err
		}
	}
	_, err := s.Token()
	return err
}

// elements calls read for each element of an array. read takes the value from
// the stream. null has no elements.
func (s stream) elements(read func() error) error {
	if open, err := s.open('['); err != nil || !open {
		return err
	}
	for s.More() {
		if err := read(); err != nil {
			return err
		}
	}
	_, err := s.Token()
	return err
}

// open takes the beginning of an object or an array.
func (s stream) open(expected json.Delim) (bool, error) {
	at := s.InputOffset()
	token, err := s.Token()
	switch {
	case err != nil:
		return false, err
	case token == nil:
		return false, nil
	case token != expected:
		return false, fmt.Errorf("at byte %d: expected %s, got %v", at, expected, token)
	}
	return true, nil
}

// skip takes a value of any size.
func (s stream) skip() error {
	for depth := 0; ; {
		token, err := s.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// end expects nothing but white space.
func (s stream) end() error {
	switch _, err := s.Token(); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	default:
		return errors.New("there is more after the end of the plan")
	}
}
