package playground

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// serveSMTP takes mail for the users of the world, at whatever domain. User
// may log in.
func serveSMTP(w *World, l net.Listener) {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &postman{w: w}, nil }))
	s.Domain = "playground.test"
	s.TLSConfig = w.identity.config(nil)
	s.MaxMessageBytes = maxFile
	s.AllowInsecureAuth = true
	s.EnableSMTPUTF8, s.EnableBINARYMIME, s.EnableDSN, s.EnableREQUIRETLS = true, true, true, true
	s.ErrorLog = log.New(io.Discard, "", 0)
	// It ends when the listener does; then its conversations are waited for.
	_ = s.Serve(l)
	_ = s.Shutdown(context.Background())
}

// A postman takes the mail of one client.
type postman struct {
	w    *World
	from string
	to   []string
}

// Mail begins a transaction.
func (p *postman) Mail(from string, _ *smtp.MailOptions) error {
	p.from, p.to = from, nil
	return nil
}

// Rcpt takes recipients that are users. Some names stand for what may go
// wrong.
func (p *postman) Rcpt(to string, _ *smtp.RcptOptions) error {
	name, _, _ := strings.Cut(to, "@")
	switch name = strings.ToLower(name); {
	case name == "later":
		return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 1}, Message: "this mailbox is busy, try later"}
	case name == "full":
		return &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 2, 2}, Message: "this mailbox is full"}
	case p.w.users[name] == "":
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user here"}
	}
	p.to = append(p.to, name)
	return nil
}

// Data puts the message into the mailboxes.
func (p *postman) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	head := "Return-Path: <" + p.from + ">\r\nReceived: from a client by playground.test; " + time.Now().Format(time.RFC1123Z) + "\r\n"
	for _, name := range p.to {
		if _, ok := p.w.mail.box(name, inbox).add([]byte(head+string(data)), time.Now()); !ok {
			return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "the mailbox is full"}
		}
	}
	return nil
}

// Reset ends a transaction.
func (p *postman) Reset() { p.to = nil }

// Logout ends the conversation.
func (p *postman) Logout() error { return nil }

// AuthMechanisms lists the ways to log in.
func (p *postman) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth is a login.
func (p *postman) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if want, known := p.w.users[user]; known && password == want {
			return nil
		}
		return errors.New("no such user, or another password")
	}), nil
}
