package emulator

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/mail"
	"net/smtp"
	"strings"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

type outboxReply struct {
	Object string          `json:"object"`
	Data   []store.Message `json:"data"`
}

func outbox(r *api.Request) (any, error) {
	messages, err := r.Tx.Outbox()
	return outboxReply{Object: "list", Data: append([]store.Message{}, messages...)}, err
}

// postman sends the messages in the outbox through a mail server, aside from
// the requests.
type postman struct {
	server string
	// sent are the messages whose delivery could not be stored.
	sent       map[string]bool
	wake       chan struct{}
	stop, done chan struct{}
}

func newPostman(server string) *postman {
	return &postman{server: server, sent: map[string]bool{}, wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{})}
}

// call makes the postman look into the outbox.
func (p *postman) call() {
	if p == nil {
		return
	}
	select {
	case p.wake <- struct{}{}:
	default: // it is on its way already
	}
}

// dismiss waits until the stored messages are sent.
func (p *postman) dismiss() {
	if p != nil {
		close(p.stop)
		<-p.done
	}
}

func (s *Server) runPostman() {
	defer close(s.postman.done)
	for {
		select {
		case <-s.postman.wake:
			s.deliver()
		case <-s.postman.stop:
			s.deliver()
			return
		}
	}
}

func (s *Server) deliver() {
	for _, m := range s.waiting() {
		if s.postman.sent[m.ID] {
			continue
		}
		var failure *string
		if err := s.postman.send(m); err != nil {
			text := err.Error()
			failure = &text
		}
		if !s.within(func(tx *store.Tx) error { return tx.Delivered(m.ID, failure) }) {
			s.postman.sent[m.ID] = true // and not sent twice
		}
		s.changes.announce()
	}
}

func (s *Server) waiting() (messages []store.Message) {
	s.within(func(tx *store.Tx) (err error) {
		messages, err = tx.WaitingMessages()
		return err
	})
	return messages
}

// within does something to the database between requests, and says whether it
// succeeded.
func (s *Server) within(do func(*store.Tx) error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.store.Update(context.Background(), do)
	if err != nil {
		s.options.ErrorLog.Printf("the outbox cannot be read or written: %v", err)
	}
	return err == nil
}

// sender is the sender of messages, in a domain that cannot be registered.
const sender = "alerts@openai-emulator.invalid"

const mailPatience = 10 * time.Second

// send delivers a message. The server is one for tests, so it asks for no
// password.
func (p *postman) send(m store.Message) (err error) {
	connection, err := (&net.Dialer{Timeout: mailPatience}).DialContext(context.Background(), "tcp", p.server)
	if err != nil {
		return err
	}
	if err := connection.SetDeadline(time.Now().Add(mailPatience)); err != nil {
		return errors.Join(err, connection.Close())
	}
	host, _, _ := net.SplitHostPort(p.server)
	client, err := smtp.NewClient(connection, host)
	if err != nil {
		return errors.Join(err, connection.Close())
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, client.Close())
		}
	}()
	if err := client.Mail(sender); err != nil {
		return err
	}
	var to []string
	for _, recipient := range m.Recipients {
		address, err := mail.ParseAddress(recipient)
		if err != nil {
			return err
		}
		if err := client.Rcpt(address.Address); err != nil {
			return err
		}
		to = append(to, address.String())
	}
	body, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := body.Write(compose(m, to)); err != nil {
		return err
	}
	if err := body.Close(); err != nil {
		return err
	}
	return client.Quit()
}

var oneLine = strings.NewReplacer("\r", "", "\n", " ")

// compose formats a message. The subject comes from the creator of the
// alert, so no line of it may become a header.
func compose(m store.Message, recipients []string) []byte {
	var text strings.Builder
	header := func(name, value string) {
		fmt.Fprintf(&text, "%s: %s\r\n", name, value)
	}
	header("From", sender)
	header("To", strings.Join(recipients, ", "))
	header("Subject", mime.QEncoding.Encode("utf-8", oneLine.Replace(m.Subject)))
	header("Date", time.Unix(m.CreatedAt, 0).UTC().Format(time.RFC1123Z))
	header("Message-Id", "<"+m.ID+"@openai-emulator.invalid>")
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	text.WriteString("\r\n" + strings.ReplaceAll(m.Body, "\n", "\r\n"))
	return []byte(text.String())
}
