package emulator_test

import (
	"errors"
	"io"
	"mime"
	"net"
	"net/http/httptest"
	"net/mail"
	"net/textproto"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// delivery is a message that a mail server was given.
type delivery struct {
	recipients []string
	text       string
}

// mailServer takes in mail on this machine, and refuses recipients at
// "refused.example".
func mailServer(t *testing.T) (address string, deliveries <-chan delivery) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	received := make(chan delivery, 10)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			if err := takeMail(textproto.NewConn(connection), received); err != nil && !errors.Is(err, io.EOF) {
				t.Error(err)
			}
		}
	}()
	return listener.Addr().String(), received
}

func takeMail(c *textproto.Conn, received chan<- delivery) (err error) {
	defer func() { err = errors.Join(err, c.Close()) }()
	reply := "220 ready"
	var d delivery
	for {
		if err := c.PrintfLine("%s", reply); err != nil {
			return err
		}
		line, err := c.ReadLine()
		if err != nil {
			return err
		}
		reply = "250 fine"
		switch verb, rest, _ := strings.Cut(line, " "); verb {
		case "RCPT":
			if strings.Contains(rest, "refused.example") {
				reply = "550 unknown"
			}
			d.recipients = append(d.recipients, rest)
		case "DATA":
			if err := c.PrintfLine("354 go on"); err != nil {
				return err
			}
			text, err := c.ReadDotBytes()
			if err != nil {
				return err
			}
			d.text = string(text)
			received <- d
			d = delivery{}
		case "QUIT":
			return c.PrintfLine("221 bye")
		}
	}
}

func TestAlertsAreMailed(t *testing.T) {
	address, received := mailServer(t)
	server, err := emulator.New(emulator.Options{Seed: busy(), Now: newClock().Now, SMTP: address})
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	defer listener.Close()
	o := &organization{server, listener.URL, server.AdminKey()}
	dev := o.application(t, o.project(t, "dév"))
	path := "/organization/projects/" + dev.project + "/spend_alerts"
	o.do(t, "POST", path, `{"threshold_amount":0,"currency":"USD","interval":"month",
		"notification_channel":{"type":"email","recipients":["Ada <a@example.com>","b@example.com"],"subject_prefix":"a\r\nBcc: x@example.com"}}`)
	dev.do(t, "POST", chat, hello)

	d := <-received
	expect(t, "recipients", strings.Join(d.recipients, " "), "TO:<a@example.com> TO:<b@example.com>")
	message, err := mail.ReadMessage(strings.NewReader(d.text))
	if err != nil {
		t.Fatal(err)
	}
	if message.Header.Get("Bcc") != "" {
		t.Error("the prefix of the subject has become a header")
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "subject", subject, "a Bcc: x@example.com Spend alert: project dév has reached $0.00 this month")
	expect(t, "content type", message.Header.Get("Content-Type"), "text/plain; charset=utf-8")
	body, err := io.ReadAll(message.Body)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(body), "The spend of project dév in November 2026 is $0.00")

	// A message that cannot be delivered is reported, and delays no other.
	o.do(t, "POST", path, strings.Replace(alertAt(0), "a@example.com", "x@refused.example", 1))
	dev.do(t, "POST", chat, hello)
	o.do(t, "POST", path, alertAt(0))
	dev.do(t, "POST", chat, hello)
	<-received
	sent := messages(t, o)
	expect(t, "deliveries", sent[0].text("delivery")+" "+sent[1].text("delivery"), "sent failed")
	contains(t, sent[1].text("failure"), "550")
	if err := server.Close(); err != nil {
		t.Error(err)
	}
}
